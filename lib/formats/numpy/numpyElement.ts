import type {DType} from '../archive'

export interface NumpyElement {
  readonly dtype: DType
  readonly bigEndian: boolean
}

const elements: Readonly<Record<string, DType>> = {
  f8: 'f64',
  f4: 'f32',
  f2: 'f16',
  i8: 'i64',
  i4: 'i32',
  i2: 'i16',
  i1: 'i8',
  u8: 'u64',
  u4: 'u32',
  u2: 'u16',
  u1: 'u8',
  b1: 'bool'
}

const others: Readonly<Record<string, string>> = {
  O: 'Python objects',
  U: 'text',
  S: 'bytes',
  a: 'bytes',
  c: 'complex numbers',
  M: 'dates',
  m: 'durations',
  V: 'records',
  f: 'long floats'
}

/** The element type that NumPy writes as `<f4`, or in a word what it is when we do not read it. */
export function numpyElement(text: string): NumpyElement | string {
  const [, order = '', kind = '', size = ''] = /^([<>|=]?)([A-Za-z])(\d{0,6})(?:\[\w{0,20}\])?$/.exec(text) ?? []
  const dtype = elements[kind + size]
  return dtype ? {dtype, bigEndian: order === '>'} : (others[kind] ?? 'elements of an unknown type')
}
