import type {TensorArchive, TensorEntry, TensorValues, TypedArray} from '@/lib/formats/archive'
import {piecesOf} from '@/lib/formats/piecesOf'

/** Reads part of an array along its first axis, and of the file little more than that. Throws FormatError. */
export async function readRows(
  archive: TensorArchive,
  entry: TensorEntry,
  [start, stop]: readonly [start: number, stop: number]
): Promise<TensorValues> {
  const shape = [stop - start, ...entry.shape.slice(1)]
  const size = shape.reduce((product, length) => product * length, 1)
  const box = [[start, stop] as const, ...entry.shape.slice(1).map((length) => [0, length] as const)]
  let whole: TypedArray | null = null
  let filled = 0
  for await (const {values} of piecesOf(archive, entry, box, true)) {
    if (values.length === size) return {dtype: entry.dtype, shape, values}
    whole ??= new (values.constructor as {new (length: number): TypedArray})(size)
    // Pieces of one tensor are arrays of one type.
    ;(whole as Float32Array).set(values as Float32Array, filled)
    filled += values.length
  }
  return {dtype: entry.dtype, shape, values: whole ?? new Float32Array(0)}
}
