import {FormatError} from '@/lib/core/errors'
import {count as numeral} from '@/lib/core/number'
import type {Samples} from './family'

/** Throws FormatError for inputs, of this file if it is given, none of which can be used: what is wrong with the first. */
export function throwIfAllRefused({count, refused = []}: Pick<Samples, 'count' | 'refused'>, file?: string): void {
  const [first] = refused
  if (!first || refused.length < count) return
  const which = count === 1 ? 'the input' : `input ${numeral(first.index + 1)} of ${numeral(count)}`
  throw new FormatError(`${file === undefined ? '' : `${file}: `}${which} ${first.because}`, {title: first.title})
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
