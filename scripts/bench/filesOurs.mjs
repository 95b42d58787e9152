// One run of `npm run bench` in a process of its own: filesOurs.mjs list|read FILE [NAME…]
import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {register} from 'tsx/esm/api'

register({tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url))})
const {fileSource} = await import('../../bin/fileSource.ts')
const {openArchive, readers} = await import('../../lib/formats/openArchive.ts')
// As PyTorch's and safetensors' are, which are one module each.
await Promise.all([readers.torchZip(), readers.safetensors()])

const [task, path, ...names] = process.argv.slice(2)
const status = (key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1])

// Forgets the highest mark so far (Linux, proc(5)), so that it tells of this work alone.
writeFileSync('/proc/self/clear_refs', '5')
const before = status('VmRSS')
const began = performance.now()
const file = await fileSource(path)
let bytes = 0
const source = {
  ...file,
  read: (offset, length) => {
    bytes += length
    return file.read(offset, length)
  }
}
const archive = await openArchive(source)
let sum = 0
if (task === 'read') for (const name of names) sum += Number((await archive.read(name)).values[0])
const ms = performance.now() - began
console.log(JSON.stringify({ms, bytes, peak: (status('VmHWM') - before) * 1024, tensors: archive.entries.length, sum}))
await file.close()
