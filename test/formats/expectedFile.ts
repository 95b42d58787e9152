import type {DType, TensorValues} from '@/lib/formats/archive'

export interface ExpectedTensor {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  /** i64 as text; NaN and infinities by name. */
  readonly values: readonly (number | string | boolean)[]
}

/** What PyTorch and NumPy read out of a file (test/reference/make_formats.py). */
export interface ExpectedFile {
  readonly format: string
  readonly tensors: readonly ExpectedTensor[]
  readonly contents?: unknown
  readonly anyOrder?: boolean
  readonly skipped?: readonly string[]
  readonly globals?: readonly string[]
  readonly error?: string
}

/** Tensor values as expected.json spells them. */
export function spelled({dtype, values}: TensorValues): (number | string | boolean)[] {
  return Array.from(values as ArrayLike<number | bigint>, (value) => {
    if (typeof value === 'bigint') return String(value)
    return dtype === 'bool' ? value === 1 : spelledNumber(value)
  })
}

export function spelledNumber(value: number): number | string {
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf'
}
