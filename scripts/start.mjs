// npm start: installs what is missing, builds when sources changed, serves, says where.
import {build} from './build.mjs'
import {askedToStop, ended, nextBin, StepError, startNode} from './child.mjs'
import {install} from './install.mjs'
import {requireFree, wantedPort} from './port.mjs'
import {copyWasm} from './wasm.mjs'

try {
  const port = wantedPort()
  // Before anything slow: nobody should wait for a build to hear this.
  await requireFree(port)
  await install()
  await copyWasm()
  await build()
  process.exitCode = await serve(port)
} catch (error) {
  if (!(error instanceof StepError)) throw error
  console.error(`density-lens: ${error.message}`)
  process.exitCode = 1
}

// Next is started by its own script, not through npx, so that the process we end is the one that holds the port.
async function serve(port) {
  const server = startNode(nextBin, ['start', '--port', String(port)])
  let serving = true
  const end = ended(server).finally(() => {
    serving = false
  })
  const address = `http://localhost:${port}`
  while (serving && !(await answers(address))) await new Promise((resolve) => setTimeout(resolve, 50))
  if (serving) console.log(`\nDensity Lens is at ${address}   (Ctrl+C stops it)\n`)
  const status = await end
  return askedToStop() ? 0 : (status ?? 1)
}

const answers = (address) =>
  fetch(address, {method: 'HEAD', signal: AbortSignal.timeout(10_000)}).then(
    () => true,
    () => false
  )
