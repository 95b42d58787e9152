import {FormatError} from '@/lib/core/errors'
import type {DType, TensorEntry, TensorValues, TypedArray} from './archive'
import {elementSize, type RawArray, rawElements, swapBytes, widened} from './elements'
import {sizeText} from './sizeText'

/** A run of bytes that tensors look into, wherever it lies. `read` returns bytes that belong to the caller. */
export interface Storage {
  readonly byteLength: number
  readonly bigEndian?: boolean
  /** Each read unpacks all that stands before it, so reading by parts costs more than reading once. */
  readonly packed?: boolean
  read(offset: number, length: number): Promise<Uint8Array>
}

/** A tensor as a window on a storage; offset and strides count elements. */
export interface StridedTensor {
  readonly storage: Storage
  readonly dtype: DType
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  /** See TensorEntry. */
  readonly stored?: string | undefined
}

/** A tensor whose elements lie row-major without gaps, as nearly all do: its strides follow from its shape. */
export class PackedTensor implements StridedTensor {
  readonly storage: Storage
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly offset: number
  readonly stored: string | undefined

  constructor(storage: Storage, dtype: DType, shape: readonly number[], offset = 0, stored?: string) {
    this.storage = storage
    this.dtype = dtype
    this.shape = shape
    this.offset = offset
    this.stored = stored
  }

  get strides(): readonly number[] {
    return packedStrides(this.shape)
  }
}

// More axes than NumPy itself takes (64) are a sign of something else.
const maxRank = 64
// A tensor may be larger than the bytes it stands on (an expanded view), but not without bound.
const freeBytes = 16e6

/** Elements in a shape; FormatError when the shape is not one, or counts past what a number holds exactly. */
export function elementCount(shape: readonly number[], where: string): number {
  if (shape.length > maxRank) throw new FormatError(`${where}: ${shape.length} axes; at most ${maxRank} are read`)
  let count = 1
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new FormatError(
        `${where}: shape (${shape}) has an axis of length ${length}; lengths are whole and not negative`
      )
    }
    count *= length
    if (count * 16 > Number.MAX_SAFE_INTEGER) {
      throw new FormatError(`${where}: shape (${shape}) counts more elements than any file can hold`)
    }
  }
  return count
}

/** Row-major strides, in elements; column-major (Fortran) when `fortran`. */
export function packedStrides(shape: readonly number[], fortran = false): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  let step = 1
  for (let i = 0; i < shape.length; i++) {
    const axis = fortran ? i : shape.length - 1 - i
    strides[axis] = step
    step *= Math.max(1, shape[axis]!)
  }
  return strides
}

/** Throws FormatError unless every element of the tensor lies inside its storage. */
export function checkStrided({storage, dtype, offset, shape, strides}: StridedTensor, where: string): void {
  const count = elementCount(shape, where)
  const proper = [offset, ...strides].every((step) => Number.isSafeInteger(step) && step >= 0)
  if (!proper || strides.length !== shape.length) {
    throw new FormatError(
      `${where}: shape (${shape}) with strides (${strides}) from ${offset}; one whole stride per axis is needed, none negative`
    )
  }
  const end = count === 0 ? 0 : (offset + span(shape, strides)) * elementSize[dtype]
  if (end > storage.byteLength) {
    throw new FormatError(
      `${where}: shape (${shape}) of ${dtype} reaches byte ${end}, its storage has ${storage.byteLength}`
    )
  }
}

/** What the archive lists for a tensor. */
export function entryOf(name: string, {dtype, shape, stored}: StridedTensor): TensorEntry {
  const byteLength = elementCount(shape, name) * elementSize[dtype]
  return stored === undefined
    ? {kind: 'tensor', name, dtype, shape, byteLength}
    : {kind: 'tensor', name, dtype, stored, shape, byteLength}
}

/** Reads the bytes that the tensor spans and puts its values in row-major order. A packed f32 is a view: no copy. */
export async function readStrided(name: string, tensor: StridedTensor): Promise<TensorValues> {
  const {values} = await readStridedRaw(name, tensor)
  return {dtype: tensor.dtype, shape: tensor.shape, values}
}

/** The same, and the elements as they are stored, little-endian. */
export async function readStridedRaw(
  name: string,
  tensor: StridedTensor
): Promise<{readonly values: TypedArray; readonly raw: RawArray}> {
  const {storage, dtype, offset, shape, strides} = tensor
  const size = elementSize[dtype]
  const count = elementCount(shape, name)
  const length = count === 0 ? 0 : span(shape, strides)
  if (count * widenedSize(dtype) > 4 * length * size + freeBytes) {
    throw new FormatError(
      `${name}: ${sizeText(length * size)} repeated to ${sizeText(count * size)} by its strides; save a copy of the tensor with .contiguous() or .clone()`
    )
  }
  const bytes = ownBuffer(await storage.read(offset * size, length * size))
  if (storage.bigEndian) swapBytes(bytes, size)
  const stored = rawElements(dtype, bytes, length)
  const raw = isPacked(shape, strides) ? stored : gathered(stored, shape, strides, count)
  return {raw, values: widened(dtype, raw)}
}

// Halves become singles on the way.
const widenedSize = (dtype: DType): number => (dtype === 'f16' || dtype === 'bf16' ? 4 : elementSize[dtype])

// Elements from the first to the last, both included, of a tensor that has at least one.
function span(shape: readonly number[], strides: readonly number[]): number {
  return shape.reduce((last, length, axis) => last + (length - 1) * strides[axis]!, 1)
}

/** Whether these strides are those of `packedStrides`, wherever there is a second element to step to. */
export function isPacked(shape: readonly number[], strides: readonly number[]): boolean {
  const packed = packedStrides(shape)
  return shape.every((length, axis) => length <= 1 || strides[axis] === packed[axis])
}

function ownBuffer(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
}

function gathered(raw: RawArray, shape: readonly number[], strides: readonly number[], count: number): RawArray {
  const out = new (raw.constructor as {new (length: number): RawArray})(count)
  const inner = shape.length - 1
  const innerLength = shape[inner]!
  const innerStride = strides[inner]!
  const index = new Array<number>(inner).fill(0)
  for (let to = 0, from = 0; to < count; ) {
    for (let i = 0; i < innerLength; i++) out[to++] = raw[from + i * innerStride]!
    // Count up the outer axes, like an odometer.
    for (let axis = inner - 1; axis >= 0; axis--) {
      from += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return out
}
