import {FormatError} from './errors'

/** A value's shape in JSON, said once for both ways. */
export interface Codec<T> {
  /** JSON text; keys in the order of the description, so equal values give equal text. */
  write(value: T): string
  /** Builds T anew from what JSON.parse gave. Throws FormatError with `path`, "At layers.3.rank: expected …, got …". */
  read(value: unknown, path: string): T
  /** Whether a record may lack it. */
  readonly optional?: true
}

/** Rejects what stands at `path`. */
export function refuse(path: string, expected: string, found: unknown): never {
  throw new FormatError(`At ${path || 'the top'}: expected ${expected}, got ${describe(found)}`, {path})
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

const under = (path: string, key: string | number): string => (path ? `${path}.${key}` : `${key}`)

/** The decimal with the fewest digits that gives back the same float32; at most nine digits are ever needed. */
export function shortestFloat32(value: number): string {
  const x = Math.fround(value)
  if (Object.is(x, -0)) return '-0'
  const holds = (digits: number) => Math.fround(Number(x.toPrecision(digits))) === x
  let digits = holds(7) ? 7 : holds(8) ? 8 : 9
  while (digits <= 7 && digits > 1 && holds(digits - 1)) digits--
  return String(Number(x.toPrecision(digits)))
}

/** A finite number, kept as float32. Writing one that is not finite is a mistake and throws RangeError. */
export const float: Codec<number> = {
  write: (value) => {
    if (!Number.isFinite(value)) throw new RangeError(`codec: ${value} has no place in this file; a finite number has`)
    return shortestFloat32(value)
  },
  read: (value, path) => {
    const single = typeof value === 'number' ? Math.fround(value) : NaN
    return Number.isFinite(single) ? single : refuse(path, 'a number', value)
  }
}

/** A float32 of a checkpoint, which may be NaN or infinite; JSON has no such numbers, so they are words there. */
export const anyFloat: Codec<number> = {
  write: (value) => (Number.isFinite(value) ? shortestFloat32(value) : `"${value}"`),
  read: (value, path) =>
    value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : float.read(value, path)
}

/** A finite double, all its digits. */
export const double: Codec<number> = {
  write: (value) => (Object.is(value, -0) ? '-0' : JSON.stringify(value)),
  read: (value, path) => (typeof value === 'number' && Number.isFinite(value) ? value : refuse(path, 'a number', value))
}

/** A whole number in low..high. */
export const integer = (low = 0, high = Number.MAX_SAFE_INTEGER): Codec<number> => ({
  write: String,
  read: (value, path) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high
      ? value
      : refuse(
          path,
          `a whole number${high < Number.MAX_SAFE_INTEGER ? ` in ${low}–${high}` : ` from ${low} up`}`,
          value
        )
})

/** Text of at most `most` characters. */
export const text = (most = 10_000): Codec<string> => ({
  write: (value) => JSON.stringify(value),
  read: (value, path) => {
    if (typeof value !== 'string') return refuse(path, 'text', value)
    return value.length <= most ? value : refuse(path, `at most ${most} characters`, value)
  }
})

/** One of a few values. */
export const oneOf = <const T extends string | number>(...values: readonly T[]): Codec<T> => ({
  write: (value) => JSON.stringify(value),
  read: (value, path) =>
    values.find((allowed) => allowed === value) ??
    refuse(path, values.map((allowed) => JSON.stringify(allowed)).join(' or '), value)
})

export const nullable = <T>(codec: Codec<T>): Codec<T | null> => ({
  write: (value) => (value === null ? 'null' : codec.write(value)),
  read: (value, path) => (value === null ? null : codec.read(value, path))
})

/** A key that a record may lack. */
export const optional = <T>(codec: Codec<T>): Codec<T> => ({...codec, optional: true})

/** A list of at most `most` items. */
export const list = <T>(codec: Codec<T>, most = Number.POSITIVE_INFINITY): Codec<readonly T[]> => ({
  write: (values) => `[${values.map(codec.write).join(',')}]`,
  read: (value, path) => {
    if (!Array.isArray(value)) return refuse(path, 'a list', value)
    if (value.length > most) return refuse(path, `at most ${most} items`, value)
    return value.map((item, i) => codec.read(item, under(path, i)))
  }
})

/** Two values of a kind: [low, high], [start, stop]. */
export const pair = <T>(codec: Codec<T>): Codec<readonly [T, T]> => ({
  write: ([a, b]) => `[${codec.write(a)},${codec.write(b)}]`,
  read: (value, path) => {
    if (!Array.isArray(value) || value.length !== 2) return refuse(path, 'a list of 2', value)
    return [codec.read(value[0], under(path, 0)), codec.read(value[1], under(path, 1))]
  }
})

/** Many numbers, as a typed array. */
export const floats = (codec: Codec<number> = float): Codec<Float32Array> => ({
  write: (values) => `[${Array.from(values, codec.write).join(',')}]`,
  read: (value, path) => Float32Array.from(list(codec).read(value, path))
})

type Fields<T> = {readonly [K in keyof T]-?: Codec<T[K]>}

/** An object with exactly these keys; other keys of a file are passed over. */
export function record<T extends object>(fields: Fields<T>): Codec<T> {
  const entries = Object.entries(fields) as [keyof T & string, Codec<T[keyof T]>][]
  return {
    write: (value) => {
      const written = entries.filter(([key]) => value[key] !== undefined)
      return `{${written.map(([key, codec]) => `${JSON.stringify(key)}:${codec.write(value[key])}`).join(',')}}`
    },
    read: (value, path) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path, 'an object', value)
      const found = value as Record<string, unknown>
      const present = entries.filter(([key, codec]) => Object.hasOwn(found, key) || !codec.optional)
      return Object.fromEntries(
        present.map(([key, codec]) => [
          key,
          codec.read(Object.hasOwn(found, key) ? found[key] : undefined, under(path, key))
        ])
      ) as T
    }
  }
}

/** Reads JSON text of a known shape. Throws FormatError when it is not JSON or not that shape. */
export function decode<T>(codec: Codec<T>, json: string): T {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new FormatError(
      `This is not JSON: it begins with ${JSON.stringify(json.slice(0, 20))}; a JSON object was needed`
    )
  }
  return codec.read(value, '')
}
