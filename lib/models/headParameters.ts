import type {HeadParameters} from './family'

interface Stored {
  readonly head: number
  readonly blockLayer: number
  readonly offset: Float32Array
  readonly spread: Float32Array
}

/** One Gaussian per feature, exp(−z² / 2c): its variance in z is c (arXiv 2401.11143v4, Algorithm 1). */
export const featureHead = (stored: Stored): HeadParameters => ({
  ...stored,
  kind: 'feature',
  variance: stored.spread,
  effective: null
})

/** K Gaussians exp(−z² / 2c²) multiplied: component k has variance c² (Gaussian-Adaptive-Attention, GaussianBlock). */
export function componentHead(stored: Stored): HeadParameters {
  const {tightness, offset} = product(stored.offset, stored.spread)
  const variance = 1 / tightness
  return {
    ...stored,
    kind: 'component',
    variance: stored.spread.map((c) => c * c),
    effective: Number.isFinite(offset) && Number.isFinite(variance) ? {offset, variance} : null
  }
}

/** The same head before training: δ = 0 and c = 2, or 1 for a component (the median of exp(N(0, 1))). */
export function asInitialised({head, blockLayer, kind, offset}: HeadParameters): HeadParameters {
  const spread = new Float32Array(offset.length).fill(kind === 'feature' ? 2 : 1)
  const stored = {head, blockLayer, offset: new Float32Array(offset.length), spread}
  return kind === 'feature' ? featureHead(stored) : componentHead(stored)
}

/** A product of Gaussians as one quadratic: Σ (z − δₖ)² / 2cₖ² + Σ ½ log 2πcₖ² over the components. */
export interface Product {
  /** Σ 1 / cₖ²: one over the variance of the product. */
  readonly tightness: number
  /** Where the product peaks, in raw units. */
  readonly offset: number
  /** Σ (δₖ − offset)² / 2cₖ²: what the components' disagreement costs everywhere. */
  readonly discord: number
  /** −Σ ½ log 2πcₖ² */
  readonly logPeak: number
}

/** In float64, completing the square: no two large terms are left to cancel in float32. */
export function product(offsets: Float32Array, spreads: Float32Array): Product {
  let tightness = 0
  let weighted = 0
  let logPeak = 0
  for (const [k, c] of spreads.entries()) {
    const w = 1 / (c * c)
    tightness += w
    weighted += w * offsets[k]!
    logPeak -= 0.5 * Math.log(2 * Math.PI * c * c)
  }
  const offset = weighted / tightness
  const discord = offsets.reduce((sum, delta, k) => sum + (delta - offset) ** 2 / (2 * spreads[k]! ** 2), 0)
  return {tightness, offset, discord, logPeak}
}
