import {FormatError} from '@/lib/core/errors'
import {count as numeral} from '@/lib/core/number'
import type {RefusedInput, Samples} from './family'

/** Throws FormatError for inputs, of this file if it is given, none of which can be used: what is wrong with the first. */
export function throwIfAllRefused({count, refused = []}: Pick<Samples, 'count' | 'refused'>, file?: string): void {
  const [first] = refused
  if (!first || refused.length < count) return
  const which = count === 1 ? 'the input' : `input ${numeral(first.index + 1)} of ${numeral(count)}`
  throw new FormatError(`${file === undefined ? '' : `${file}: `}${which} ${first.because}`, {title: first.title})
}

/**
 * What is wrong with the numbers of one input, of which each should be finite; null where nothing is. `within` says what
 * they are part of, as in " in its regions".
 */
export function notFinite(
  values: Float32Array,
  {within = '', needed = 'finite numbers', of = values.length} = {}
): Omit<RefusedInput, 'index'> | null {
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad < 0) return null
  const place = `place ${numeral(bad + 1)} of ${numeral(of)}`
  return {title: 'Not a number', because: `holds ${values[bad]} at ${place}${within}; ${needed} are needed`}
}

/** Zero-based, from `start`, of those among samples start..stop that cannot be used. */
export const refusedAmong = ({refused = []}: Samples, start: number, stop: number): number[] =>
  refused.flatMap(({index}) => (index >= start && index < stop ? [index - start] : []))

/** The values of n inputs with 0 in these: one NaN would reach others on one backend and be lost on another. */
export function emptied(values: Float32Array, n: number, indices: readonly number[]): Float32Array {
  if (indices.length === 0) return values
  return filled(Float32Array.from(values), n, indices, 0)
}

/** NaN in what was computed of these, in place. */
export const spoilt = (values: Float32Array, n: number, indices: readonly number[]): Float32Array =>
  filled(values, n, indices, Number.NaN)

function filled(values: Float32Array, n: number, indices: readonly number[], value: number): Float32Array {
  const size = values.length / n
  for (const i of indices) values.fill(value, i * size, (i + 1) * size)
  return values
}
