import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {root, run, runNode, StepError} from './child.mjs'

/** Installs the pinned packages with `npm ci`, unless what is installed is what the lock asks for. */
export async function install() {
  const wanted = packagesIn('package-lock.json')
  if (!wanted) throw new StepError('package-lock.json is missing; needed a whole clone of the repository')
  // npm writes this file last, so an install that was broken off has none.
  const reason = whyInstall(wanted, packagesIn('node_modules/.package-lock.json'))
  if (!reason) return
  console.log(`Installing packages: ${reason}.`)
  if ((await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund'])) !== 0) {
    throw new StepError('npm ci did not finish; it needs the package registry and says above what it missed')
  }
}

/** Why packages must be installed, as a phrase, or null when they need not be. Both are `packages` of a lock file. */
export function whyInstall(wanted, installed) {
  if (!installed) return 'nothing is installed yet'
  for (const [path, {version, integrity, optional, devOptional}] of Object.entries(wanted)) {
    const found = installed[path]
    // The lock also lists packages for other platforms; `''` is the project itself.
    if (path === '' || (!found && (optional || devOptional))) continue
    if (!found) return `${nameOf(path)} is not installed`
    if (found.version !== version || found.integrity !== integrity) {
      return `${nameOf(path)} is ${found.version} where the lock says ${version}`
    }
  }
  const extra = Object.keys(installed).find((path) => !wanted[path])
  return extra === undefined ? null : `${nameOf(extra)} is not in the lock`
}

const nameOf = (path) => path.replace(/^.*node_modules\//, '')

function packagesIn(file) {
  const path = join(root, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : null
}

// On Windows npm is a script that only a shell can start; under `npm start` we are told where the real one is.
function runNpm(args) {
  const cli = process.env.npm_execpath
  if (cli?.endsWith('npm-cli.js')) return runNode(cli, args)
  return run('npm', args, {shell: process.platform === 'win32'})
}
