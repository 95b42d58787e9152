import type {DType, TypedArray} from './archive'

/** Bytes that one element takes in the file. */
export const elementSize: Readonly<Record<DType, number>> = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  i64: 8,
  i32: 4,
  i16: 2,
  i8: 1,
  u64: 8,
  u32: 4,
  u16: 2,
  u8: 1,
  bool: 1
}

/** Elements as the file stores them: 16-bit floats are still bit patterns. */
export type RawArray = TypedArray

/** A view of `count` elements over the start of `bytes`, which must start its own buffer. No copy. */
export function rawElements(dtype: DType, {buffer}: Uint8Array, count: number): RawArray {
  switch (dtype) {
    case 'f64':
      return new Float64Array(buffer, 0, count)
    case 'f32':
      return new Float32Array(buffer, 0, count)
    case 'f16':
    case 'bf16':
      return new Uint16Array(buffer, 0, count)
    case 'i64':
      return new BigInt64Array(buffer, 0, count)
    case 'i32':
      return new Int32Array(buffer, 0, count)
    case 'i16':
      return new Int16Array(buffer, 0, count)
    case 'i8':
      return new Int8Array(buffer, 0, count)
    case 'u64':
      return new BigUint64Array(buffer, 0, count)
    case 'u32':
      return new Uint32Array(buffer, 0, count)
    case 'u16':
      return new Uint16Array(buffer, 0, count)
    case 'u8':
    case 'bool':
      return new Uint8Array(buffer, 0, count)
  }
}

/** The values that raw elements stand for: 16-bit floats widened, booleans 0 or 1, everything else as it is. */
export function widened(dtype: DType, raw: RawArray): TypedArray {
  if (dtype === 'f16') return fromHalf(raw as Uint16Array)
  if (dtype === 'bf16') return fromBrainFloat(raw as Uint16Array)
  if (dtype === 'bool') return (raw as Uint8Array).map((byte) => (byte === 0 ? 0 : 1))
  return raw as TypedArray
}

/** Reverses the bytes of every element, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  if (size < 2) return
  for (let start = 0; start + size <= bytes.length; start += size) bytes.subarray(start, start + size).reverse()
}

/**
 * float8 as Open Compute's FP8 formats define it: `e5m2` is half a binary16, `e4m3fn` has no infinities and one NaN.
 */
export function float8(layout: 'e4m3fn' | 'e5m2', bits: number): number {
  if (layout === 'e5m2') return float16(bits << 8)
  const exponent = (bits >> 3) & 15
  const fraction = bits & 7
  if (exponent === 15 && fraction === 7) return Number.NaN
  const magnitude = exponent === 0 ? fraction * 2 ** -9 : (1 + fraction / 8) * 2 ** (exponent - 7)
  return bits & 0x80 ? -magnitude : magnitude
}

let halves: Float32Array | null = null

// There are only 65,536 halves: a table is exact, small, and faster than taking each apart.
function fromHalf(raw: Uint16Array): Float32Array {
  halves ??= Float32Array.from({length: 65_536}, (_, bits) => float16(bits))
  const out = new Float32Array(raw.length)
  for (let i = 0; i < raw.length; i++) out[i] = halves[raw[i]!]!
  return out
}

// IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction.
export function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

// bfloat16 is the upper half of a binary32.
function fromBrainFloat(raw: Uint16Array): Float32Array {
  const bits = new Uint32Array(raw.length)
  for (let i = 0; i < raw.length; i++) bits[i] = raw[i]! << 16
  return new Float32Array(bits.buffer)
}
