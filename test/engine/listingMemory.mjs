// Lists the tensors of the file at an address and measures what that takes: node --expose-gc listingMemory.mjs ADDRESS
import {fileURLToPath} from 'node:url'
import {register} from 'tsx/esm/api'

register({tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url))})
const {httpAddress} = await import('../../lib/formats/http/httpAddress.ts')
const {httpSource} = await import('../../lib/formats/http/httpSource.ts')
const {openArchive} = await import('../../lib/formats/openArchive.ts')

/** What lives on the heap and beside it, in bytes, garbage included. */
const held = () => {
  const {heapUsed, external} = process.memoryUsage()
  return heapUsed + external
}

// A first request loads Node's own client, which belongs to nobody's file.
const address = httpAddress(process.argv[2])
await httpSource(address)
globalThis.gc()
const before = held()
let peak = before
const look = () => {
  peak = Math.max(peak, held())
}
const timer = setInterval(look, 1)
const source = await httpSource(address, {onBytes: look})
const archive = await openArchive(source)
look()
clearInterval(timer)
process.stdout.write(
  JSON.stringify({
    format: archive.format,
    size: source.size,
    tensors: archive.entries.length,
    fetched: source.remote.fetched(),
    peak: peak - before
  })
)
process.exit(0)
