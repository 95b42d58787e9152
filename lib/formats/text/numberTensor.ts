import {packedStrides, type StridedTensor} from '../stridedTensor'

/** Numbers that are in memory already as a tensor of this shape. */
export function numberTensor(values: Float64Array, shape: readonly number[]): StridedTensor {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const read = async (offset: number, length: number) => bytes.slice(offset, offset + length)
  const storage = {byteLength: bytes.length, read}
  return {storage, dtype: 'f64', offset: 0, shape, strides: packedStrides(shape)}
}
