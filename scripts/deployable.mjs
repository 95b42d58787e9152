// npm run deployable -- FOLDER: the built app with all that it needs to run, and nothing else. node FOLDER/server.js serves it.
import {existsSync} from 'node:fs'
import {cp, mkdir, readdir} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from './build.mjs'
import {root, StepError} from './child.mjs'
import {install} from './install.mjs'
import {copyWasm} from './wasm.mjs'

/** Puts the built app into a folder that is empty or not there yet. Throws StepError when it cannot. */
export async function deployable(folder) {
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new StepError(`${folder} is not empty; needed a folder of its own`)
  await mkdir(folder, {recursive: true})
  await cp(join(root, '.next/standalone'), folder, {recursive: true, verbatimSymlinks: true})
  // Left to content networks by Next; here the same server gives them.
  await cp(join(root, '.next/static'), join(folder, '.next/static'), {recursive: true})
  await cp(join(root, 'public'), join(folder, 'public'), {recursive: true})
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const [folder] = process.argv.slice(2)
    if (!folder) throw new StepError('no folder was given; needed npm run deployable -- FOLDER')
    await install()
    await copyWasm()
    await build()
    await deployable(resolve(folder))
    console.log(`node ${join(folder, 'server.js')} serves it, on PORT or 3000`)
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    console.error(`density-lens: ${error.message}`)
    process.exitCode = 1
  }
}
