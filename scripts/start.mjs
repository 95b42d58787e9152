// npm start: installs what is missing, builds when sources changed, serves, says where.
import {build} from './build.mjs'
import {askedToStop, StepError} from './child.mjs'
import {install} from './install.mjs'
import {requireFree, wantedPort} from './port.mjs'
import {serve} from './serve.mjs'
import {copyWasm} from './wasm.mjs'

try {
  const port = wantedPort()
  // First of all: nobody should wait for a build to hear this.
  await requireFree(port)
  await install()
  await copyWasm()
  await build()
  process.exitCode = await serve(port)
} catch (error) {
  if (!(error instanceof StepError)) throw error
  if (!askedToStop()) console.error(`density-lens: ${error.message}`)
  process.exitCode = 1
}
