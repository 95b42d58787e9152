import {FormatError} from '@/lib/core/errors'
import type {FileValue, Finding, TensorArchive, TensorEntry} from '../archive'
import {ConvertedStorage} from '../converted'
import {elementSize} from '../elements'
import {lazyArchive} from '../lazyArchive'
import {refuseOverlap} from '../overlap'
import {sizeText} from '../sizeText'
import type {ByteSource} from '../source'
import {SourceCursor} from '../sourceCursor'
import {Stretch} from '../stretch'
import {elementCount, entryOf, PackedTensor, type StridedTensor} from '../stridedTensor'
import {ggufType} from './blocks'
import {metadataValue, nameOf} from './metadata'

// The GGUF format (ggml, docs/gguf.md), versions 2 and 3: counts, metadata, the table of tensors, then their bytes.

const mostTensors = 65_536
const mostMetadata = 10_000

interface Slot {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: number
  readonly offset: number
}

/** A GGUF file. Q8_0 and Q4_0 are dequantised to f32; other quantised tensors are listed by name and left out. */
export async function openGguf(source: ByteSource): Promise<TensorArchive> {
  const cursor = new SourceCursor(source, 'GGUF')
  const {tensorCount, metadataCount} = await readCounts(cursor)
  const metadata = new Map<FileValue, FileValue>()
  for (let i = 0; i < metadataCount; i++) metadata.set(await nameOf(cursor, 'a key'), await metadataValue(cursor))
  const slots: Slot[] = []
  for (let i = 0; i < tensorCount; i++) slots.push(await readSlot(cursor))
  const alignment = metadata.get('general.alignment') ?? 32
  if (typeof alignment !== 'number' || !(alignment >= 1 && alignment <= 1 << 20)) {
    throw new FormatError('GGUF: the alignment of its tensors is not a number of bytes; the file is damaged')
  }
  return archiveOf(source, slots, Math.ceil(cursor.position / alignment) * alignment, metadata)
}

async function readCounts(cursor: SourceCursor) {
  await cursor.need(24)
  cursor.skip(4)
  const version = cursor.u32()
  if (version > 0xffff) throw new FormatError('GGUF: saved for a big-endian machine; a little-endian file is needed')
  if (version !== 2 && version !== 3) throw new FormatError(`GGUF: version ${version} of the format; 2 and 3 are read`)
  const tensorCount = cursor.u64()
  const metadataCount = cursor.u64()
  if (tensorCount > mostTensors || metadataCount > mostMetadata) {
    throw new FormatError(
      `GGUF: claims ${tensorCount} tensors and ${metadataCount} facts about them; at most ${mostTensors} and ${mostMetadata} are read`
    )
  }
  return {tensorCount, metadataCount}
}

async function readSlot(cursor: SourceCursor): Promise<Slot> {
  const name = await nameOf(cursor, 'the name of a tensor')
  await cursor.need(4)
  const rank = cursor.u32()
  if (rank > 64) throw new FormatError(`GGUF: ${name} has ${rank} axes; at most 64 are read`)
  await cursor.need(8 * rank + 12)
  // The fastest axis stands first.
  const shape = Array.from({length: rank}, () => cursor.u64()).reverse()
  return {name, shape, type: cursor.u32(), offset: cursor.u64()}
}

function archiveOf(
  source: ByteSource,
  slots: readonly Slot[],
  dataStart: number,
  metadata: ReadonlyMap<FileValue, FileValue>
): TensorArchive {
  const tensors = new Map<TensorEntry, StridedTensor>()
  const contents = new Map<FileValue, FileValue>()
  const findings: Finding[] = []
  const ranges: {name: string; start: number; end: number}[] = []
  const names = new Set<string>()
  for (const slot of slots) {
    const {name, shape} = slot
    if (names.has(name)) throw new FormatError(`GGUF: two tensors are named ${name}; the file is damaged`)
    names.add(name)
    const {tensor, fileBytes} = tensorOf(source, slot, dataStart)
    ranges.push({name, start: slot.offset, end: slot.offset + fileBytes})
    if (typeof tensor === 'string') {
      const text = `${name}: tensor of shape (${shape.join(', ')}), ${tensor}, left out, since of the quantised kinds only Q8_0 and Q4_0 are read`
      findings.push({kind: 'skipped', text})
      continue
    }
    const entry = entryOf(name, tensor)
    tensors.set(entry, tensor)
    contents.set(name, entry)
  }
  refuseOverlap('GGUF', ranges)
  contents.set('__metadata__', metadata)
  return lazyArchive({format: 'GGUF', source, tensors, contents, findings})
}

/** The tensor, or the name of a kind that is not read, and the bytes it takes in the file. */
function tensorOf(
  source: ByteSource,
  {name, shape, type, offset}: Slot,
  dataStart: number
): {readonly tensor: StridedTensor | string; readonly fileBytes: number} {
  const kind = ggufType(type)
  const count = elementCount(shape, `GGUF: ${name}`)
  const [size, per] = kind.kind === 'plain' ? [elementSize[kind.dtype], 1] : [kind.bytes ?? 0, kind.elements ?? 1]
  if ((shape.at(-1) ?? 1) % per !== 0) {
    throw new FormatError(`GGUF: ${name} has rows of ${shape.at(-1)}; ${kind.name} needs a multiple of ${per}`)
  }
  const fileBytes = (count / per) * size
  const start = dataStart + offset
  if (start + fileBytes > source.size) {
    throw new FormatError(
      `GGUF: ${name} lies at bytes ${start} to ${start + fileBytes}, the file has ${source.size} (${sizeText(source.size)}); the download may be incomplete`
    )
  }
  if (kind.kind === 'unread') return {tensor: kind.name, fileBytes}
  const raw = new Stretch(source, start, fileBytes)
  if (kind.kind === 'plain') return {tensor: new PackedTensor(raw, kind.dtype, shape), fileBytes}
  const storage = new ConvertedStorage(raw, size, kind.convert, per)
  return {tensor: new PackedTensor(storage, 'f32', shape, 0, kind.name), fileBytes}
}
