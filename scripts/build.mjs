import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {nextBin, root, runNode, StepError} from './child.mjs'
import {putStandalone} from './standalone.mjs'

// What the built app is made of. Files under public are served from disk as they are, so they need no build.
const folders = ['app', 'components', 'lib']
const files = ['instrumentation.ts', 'next.config.js', 'proxy.ts', 'tsconfig.json', 'package.json', 'package-lock.json']
const stampPath = join(root, '.next', 'sources.sha256')

/**
 * Builds the app, unless the last build was made from these very sources. What exported pages carry is packed every
 * time: it takes a moment, and can neither be missing nor old.
 */
export async function build() {
  await putStandalone()
  const sources = await hashOfSources()
  if ((await builtFrom()) === sources) return
  console.log('Building the app: its sources have changed since the last build, or there is none.')
  if ((await runNode(nextBin, ['build'])) !== 0) {
    throw new StepError('the app did not build; next build says above at which line')
  }
  await writeFile(stampPath, sources)
}

/** SHA-256 over the names and contents of everything the app is built from, in hexadecimal. */
export async function hashOfSources(top = root) {
  const hash = createHash('sha256')
  for (const path of await sourcesIn(top)) {
    const bytes = await readFile(join(top, path))
    // Lengths keep a byte from moving between one file and the next unnoticed.
    hash.update(`${path}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

async function sourcesIn(top) {
  const inFolders = await Promise.all(folders.map((folder) => filesUnder(top, folder)))
  return [...inFolders.flat(), ...files.filter((file) => existsSync(join(top, file)))].sort()
}

async function filesUnder(top, folder) {
  if (!existsSync(join(top, folder))) return []
  const entries = await readdir(join(top, folder), {recursive: true, withFileTypes: true})
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(join(top, '/').length)
        .replaceAll('\\', '/')
    )
}

async function builtFrom() {
  if (!existsSync(join(root, '.next', 'BUILD_ID'))) return null
  return await readFile(stampPath, 'utf8').catch(() => null)
}
