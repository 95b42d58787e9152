import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import type {DType, FileValue, TensorValues} from '@/lib/formats/archive'
import {type ByteSource, memorySource} from '@/lib/formats/source'

const folder = new URL('../fixtures/formats/', import.meta.url)

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

export const expected: Readonly<Record<string, ExpectedFile>> = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8')
)

export function fixturePath(name: string): string {
  return fileURLToPath(new URL(name, folder))
}

export function fixtureBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(fixturePath(name)))
}

export function fixture(name: string): ByteSource {
  return memorySource(fixtureBytes(name), name)
}

/** A source that counts what it is asked for. */
export function counted(source: ByteSource): ByteSource & {readonly bytes: number; readonly reads: number} {
  let bytes = 0
  let reads = 0
  return {
    ...source,
    get bytes() {
      return bytes
    },
    get reads() {
      return reads
    },
    read(offset, length) {
      bytes += length
      reads++
      return source.read(offset, length)
    }
  }
}

/** Tensor values as expected.json spells them. */
export function spelled({dtype, values}: TensorValues): (number | string | boolean)[] {
  return Array.from(values as ArrayLike<number | bigint>, (value) => {
    if (typeof value === 'bigint') return String(value)
    return dtype === 'bool' ? value === 1 : spelledNumber(value)
  })
}

/** A file's structure as expected.json spells it. */
export function encoded(value: FileValue): unknown {
  if (typeof value === 'bigint') return {$int: String(value)}
  if (typeof value === 'number') return spelledNumber(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return {$bytes: Buffer.from(value).toString('hex')}
  if (Array.isArray(value)) return value.map(encoded)
  if (value instanceof Map) return {$map: [...value].map(([key, part]) => [encoded(key), encoded(part)])}
  if (!('kind' in value)) throw new TypeError('no such value')
  if (value.kind === 'tensor') return {$tensor: value.name}
  return {$inert: value.global, state: encoded(value.state)}
}

function spelledNumber(value: number): number | string {
  if (Number.isNaN(value)) return 'nan'
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf'
}
