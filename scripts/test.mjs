// npm test: everything that proves the app, then one plain last line: "N passed, N failed".
import {existsSync, readFileSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {build} from './build.mjs'
import {nextBin, root, runNode, StepError} from './child.mjs'
import {findChromium} from './chromium.mjs'
import {install} from './install.mjs'
import {freePort} from './port.mjs'
import {countPlaywright, countVitest, total} from './tally.mjs'
import {copyWasm} from './wasm.mjs'

// A runner that hangs is a failure, and must not hold a machine for ever.
const timeout = 30 * 60_000
const bin = (path) => join(root, 'node_modules', path)
const reports = await mkdtemp(join(tmpdir(), 'density-lens-'))
const counts = []

async function everything() {
  let chromium
  await step('browser', async () => {
    chromium = await findChromium()
    console.log(`Testing in ${chromium}`)
  })
  await step('types', async () => {
    await succeed('next typegen', nextBin, ['typegen'])
    await succeed('tsc', bin('typescript/bin/tsc'), ['--noEmit'])
  })
  await step('lint and format', () =>
    succeed('biome', bin('@biomejs/biome/bin/biome'), ['check', '--error-on-warnings'])
  )

  // CI: a golden picture that is missing is a failure, not a new golden picture.
  const env = {CI: '1', ...(chromium ? {CHROMIUM: chromium} : {})}
  await suite('unit tests', countVitest, 'node', env)
  if (chromium) await suite('picture and GPU tests', countVitest, 'browser', env)
  if ((await step('build', build)) && chromium) await endToEnd(env)
}

/** Runs one thing that either holds or does not, and counts it. */
async function step(name, work) {
  console.log(`\n── ${name}`)
  try {
    await work()
    counts.push({passed: 1, failed: 0})
    return true
  } catch (error) {
    console.error(error instanceof StepError ? error.message : error)
    counts.push({passed: 0, failed: 1})
    return false
  }
}

async function succeed(name, script, args) {
  const status = await runNode(script, args, {timeout})
  if (status !== 0)
    throw new StepError(`${name} ended with ${status === null ? 'a signal' : `status ${status}`}; needed 0`)
}

async function suite(name, count, project, env) {
  const report = join(reports, `${project}.json`)
  // Vitest leaves a core to whoever types meanwhile; pages, which draw on every core, stay one at a time.
  const workers = project === 'node' ? ['--maxWorkers=100%'] : []
  const args = [
    'run',
    '--project',
    project,
    ...workers,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`
  ]
  console.log(`\n── ${name}`)
  const status = await runNode(bin('vitest/vitest.mjs'), args, {env, timeout})
  counts.push(count(read(report), status))
}

async function endToEnd(env) {
  const report = join(reports, 'e2e.json')
  console.log('\n── end-to-end tests')
  const status = await runNode(bin('@playwright/test/cli.js'), ['test', '--reporter=list,json'], {
    env: {...env, E2E_PORT: String(await freePort()), PLAYWRIGHT_JSON_OUTPUT_FILE: report},
    timeout
  })
  counts.push(countPlaywright(read(report), status))
}

const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null)

await step('packages', async () => {
  await install()
  await copyWasm()
})
if (total(counts).failed === 0) await everything()
await rm(reports, {recursive: true, force: true})

const {passed, failed} = total(counts)
process.exitCode = failed === 0 ? 0 : 1
console.log(`\n${passed} passed, ${failed} failed`)
