import type {DType} from '../archive'

/** What a storage class of PyTorch holds. `dtype` is null for elements that we do not turn into numbers. */
export interface StorageType {
  readonly dtype: DType | null
  readonly size: number
}

const storageTypes: Readonly<Record<string, StorageType>> = {
  Double: {dtype: 'f64', size: 8},
  Float: {dtype: 'f32', size: 4},
  Half: {dtype: 'f16', size: 2},
  BFloat16: {dtype: 'bf16', size: 2},
  Long: {dtype: 'i64', size: 8},
  Int: {dtype: 'i32', size: 4},
  Short: {dtype: 'i16', size: 2},
  Char: {dtype: 'i8', size: 1},
  Byte: {dtype: 'u8', size: 1},
  Bool: {dtype: 'bool', size: 1},
  Untyped: {dtype: null, size: 1},
  ComplexDouble: {dtype: null, size: 16},
  ComplexFloat: {dtype: null, size: 8},
  QInt32: {dtype: null, size: 4},
  QInt8: {dtype: null, size: 1},
  QUInt8: {dtype: null, size: 1},
  QUInt4x2: {dtype: null, size: 1},
  QUInt2x4: {dtype: null, size: 1}
}

/** The storage class that a pickle names, `torch.FloatStorage` or its CUDA twin; undefined for any other name. */
export function storageType(global: string): StorageType | undefined {
  const [, kind] = /^torch\.(?:cuda\.|storage\.)?([A-Za-z0-9]+)Storage$/.exec(global) ?? []
  return kind !== undefined && Object.hasOwn(storageTypes, kind) ? storageTypes[kind] : undefined
}

const dtypes: ReadonlyMap<string, DType> = new Map([
  ['torch.float64', 'f64'],
  ['torch.float32', 'f32'],
  ['torch.float16', 'f16'],
  ['torch.bfloat16', 'bf16'],
  ['torch.int64', 'i64'],
  ['torch.int32', 'i32'],
  ['torch.int16', 'i16'],
  ['torch.int8', 'i8'],
  ['torch.uint64', 'u64'],
  ['torch.uint32', 'u32'],
  ['torch.uint16', 'u16'],
  ['torch.uint8', 'u8'],
  ['torch.bool', 'bool']
])

/** The element type that a pickle names as `torch.float32`; undefined for those we do not turn into numbers. */
export function torchDType(global: string): DType | undefined {
  return dtypes.get(global)
}

const float8s: ReadonlyMap<string, 'e4m3fn' | 'e5m2'> = new Map([
  ['torch.float8_e4m3fn', 'e4m3fn'],
  ['torch.float8_e5m2', 'e5m2']
])

/** The layout of a float8 type that a pickle names and that we widen to f32; undefined for any other name. */
export function torchFloat8(global: string): 'e4m3fn' | 'e5m2' | undefined {
  return float8s.get(global)
}

/**
 * The integers that a quantised storage class holds, `torch.QUInt8Storage`; undefined for those packed below a byte.
 */
export function quantisedElement(global: string): DType | undefined {
  const kinds: Readonly<Record<string, DType>> = {QInt32: 'i32', QInt8: 'i8', QUInt8: 'u8'}
  const [, kind = ''] = /^torch\.(?:cuda\.)?(QU?Int\d+)Storage$/.exec(global) ?? []
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
}

/** Names of PyTorch that are harmless as mere names: element types, layouts, storage classes. */
export function isTorchName(global: string): boolean {
  if (storageType(global)) return true
  return /^torch\.(u?int\d+|float\d+\w*|bfloat16|bool|complex\d+|q?u?int\d+\w*|per_\w+|strided|sparse_\w+|Tensor|device)$/.test(
    global
  )
}
