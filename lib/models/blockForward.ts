import {
  add,
  div,
  fill,
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
import type {BlockForm} from './blockForm'
import type {HeadParameters} from './family'
import {epsilon, headWeighing} from './headWeights'
import {joinAlong, part, sumAlong} from './reduceAlong'
import {sizeOf} from './shape'

// A tensor is seen as (outer, items, inner) with the normalised axis in the middle.

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

export interface LayerOfHeads {
  readonly form: BlockForm
  readonly heads: readonly HeadParameters[]
  readonly paddingValue: number | null
}

/**
 * All heads of one block layer over `axis` of x, each on its own chunk (Gaussian-Adaptive-Attention, GaussianBlock).
 * Call inside tidy.
 */
export function headsForward(x: Tensor, axis: number, layer: LayerOfHeads): HeadsResult {
  const {shape} = x
  const {heads, form} = layer
  const items = shape[axis]!
  const chunks = chunksOf(items, heads.length, form.remainder)
  const seen: Tensor3D = reshape(x, [sizeOf(shape.slice(0, axis)), items, sizeOf(shape.slice(axis + 1))])
  const results = chunks.map(([start, stop], h) => headForward(part(seen, 1, start, stop - start), heads[h]!, layer))
  const joined = (of: (result: HeadsResult) => Tensor, length: number) =>
    reshape(
      joinAlong(results.map(of), 1),
      shape.map((size, i) => (i === axis ? length : size))
    )
  const owned = chunks.at(-1)![1]
  return {
    output: joined((result) => result.output, owned),
    weights: joined((result) => result.weights, owned),
    standardised: joined((result) => result.standardised, owned),
    deviation: joined((result) => result.deviation, heads.length)
  }
}

/** One head on x (outer, items, inner). */
function headForward(x: Tensor, head: HeadParameters, {form, paddingValue}: LayerOfHeads): HeadsResult {
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
  const weights = headWeighing[form.name]({deviations, deviation, kept}, head)
  const output = kept ? where(kept, mul(x, weights), x) : mul(x, weights)
  return {output, weights, standardised: div(deviations, deviation), deviation}
}
