import {
  add,
  div,
  fill,
  maximum,
  mul,
  notEqual,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor3D,
  where,
  zerosLike
} from '@tensorflow/tfjs-core'
import {chunksOf} from './blockAxes'
import type {HeadParameters} from './family'
import {product} from './headParameters'
import {expKeepingNaN} from './keepNaN'
import {joinAlong, maxAlong, part, sumAlong} from './reduceAlong'
import {sizeOf} from './shape'

// A tensor is seen as (outer, items, inner) with the normalised axis in the middle.

/** Added to the variance and the least sum a head divides by. The published constructor takes another and drops it. */
const epsilon = 1e-8

export type HeadsResult = {
  /** x × weights, before any residual. */
  output: Tensor
  /** Weights, summing to one along the axis in each head where the clamp is idle. */
  weights: Tensor
  /** (x − m) / sqrt(v + ε) */
  standardised: Tensor
  /** sqrt(v + ε), one item per head along the axis. */
  deviation: Tensor
}

/** All heads of one block layer over `axis` of x, each on its own chunk (Gaussian-Adaptive-Attention, GaussianBlock). Call inside tidy. */
export function headsForward(
  x: Tensor,
  axis: number,
  heads: readonly HeadParameters[],
  paddingValue: number | null
): HeadsResult {
  const {shape} = x
  const items = shape[axis]!
  const seen: Tensor3D = reshape(x, [sizeOf(shape.slice(0, axis)), items, sizeOf(shape.slice(axis + 1))])
  const results = chunksOf(items, heads.length).map(([start, stop], h) =>
    headForward(part(seen, 1, start, stop - start), heads[h]!, paddingValue)
  )
  const joined = (of: (result: HeadsResult) => Tensor, length: number) =>
    reshape(
      joinAlong(results.map(of), 1),
      shape.map((size, i) => (i === axis ? length : size))
    )
  return {
    output: joined((result) => result.output, items),
    weights: joined((result) => result.weights, items),
    standardised: joined((result) => result.standardised, items),
    deviation: joined((result) => result.deviation, heads.length)
  }
}

/**
 * One head on x (outer, items, inner). The K Gaussians are one quadratic in z; their weights are taken in logarithms
 * from the largest one down, so that nothing under- or overflows before the sum, and the published clamp of that sum
 * still bites where it would.
 */
function headForward(x: Tensor, {offset, spread}: HeadParameters, paddingValue: number | null): HeadsResult {
  const items = x.shape[1]!
  const kept = paddingValue === null ? null : notEqual(x, paddingValue)
  const masked = kept ? where(kept, x, zerosLike(x)) : x
  // About the first item, so that a large mean costs no digits.
  const origin = part(masked, 1, 0, 1)
  const fromOrigin = sub(masked, origin)
  const mean = div(sumAlong(fromOrigin, 1), items)
  const variance =
    items > 1
      ? div(sumAlong(square(sub(fromOrigin, mean)), 1), items - 1)
      : // Unbiased, so not a number for a chunk of one.
        fill(mean.shape, Number.NaN)
  const deviation = sqrt(add(variance, epsilon))
  const deviations = sub(sub(x, origin), mean)
  const standardised = div(deviations, deviation)

  const {tightness, offset: peak, discord, logPeak} = product(offset, spread)
  const z = div(sub(deviations, peak), deviation)
  const cost = add(mul(square(z), finite(tightness / 2)), div(finite(discord), square(deviation)))
  const logGaussians = sub(logPeak, cost)
  const floor = Math.log(epsilon)
  const top = maximum(maxAlong(logGaussians, 1), floor)
  const gaussians = expKeepingNaN(sub(logGaussians, top))
  const total = maximum(sumAlong(gaussians, 1), expKeepingNaN(sub(floor, top)))
  const weights = div(gaussians, total)
  const output = kept ? where(kept, mul(x, weights), x) : mul(x, weights)
  return {output, weights, standardised, deviation}
}

// Infinity × 0 is no number, and no double this large is needed: exp is zero long before.
const finite = (value: number): number => Math.min(value, 1e30)
