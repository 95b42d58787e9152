import type {TensorEntry, TypedArray} from '@/lib/formats/archive'

/** `(24, 1024)` */
export const shapeText = (shape: readonly number[]): string => `(${shape.join(', ')})`

/** Number of elements. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i])

/** Trainable numbers in all of these. */
export const countNumbers = (entries: Iterable<TensorEntry>): number =>
  [...entries].reduce((sum, {shape}) => sum + sizeOf(shape), 0)

/** Any element type as float32, which is what models run in. Float32 is not copied. */
export function toFloat32(values: TypedArray): Float32Array {
  if (values instanceof Float32Array) return values
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float32Array.from(values, Number)
  return Float32Array.from(values)
}
