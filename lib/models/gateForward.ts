import {
  add,
  div,
  maximum,
  mul,
  neg,
  notEqual,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  where,
  zerosLike
} from '@tensorflow/tfjs-core'
import type {HeadParameters} from './family'
import type {GateLayout} from './findGate'
import {expKeepingNaN} from './keepNaN'
import {part, sumAlong} from './reduceAlong'

/**
 * Least variance, and what is added to a spread before anything is divided by it, in the authors' code and in the other
 * layout.
 */
const leastVariance = 1e-6
const guard: Readonly<Record<GateLayout, number>> = {'log-sigma': 1e-8, 'log-scale': 1e-3}

export type GateResult = {
  /** x · (1 + α · gate), as x is. */
  output: Tensor
  /** Mean of the K densities (n, positions): not a share, and above 1 where σ is small. */
  gate: Tensor
  /** (p − m) / sqrt(v) of the projected channel p (n, positions). */
  standardised: Tensor
  /** sqrt(v), v at least 10⁻⁶ (n, 1). */
  deviation: Tensor
}

export interface GateParts {
  readonly layout: GateLayout
  readonly head: HeadParameters
  /** (channels) */
  readonly projection: Float32Array
  /** α */
  readonly strength: number
}

/**
 * The gate of x (n, positions, channels) (Density-Adaptive-JEPA, GAttnGateG): one channel is projected, standardised
 * over the positions with the biased variance, and given the mean of K densities. `mask` (n, positions) leaves padding
 * out of the statistics. Call inside tidy.
 */
export function gateForward(
  x: Tensor3D,
  weights: Tensor,
  {head, layout, strength}: GateParts,
  mask: Tensor2D | null
): GateResult {
  const [n, positions] = x.shape
  // The bias and whatever all positions share cancel, so they are taken away first and cost no digits.
  const projected = reshape(sumAlong(mul(sub(x, part(x, 1, 0, 1)), weights), 2), [n, positions])
  const valid = (values: Tensor) => (mask ? where(notEqual(mask, 0), values, zerosLike(values)) : values)
  const count = mask ? maximum(sumAlong(mask, 1), 1) : positions
  const deviations = sub(projected, div(sumAlong(valid(projected), 1), count))
  const variance = maximum(div(sumAlong(square(valid(deviations)), 1), count), leastVariance)
  const deviation = sqrt(variance)
  const densities = Array.from(head.offset, (delta, k) => {
    const sigma = head.spread[k]!
    const z = div(sub(deviations, delta), add(mul(deviation, sigma), guard[layout]))
    return mul(expKeepingNaN(mul(neg(square(z)), 0.5)), head.mixture!.heights[k]!)
  })
  const gate = densities.reduce((total, density) => add(total, density))
  return {
    output: mul(x, add(mul(reshape(gate, [n, positions, 1]), strength), 1)),
    gate,
    standardised: div(deviations, deviation),
    deviation
  }
}
