import {
  add,
  clipByValue,
  div,
  exp,
  fill,
  isNaN as isNaNElement,
  maximum,
  mul,
  square,
  sub,
  type Tensor,
  where
} from '@tensorflow/tfjs-core'
import type {BlockFormName} from './blockForm'
import type {HeadParameters} from './family'
import {clampedSpread, product} from './headParameters'
import {expKeepingNaN} from './keepNaN'
import {maxAlong, sumAlong} from './reduceAlong'

/** One head's chunk after its own statistics: y − m and sqrt(v + ε), and which items are no padding. */
export interface Chunk {
  /** (outer, items, inner) */
  readonly deviations: Tensor
  /** (outer, 1, inner) */
  readonly deviation: Tensor
  /** Null without a padding value. */
  readonly kept: Tensor | null
}

/** Weights (outer, items, inner) of one head over its chunk. Call inside tidy. */
export type HeadWeighing = (chunk: Chunk, head: HeadParameters) => Tensor

/** Added to the variance and the least sum a head divides by. The published constructor takes another and drops it. */
export const epsilon = 1e-8

/**
 * The K Gaussians are one quadratic in z (Gaussian-Adaptive-Attention, GaussianBlock); their weights are taken in
 * logarithms from the largest one down, so that nothing under- or overflows before the sum, and the published clamp of
 * that sum still bites where it would.
 */
const productWeights: HeadWeighing = ({deviations, deviation}, {offset, spread}) => {
  const {tightness, offset: peak, discord, logPeak} = product(offset, spread)
  const z = div(sub(deviations, peak), deviation)
  const cost = add(mul(square(z), finite(tightness / 2)), div(finite(discord), square(deviation)))
  return clampedShares(sub(logPeak, cost))
}

/**
 * K Gaussians added with weights, without a density constant (Gaussian-Adaptive-Attention of January 2024), then
 * divided
 * by their sum, which is at least ε.
 */
const additiveWeights: HeadWeighing = ({deviations, deviation}, {offset, spread, mixture}) => {
  const terms = Array.from(offset, (delta, k) => {
    const z = div(sub(deviations, delta), deviation)
    const exponent = mul(square(z), -Math.min(1 / (2 * spread[k]! ** 2), 1e30))
    return mul(expKeepingNaN(exponent), mixture!.heights[k]!)
  })
  const gaussians = terms.reduce((sum, term) => add(sum, term))
  return div(gaussians, maximum(sumAlong(gaussians, 1), epsilon))
}

/** What no logarithm of a weight falls below, and what takes the place of one that is no number. */
const lowest = -1e9

/**
 * Log space with clamps (clustering-anchored-jepa): c in 0.01…10, every z in −10…10, then a softmax over the items.
 * Items without a number, and padding, count e to the minus 10⁹: a chunk of nothing else shares equally.
 */
const clampedWeights: HeadWeighing = ({deviations, deviation, kept}, {offset, spread}) => {
  const terms = Array.from(offset, (delta, k) => {
    const variance = clampedSpread(spread[k]!) ** 2 + epsilon
    const z = div(sub(deviations, delta), deviation)
    // Clipping answers a number for NaN on some backends.
    const clipped = where(isNaNElement(z), z, clipByValue(z, -10, 10))
    return sub(mul(square(clipped), -1 / (2 * variance)), 0.5 * Math.log(2 * Math.PI * variance))
  })
  const logs = terms.reduce((sum, term) => add(sum, term))
  const floor = fill(logs.shape, lowest)
  const known = where(isNaNElement(logs), floor, logs)
  return shares(kept ? where(kept, known, floor) : known)
}

export const headWeighing: Readonly<Record<BlockFormName, HeadWeighing>> = {
  product: productWeights,
  clamped: clampedWeights,
  additive: additiveWeights
}

function shares(logs: Tensor): Tensor {
  const fromTop = exp(sub(logs, maxAlong(logs, 1)))
  return div(fromTop, sumAlong(fromTop, 1))
}

function clampedShares(logs: Tensor): Tensor {
  const floor = Math.log(epsilon)
  const top = maximum(maxAlong(logs, 1), floor)
  const gaussians = expKeepingNaN(sub(logs, top))
  return div(gaussians, maximum(sumAlong(gaussians, 1), expKeepingNaN(sub(floor, top))))
}

// Infinity × 0 is no number, and no double this large is needed: exp is zero long before.
const finite = (value: number): number => Math.min(value, 1e30)
