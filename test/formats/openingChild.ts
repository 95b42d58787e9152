// Opens one file in a process of its own and tells how much memory that took: one of the bombs, or files on the disk.
import {readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {fileSet} from '@/lib/formats/fileSet'
import {openArchive} from '@/lib/formats/openArchive'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {bombs, expansions} from './bombs'
import type {Measured, Opening} from './openedAlone'

const gc = (globalThis as {gc?: () => void}).gc ?? (() => {})

process.once('message', async (opening: Opening) => {
  let read = 0
  const counted = (source: ByteSource): ByteSource => ({
    ...source,
    read: (offset, length) => {
      read += length
      return source.read(offset, length)
    }
  })
  const [first, ...others] = filesOf(opening).map(counted)
  const source = others.length === 0 ? first! : fileSet([first!, ...others])
  const open = await opener(opening)
  // Everything that opening needs has been used once.
  await open(memorySource(new TextEncoder().encode('[[1]]'), 'table.json'))
  gc()
  const before = process.memoryUsage.rss()
  const began = process.cpuUsage()
  const {said, result} = await open(source).then(
    ({tensors, bytes}) => ({said: `${tensors} tensors`, result: bytes}),
    (error: unknown) => ({
      said: error instanceof Error && error.name === 'FormatError' ? error.message : String(error),
      result: 0
    })
  )
  const {user, system} = process.cpuUsage(began)
  const memory = 1024 * process.resourceUsage().maxRSS - before
  const measured: Measured = {said, memory, read, result, cpuMs: (user + system) / 1000}
  process.send!(measured, () => process.disconnect())
})

const filesOf = (opening: Opening): ByteSource[] =>
  'bomb' in opening
    ? [memorySource({...bombs, ...expansions}[opening.bomb]!(), 'bomb')]
    : opening.files.map((path) => memorySource(new Uint8Array(readFileSync(path)), basename(path)))

type Open = (source: ByteSource) => Promise<{readonly tensors: number; readonly bytes: number}>

/** A bomb is opened, one that expands is read, and an honest file is looked through for every model it may hold. */
async function opener(opening: Opening): Promise<Open> {
  if ('files' in opening) {
    const {inspect} = await import('@/lib/engine/fileReport')
    return async (source) => ({tensors: (await inspect(source)).entries.length, bytes: 0})
  }
  return async (source) => {
    const {entries, read} = await openArchive(source)
    let bytes = 0
    if (opening.bomb in expansions) for (const {name} of entries) bytes += (await read(name)).values.byteLength
    return {tensors: entries.length, bytes}
  }
}
