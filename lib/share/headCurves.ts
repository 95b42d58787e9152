import {FormatError} from '@/lib/core/errors'
import type {HeadGaussians} from '@/lib/explain/explanation'
import type {ByteReader} from './byteReader'
import {byteWriter} from './byteWriter'
import {type Precision, readNumbers, writeNumbers} from './numbers'

type Curves = Pick<HeadGaussians, 'offset' | 'spread' | 'variance' | 'offsetZ' | 'heights'>

const has = {offsetZ: 1, heights: 2, variance: 4} as const
/** Of so few numbers every one is kept: rounding would save nothing. */
const keptInFull = 8

/** The curves of every head. A variance that is the spread itself, as the paper's is, is not written twice. */
export function curveBytes(heads: readonly HeadGaussians[], precision: Precision): Uint8Array {
  const to = byteWriter()
  to.varint(heads.length)
  for (const {offset, spread, variance, offsetZ, heights} of heads) {
    const own = !variance.every((value, i) => Object.is(value, spread[i]))
    to.u8((offsetZ ? has.offsetZ : 0) | (heights ? has.heights : 0) | (own ? has.variance : 0))
    for (const values of [offset, spread, own ? variance : null, offsetZ, heights]) {
      if (values) writeNumbers(to, values, {precision: values.length <= keptInFull ? 'f32' : precision})
    }
  }
  return to.finish()
}

/** The curves back, a head at a time, and the largest error of any number in them. */
export function readCurves(from: ByteReader, heads: number): {curves: readonly Curves[]; error: number} {
  const count = from.varint()
  if (count !== heads) throw new FormatError(`share: found Gaussians of ${count} heads; needed ${heads}`)
  let error = 0
  const numbers = () => {
    const read = readNumbers(from)
    error = Math.max(error, read.error)
    return read.values
  }
  const curves = Array.from({length: count}, () => {
    const flags = from.u8()
    const offset = numbers()
    const spread = numbers()
    const variance = flags & has.variance ? numbers() : spread.slice()
    const offsetZ = flags & has.offsetZ ? numbers() : null
    return {offset, spread, variance, offsetZ, ...(flags & has.heights ? {heights: numbers()} : {})}
  })
  return {curves, error}
}

/** A head without its curves: what a record keeps of it as text. */
export const withoutCurves = (head: HeadGaussians): HeadGaussians => ({
  ...head,
  offset: none,
  spread: none,
  variance: none,
  offsetZ: head.offsetZ && none,
  ...(head.heights ? {heights: none} : {})
})

const none = new Float32Array(0)
