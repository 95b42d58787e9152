import type {DType} from '../archive'
import {float16} from '../elements'

/** How GGUF stores a kind of tensor (ggml.h, ggml-quants.c): plain elements, or blocks of quantised ones. */
export type GgufType =
  | {readonly kind: 'plain'; readonly name: string; readonly dtype: DType}
  /** Every `elements` of them in `bytes`; `convert` gives the values of whole blocks. */
  | {
      readonly kind: 'blocks'
      readonly name: string
      readonly elements: number
      readonly bytes: number
      readonly convert: (raw: Uint8Array) => Float32Array
    }
  /** As many elements in as many bytes; null for a number that we do not know. */
  | {
      readonly kind: 'unread'
      readonly name: string
      readonly elements: number | null
      readonly bytes: number | null
    }

const plain = (name: string, dtype: DType): GgufType => ({kind: 'plain', name, dtype})
const unread = (name: string, elements: number, bytes: number): GgufType => ({kind: 'unread', name, elements, bytes})

const types: ReadonlyMap<number, GgufType> = new Map([
  [0, plain('F32', 'f32')],
  [1, plain('F16', 'f16')],
  [2, {kind: 'blocks', name: 'Q4_0', elements: 32, bytes: 18, convert: q4}],
  [8, {kind: 'blocks', name: 'Q8_0', elements: 32, bytes: 34, convert: q8}],
  [24, plain('I8', 'i8')],
  [25, plain('I16', 'i16')],
  [26, plain('I32', 'i32')],
  [27, plain('I64', 'i64')],
  [28, plain('F64', 'f64')],
  [30, plain('BF16', 'bf16')],
  [3, unread('Q4_1', 32, 20)],
  [6, unread('Q5_0', 32, 22)],
  [7, unread('Q5_1', 32, 24)],
  [9, unread('Q8_1', 32, 40)],
  [10, unread('Q2_K', 256, 84)],
  [11, unread('Q3_K', 256, 110)],
  [12, unread('Q4_K', 256, 144)],
  [13, unread('Q5_K', 256, 176)],
  [14, unread('Q6_K', 256, 210)],
  [15, unread('Q8_K', 256, 292)],
  [16, unread('IQ2_XXS', 256, 66)],
  [17, unread('IQ2_XS', 256, 74)],
  [18, unread('IQ3_XXS', 256, 98)],
  [19, unread('IQ1_S', 256, 50)],
  [20, unread('IQ4_NL', 32, 18)],
  [21, unread('IQ3_S', 256, 110)],
  [22, unread('IQ2_S', 256, 82)],
  [23, unread('IQ4_XS', 256, 136)],
  [29, unread('IQ1_M', 256, 56)],
  [34, unread('TQ1_0', 256, 54)],
  [35, unread('TQ2_0', 256, 66)],
  [39, unread('MXFP4', 32, 17)],
  [40, unread('NVFP4', 64, 36)],
  [41, unread('Q1_0', 128, 18)]
])

/** The kind that a file means by its number. */
export const ggufType = (code: number): GgufType =>
  types.get(code) ?? {kind: 'unread', name: `type ${code}`, elements: null, bytes: null}

// A half as scale, then 32 signed bytes.
function q8(raw: Uint8Array): Float32Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const values = new Float32Array((raw.length / 34) * 32)
  for (let block = 0, at = 0; block < values.length; block += 32, at += 34) {
    const scale = float16(view.getUint16(at, true))
    for (let i = 0; i < 32; i++) values[block + i] = scale * view.getInt8(at + 2 + i)
  }
  return values
}

// A half as scale, then 16 bytes: the low halves are the first 16 elements, the high halves the last; 8 stands for
// zero.
function q4(raw: Uint8Array): Float32Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const values = new Float32Array((raw.length / 18) * 32)
  for (let block = 0, at = 0; block < values.length; block += 32, at += 18) {
    const scale = float16(view.getUint16(at, true))
    for (let i = 0; i < 16; i++) {
      const pair = raw[at + 2 + i]!
      values[block + i] = scale * ((pair & 15) - 8)
      values[block + 16 + i] = scale * ((pair >> 4) - 8)
    }
  }
  return values
}
