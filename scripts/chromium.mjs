import {existsSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {printed, root, run, runNode, StepError} from './child.mjs'

const {env, platform} = process

const commands = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge'
]
const macApplications = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const windowsPrograms = [
  'Google/Chrome/Application/chrome.exe',
  'Chromium/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe'
]

/**
 * A browser of the Chromium family: CHROMIUM if it is set, else one that is installed, else one that this installs
 * (Debian's package where we may, Playwright's own build elsewhere). Throws StepError when there is none to be had.
 */
export async function findChromium() {
  if (env.CHROMIUM) {
    if (existsSync(env.CHROMIUM)) return env.CHROMIUM
    throw new StepError(`CHROMIUM is ${env.CHROMIUM}, where there is no file; needed the path of a Chromium or Chrome`)
  }
  const found = await firstThatRuns([...installedPaths(), await playwrightPath()])
  return found ?? (await fromDebian()) ?? (await fromPlaywright())
}

/** Where this platform keeps browsers, best first; most of them will not exist. */
export function installedPaths() {
  if (platform === 'win32') {
    const tops = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(Boolean)
    return windowsPrograms.flatMap((program) => tops.map((top) => join(top, program)))
  }
  if (platform === 'darwin') {
    const tops = ['/Applications', join(env.HOME ?? '', 'Applications')]
    return macApplications.flatMap((name) => tops.map((top) => join(top, `${name}.app/Contents/MacOS/${name}`)))
  }
  const tops = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'].filter(Boolean)
  return commands.flatMap((name) => [...new Set(tops)].map((top) => join(top, name)))
}

async function firstThatRuns(paths) {
  for (const path of paths) {
    if (path && existsSync(path) && (await runs(path))) return path
  }
  return null
}

// On some systems `chromium` is a note that says how to install it. Windows would open a window.
const runs = async (path) => platform === 'win32' || (await printed(path, ['--version'])) !== null

async function playwrightPath() {
  const module = pathToFileURL(join(root, 'node_modules/playwright/index.mjs')).href
  const {chromium} = await import(module)
  return chromium.executablePath()
}

async function fromDebian() {
  if (platform !== 'linux' || process.getuid?.() !== 0 || (await printed('apt-get', ['--version'])) === null)
    return null
  console.log("Installing Debian's Chromium, because no browser was found.")
  const quiet = {env: {DEBIAN_FRONTEND: 'noninteractive'}}
  await run('apt-get', ['update', '-q'], quiet)
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], quiet)
  return firstThatRuns(installedPaths())
}

async function fromPlaywright() {
  console.log("Downloading Playwright's Chromium, because no browser was found.")
  await runNode(join(root, 'node_modules/playwright/cli.js'), ['install', 'chromium'])
  const path = await firstThatRuns([await playwrightPath()])
  if (path) return path
  throw new StepError('no Chromium was found and none could be installed; set CHROMIUM to the path of one')
}
