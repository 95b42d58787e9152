import {FormatError} from '@/lib/core/errors'
import type {DType} from '../archive'
import {float8Storage} from '../converted'
import {elementSize} from '../elements'
import type {ByteSource} from '../source'
import type {SourceCursor} from '../sourceCursor'
import {Stretch} from '../stretch'
import {elementCount, PackedTensor, type Storage, type StridedTensor} from '../stridedTensor'
import {type Field, fieldsOf, varintsIn} from './protobuf'

/** Where an initialiser lies when that is another file, as TensorProto.external_data says it. */
export interface External {
  readonly location: string
  readonly offset: number
  /** In bytes; null where it is not said. */
  readonly length: number | null
}

/** An initialiser as onnx.proto's TensorProto describes it. */
export interface OnnxTensor {
  readonly name: string
  readonly shape: readonly number[]
  /** The tensor, or in words why it is left out. */
  readonly tensor: StridedTensor | string
  readonly external: External | null
}

/** The file of this name that came along, if one did. */
export type Beside = (location: string) => ByteSource | undefined

type Element = {readonly dtype: DType; readonly float8?: 'e4m3fn' | 'e5m2'} | string

// TensorProto.DataType; a word where we do not turn it into numbers.
const elements: ReadonlyMap<number, Element> = new Map<number, Element>([
  [1, {dtype: 'f32'}],
  [2, {dtype: 'u8'}],
  [3, {dtype: 'i8'}],
  [4, {dtype: 'u16'}],
  [5, {dtype: 'i16'}],
  [6, {dtype: 'i32'}],
  [7, {dtype: 'i64'}],
  [8, 'STRING'],
  [9, {dtype: 'bool'}],
  [10, {dtype: 'f16'}],
  [11, {dtype: 'f64'}],
  [12, {dtype: 'u32'}],
  [13, {dtype: 'u64'}],
  [14, 'COMPLEX64'],
  [15, 'COMPLEX128'],
  [16, {dtype: 'bf16'}],
  [17, {dtype: 'u8', float8: 'e4m3fn'}],
  [18, 'FLOAT8E4M3FNUZ'],
  [19, {dtype: 'u8', float8: 'e5m2'}],
  [20, 'FLOAT8E5M2FNUZ'],
  [21, 'UINT4'],
  [22, 'INT4'],
  [23, 'FLOAT4E2M1']
])

// Field numbers of the lists that may hold the values, and whether they are spelled as varints.
const float32s = 4
const int32s = 5
const int64s = 7
const rawData = 9
const float64s = 10
const uint64s = 11
const valueFields = new Set([float32s, int32s, int64s, rawData, float64s, uint64s])
const asVarints = new Set([int32s, int64s, uint64s])

/** Reads what a TensorProto says of itself; its values stay where they are. */
export async function onnxTensor(
  cursor: SourceCursor,
  source: ByteSource,
  field: Field,
  beside: Beside = () => undefined
): Promise<OnnxTensor> {
  cursor.position = field.start
  const shape: number[] = []
  let name = ''
  let type = 0
  const said = new Map<string, string>()
  let isOutside = false
  let scattered = false
  let values: Field | null = null
  for await (const part of fieldsOf(cursor, field.end)) {
    if (part.number === 1) shape.push(...(await dimsOf(cursor, part)))
    else if (part.number === 2) type = Number(part.value)
    else if (part.number === 8) name = await textOf(cursor, part)
    else if (part.number === 13) said.set(...(await externalFact(cursor, part)))
    else if (part.number === 14 && part.value === 1n) isOutside = true
    else if (valueFields.has(part.number)) {
      scattered ||= values !== null || part.wire !== 2
      values = part
    }
    if (shape.length > 64) throw new FormatError(`ONNX: ${name} has more than 64 axes; fewer are read`)
  }
  const external = isOutside || said.size > 0 ? externalOf(said) : null
  const other = external && beside(external.location)
  const tensor =
    external !== null
      ? other
        ? outside(other, name, shape, type, external)
        : `kept in ${external.location}, outside this file`
      : scattered
        ? 'its numbers one by one in many fields'
        : located(source, name, shape, type, values)
  return {name, shape, tensor, external}
}

function located(
  source: ByteSource,
  name: string,
  shape: readonly number[],
  type: number,
  values: Field | null
): StridedTensor | string {
  const element = elements.get(type) ?? `type ${type}`
  if (typeof element === 'string') return element
  const {dtype, float8: layout} = element
  const count = elementCount(shape, `ONNX: ${name}`)
  const needed = count * elementSize[dtype]
  const {start, end, number} = values ?? {start: 0, end: 0, number: rawData}
  const length = end - start
  const spelled = asVarints.has(number)
  if (spelled ? length < count : length !== needed) {
    throw new FormatError(
      `ONNX: ${name} has shape (${shape}) of ${dtype}, ${needed} bytes, and is given ${length}; the file is damaged`
    )
  }
  const storage = spelled
    ? varintStorage(() => source.read(start, length), count, dtype, name)
    : new Stretch(source, start, needed)
  if (!layout) return new PackedTensor(storage, dtype, shape)
  return new PackedTensor(float8Storage(layout, storage), 'f32', shape, 0, `float8_${layout}`)
}

// Varints have to be read from the first to find the last. A float of 16 bits is kept as its bit pattern.
function varintStorage(readAll: () => Promise<Uint8Array>, count: number, dtype: DType, name: string): Storage {
  const size = elementSize[dtype]
  return {
    byteLength: count * size,
    async read(offset, length) {
      const values = varintsIn(await readAll(), count, name)
      const bytes = new Uint8Array(length)
      const from = new Uint8Array(values.buffer)
      for (let at = 0; at < length; at++)
        bytes[at] = from[Math.floor((offset + at) / size) * 8 + ((offset + at) % size)]!
      return bytes
    }
  }
}

async function dimsOf(cursor: SourceCursor, {value, start, end, wire}: Field): Promise<number[]> {
  if (value !== null) return [Number(BigInt.asIntN(64, value))]
  if (wire !== 2 || end - start > 640)
    throw new FormatError('ONNX: a shape is not a list of lengths; the file is damaged')
  cursor.position = start
  await cursor.need(end - start)
  const bytes = Uint8Array.from({length: end - start}, () => cursor.u8())
  const count = bytes.filter((byte) => byte < 128).length
  return Array.from(varintsIn(bytes, count, 'a shape'), (length) => Number(BigInt.asIntN(64, length)))
}

/** The text of a field, of which at most 400 bytes are kept. */
export async function textOf(cursor: SourceCursor, {start, end}: Field): Promise<string> {
  const length = Math.min(400, end - start)
  cursor.position = start
  await cursor.need(length)
  return cursor.text(length)
}

// StringStringEntryProto: key, value.
async function externalFact(cursor: SourceCursor, {start, end}: Field): Promise<[key: string, value: string]> {
  cursor.position = start
  let key = ''
  let value = ''
  for await (const part of fieldsOf(cursor, end)) {
    if (part.number === 1) key = await textOf(cursor, part)
    if (part.number === 2) value = await textOf(cursor, part)
  }
  return [key, value]
}

function externalOf(said: ReadonlyMap<string, string>): External {
  const length = said.get('length')
  return {
    location: (said.get('location') ?? 'another file').replace(/^\.\//, '').slice(0, 100),
    offset: Number(said.get('offset') ?? 0),
    length: length === undefined ? null : Number(length)
  }
}

/** Values in another file: raw, from the offset on. */
function outside(
  file: ByteSource,
  name: string,
  shape: readonly number[],
  type: number,
  {offset, length}: External
): StridedTensor | string {
  const element = elements.get(type)
  const size = typeof element === 'object' ? elementCount(shape, `ONNX: ${name}`) * elementSize[element.dtype] : 0
  const isWhole = Number.isSafeInteger(offset) && offset >= 0 && offset + size <= file.size
  if (!isWhole || (length !== null && length !== size && typeof element === 'object')) {
    throw new FormatError(
      `ONNX: ${name} needs ${size} bytes at ${offset} of ${file.name}, which has ${file.size}${length === null ? '' : `, and says ${length}`}; the files do not belong together`
    )
  }
  return located(file, name, shape, type, {number: rawData, wire: 2, value: null, start: offset, end: offset + size})
}
