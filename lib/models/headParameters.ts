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

/** One head of a block as its file holds it. */
export interface BlockHead extends Stored {
  /** What each Gaussian counts in a sum; absent where they are multiplied. */
  readonly heights?: Float32Array
}

/** K Gaussians exp(−z² / 2c²) multiplied: component k has variance c² (Gaussian-Adaptive-Attention, GaussianBlock). */
export function componentHead({head, blockLayer, offset: offsets, spread}: BlockHead): HeadParameters {
  const {tightness, offset} = product(offsets, spread)
  const variance = 1 / tightness
  return {
    head,
    blockLayer,
    offset: offsets,
    spread,
    kind: 'component',
    variance: spread.map((c) => c * c),
    effective: Number.isFinite(offset) && Number.isFinite(variance) ? {offset, variance} : null
  }
}

/**
 * The spread that the clamped form works with: c between 0.01 and 10, so a negative one counts as 0.01
 * (clustering-anchored-jepa).
 */
export const clampedSpread = (c: number): number => (Number.isNaN(c) ? c : Math.min(Math.max(c, 1e-2), 10))

/** The same product with its spreads clamped: `spread` stays as stored, the curves are those in force. */
export function clampedHead(stored: BlockHead): HeadParameters {
  const inForce = componentHead({...stored, spread: stored.spread.map(clampedSpread)})
  return {...inForce, spread: stored.spread}
}

/**
 * K Gaussians exp(−z² / 2c²) added with the weights they count (Gaussian-Adaptive-Attention of January 2024); c starts
 * at 2.
 */
export const additiveHead = ({heights = new Float32Array(0), ...stored}: BlockHead): HeadParameters => ({
  ...stored,
  kind: 'mixture',
  variance: stored.spread.map((c) => c * c),
  effective: null,
  mixture: {heights, initial: {height: 1, variance: 4}, biased: false}
})

/**
 * Gaussian densities of standard deviation σ, averaged (Density-Adaptive-JEPA); they start at one σ, `initialSigma`.
 */
export const gateHead = (offset: Float32Array, sigma: Float32Array, initialSigma: number): HeadParameters => ({
  head: 0,
  blockLayer: 0,
  kind: 'mixture',
  offset,
  spread: sigma,
  variance: sigma.map((s) => s * s),
  effective: null,
  mixture: {
    heights: sigma.map((s) => peak(s) / sigma.length),
    initial: {height: peak(initialSigma), variance: initialSigma ** 2},
    biased: true
  }
})

const peak = (sigma: number) => 1 / (sigma * Math.sqrt(2 * Math.PI))

/** A head of density attention over layers before training: δ = 0 and c = 2. */
export const untrainedFeatures = ({head, blockLayer, offset: {length}}: HeadParameters): HeadParameters =>
  featureHead({head, blockLayer, offset: new Float32Array(length), spread: new Float32Array(length).fill(2)})

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
