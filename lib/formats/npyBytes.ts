import type {DType, TypedArray} from './archive'
import {joinedBytes} from './joinedBytes'

/** How NumPy calls each element type; it has no bfloat16, which is written as float32. */
const descrs: Readonly<Record<DType, string>> = {
  f64: '<f8',
  f32: '<f4',
  f16: '<f2',
  bf16: '<f4',
  i64: '<i8',
  i32: '<i4',
  i16: '<i2',
  i8: '|i1',
  u64: '<u8',
  u32: '<u4',
  u16: '<u2',
  u8: '|u1',
  bool: '|b1'
}

/** The start of a .npy file, format version 1.0 (numpy.lib.format): the values follow, row-major. */
export function npyHeader(dtype: DType, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${descrs[dtype]}', 'fortran_order': False, 'shape': (${dims}), }`
  // NumPy pads the header so that the values start on a multiple of 64 bytes.
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
  return joinedBytes([
    new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]),
    new TextEncoder().encode(padded)
  ])
}

/**
 * A .npy file of one array, as numpy.save writes it. `parts` are the elements in row-major order, in as many pieces as
 * they come: the stored elements (`raw`, see TensorPiece), for bf16 their float32 values.
 */
export function npyBytes(
  dtype: DType,
  shape: readonly number[],
  parts: readonly TypedArray[]
): Uint8Array<ArrayBuffer> {
  return joinedBytes([npyHeader(dtype, shape), ...parts.map(bytesOf)])
}

const bytesOf = ({buffer, byteOffset, byteLength}: TypedArray) => new Uint8Array(buffer, byteOffset, byteLength)
