import {FormatError} from '@/lib/core/errors'
import type {DType, FileValue, Finding, TensorArchive, TensorEntry} from './archive'
import {float8Storage} from './converted'
import {elementSize} from './elements'
import {lazyArchive} from './lazyArchive'
import {refuseOverlap} from './overlap'
import {sizeText} from './sizeText'
import type {ByteSource} from './source'
import {Stretch} from './stretch'
import {elementCount, entryOf, PackedTensor, type StridedTensor} from './stridedTensor'
import {parsedJson} from './text/json'
import {isRecord} from './text/jsonRecord'

// The safetensors format: an 8-byte header length, a JSON header, the tensors' bytes.

const longestHeader = 100e6
const dtypes: ReadonlyMap<string, DType> = new Map([
  ['F64', 'f64'],
  ['F32', 'f32'],
  ['F16', 'f16'],
  ['BF16', 'bf16'],
  ['I64', 'i64'],
  ['I32', 'i32'],
  ['I16', 'i16'],
  ['I8', 'i8'],
  ['U64', 'u64'],
  ['U32', 'u32'],
  ['U16', 'u16'],
  ['U8', 'u8'],
  ['BOOL', 'bool']
])

const float8s: ReadonlyMap<string, 'e4m3fn' | 'e5m2'> = new Map([
  ['F8_E4M3', 'e4m3fn'],
  ['F8_E5M2', 'e5m2']
])

interface Slot {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly start: number
  readonly end: number
}

/** A safetensors file. Its tensors may neither overlap nor leave the file; unused bytes are allowed and noted. */
export async function openSafetensors(source: ByteSource): Promise<TensorArchive> {
  const {header, dataStart} = await readHeader(source)
  const dataSize = source.size - dataStart
  const slots = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => verifySlot(name, value, dataSize))
    .sort((a, b) => a.start - b.start || a.end - b.end)
  const findings: Finding[] = notesOnGaps(slots, dataSize)
  const tensors = new Map<TensorEntry, StridedTensor>()
  const contents = new Map<FileValue, FileValue>()
  for (const {name, dtype: spelled, shape, start, end} of slots) {
    const layout = float8s.get(spelled)
    const dtype = layout ? 'f32' : dtypes.get(spelled)
    if (!dtype) {
      findings.push({
        kind: 'skipped',
        text: `${name}: tensor of shape (${shape.join(', ')}), ${spelled}, left out, since only plain numbers and booleans are read`
      })
      continue
    }
    const needed = elementCount(shape, `safetensors: ${name}`) * (layout ? 1 : elementSize[dtype])
    if (end - start !== needed) {
      throw new FormatError(
        `safetensors: ${name} has shape (${shape}) of ${layout ? spelled : dtype}, ${needed} bytes, and is given ${end - start}; the file is damaged`
      )
    }
    const raw = new Stretch(source, dataStart + start, needed)
    const tensor = layout
      ? new PackedTensor(float8Storage(layout, raw), dtype, shape, 0, `float8_${layout}`)
      : new PackedTensor(raw, dtype, shape)
    const entry = entryOf(name, tensor)
    tensors.set(entry, tensor)
    contents.set(name, entry)
  }
  const metadata = metadataOf(header)
  if (metadata) contents.set('__metadata__', metadata)
  return lazyArchive({format: 'safetensors', source, tensors, contents, findings})
}

async function readHeader(source: ByteSource): Promise<{header: Record<string, unknown>; dataStart: number}> {
  const first = await source.read(0, 8)
  const length = Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true))
  if (8 + length > source.size) {
    throw new FormatError(
      `safetensors: header claims ${sizeText(length)}, file is ${sizeText(source.size)}; the download may be incomplete`
    )
  }
  if (length > longestHeader) {
    throw new FormatError(
      `safetensors: header claims ${sizeText(length)}, the format allows ${sizeText(longestHeader)}`
    )
  }
  const header = parsedJson(await source.read(8, length), 'safetensors')
  if (!isRecord(header))
    throw new FormatError('safetensors: the header is not a JSON object of tensors; the file is damaged')
  return {header, dataStart: 8 + length}
}

function verifySlot(name: string, value: unknown, dataSize: number): Slot {
  const {dtype, shape, data_offsets: offsets} = isRecord(value) ? value : {}
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw new FormatError(
      `safetensors: ${shortened(name)} has no dtype, shape and two data_offsets in whole numbers; the file is damaged`
    )
  }
  const [start, end] = offsets as [number, number]
  if (start > end || end > dataSize) {
    throw new FormatError(
      `safetensors: ${shortened(name)} lies at bytes ${start} to ${end}, the file holds ${dataSize} of tensors; the download may be incomplete`
    )
  }
  return {name, dtype: shortened(dtype), shape, start, end}
}

function notesOnGaps(slots: readonly Slot[], dataSize: number): Finding[] {
  refuseOverlap('safetensors', slots)
  const unused = slots.reduce((rest, {start, end}) => rest - (end - start), dataSize)
  return unused > 0 ? [{kind: 'note', text: `${sizeText(unused)} of the file belong to no tensor`}] : []
}

function metadataOf(header: Record<string, unknown>): FileValue | null {
  const metadata = header.__metadata__
  if (!isRecord(metadata)) return null
  return new Map(
    Object.entries(metadata).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
  )
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every((part) => Number.isSafeInteger(part) && part >= 0)
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
