import type {LayerCase} from './cases'

/** The layer form in float64, and the gradients of Σ density × upstream. */
export interface LayerReference {
  /** (batch, layers, features) */
  readonly density: Float64Array
  /** (heads, features) */
  readonly offset: Float64Array
  /** (heads, features) */
  readonly spread: Float64Array
  /** (batch, layers, features) */
  readonly input: Float64Array
}

/** Added to the variance, then again under the root: both are in the published code. */
const epsilon = 1e-8 + 1e-5

/**
 * exp(−z² / 2c) with z = (y − m − δ) / sqrt(v + ε) over a head's layers (arXiv 2401.11143v4, Algorithm 1), and its
 * derivatives by hand.
 */
export function layerReference(x: Float32Array, upstream: Float32Array, {shape, gaussians}: LayerCase): LayerReference {
  const [batch, layers, features] = shape
  const own = layers / gaussians.heads
  const result: LayerReference = {
    density: new Float64Array(x.length),
    offset: new Float64Array(gaussians.heads * features),
    spread: new Float64Array(gaussians.heads * features),
    input: new Float64Array(x.length)
  }
  for (let n = 0; n < batch; n++) {
    for (let head = 0; head < gaussians.heads; head++) {
      for (let f = 0; f < features; f++) {
        const places = Array.from({length: own}, (_, s) => ((n * layers + head * own + s) * features + f) | 0)
        column(x, upstream, places, head * features + f, gaussians, result)
      }
    }
  }
  return result
}

function column(
  x: Float32Array,
  upstream: Float32Array,
  places: readonly number[],
  gaussian: number,
  {offset, spread}: LayerCase['gaussians'],
  into: LayerReference
): void {
  const delta = offset[gaussian]!
  const c = spread[gaussian]!
  const mean = places.reduce((sum, at) => sum + x[at]!, 0) / places.length
  const deviations = places.map((at) => x[at]! - mean)
  const variance = deviations.reduce((sum, a) => sum + a * a, 0) / places.length
  const deviation = Math.sqrt(variance + epsilon)
  // Of Σ density × upstream by z, and through z by the deviation.
  const byZ: number[] = []
  let byDeviation = 0
  for (const [s, at] of places.entries()) {
    const z = (deviations[s]! - delta) / deviation
    const density = Math.exp((-z * z) / (2 * c))
    into.density[at] = density
    byZ.push((-upstream[at]! * density * z) / c)
    byDeviation -= (byZ[s]! * z) / deviation
    into.offset[gaussian]! -= byZ[s]! / deviation
    into.spread[gaussian]! += (upstream[at]! * density * z * z) / (2 * c * c)
  }
  const byEach = deviations.map((a, s) => byZ[s]! / deviation + (byDeviation * a) / (places.length * deviation))
  const shared = byEach.reduce((sum, value) => sum + value, 0) / places.length
  for (const [s, at] of places.entries()) into.input[at] = byEach[s]! - shared
}
