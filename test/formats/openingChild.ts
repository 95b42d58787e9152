// Opens one of the bombs in a process of its own and tells how much memory that took.
import {openArchive} from '@/lib/formats/openArchive'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {bombs, expansions} from './bombs'

const gc = (globalThis as {gc?: () => void}).gc ?? (() => {})

process.once('message', async (name: string) => {
  const file = memorySource({...bombs, ...expansions}[name]!(), 'bomb')
  let read = 0
  const source = {
    ...file,
    read: (offset: number, length: number) => {
      read += length
      return file.read(offset, length)
    }
  }
  // Everything that opening needs has been used once.
  await openArchive(memorySource(new TextEncoder().encode('[[1]]'), 'table.json'))
  gc()
  const before = process.memoryUsage.rss()
  const began = process.cpuUsage()
  let result = 0
  const said = await opened(source, name in expansions).then(
    ({tensors, bytes}) => {
      result = bytes
      return `${tensors} tensors`
    },
    (error: unknown) => (error instanceof Error && error.name === 'FormatError' ? error.message : String(error))
  )
  const {user, system} = process.cpuUsage(began)
  const memory = 1024 * process.resourceUsage().maxRSS - before
  process.send!({said, memory, read, result, cpuMs: (user + system) / 1000}, () => process.disconnect())
})

async function opened(source: ByteSource, reading: boolean): Promise<{tensors: number; bytes: number}> {
  const {entries, read} = await openArchive(source)
  let bytes = 0
  if (reading) for (const {name} of entries) bytes += (await read(name)).values.byteLength
  return {tensors: entries.length, bytes}
}
