import type {LayerShape} from '@/lib/models/kernels/layerFormOnArrays'

/** Numbers of one case; values (n, heads, layers, features), offset and spread (heads, features). */
export interface LayerCase {
  readonly shape: LayerShape
  readonly values: ArrayLike<number>
  readonly offset: ArrayLike<number>
  readonly spread: ArrayLike<number>
}

/** The layer form in float64, by the paper's formula word for word (arXiv 2401.11143v4, Algorithm 1). */
export function layerOracle({shape, values, offset, spread}: LayerCase) {
  const {n, heads, layers, features} = shape
  const density = new Float64Array(values.length)
  const standardised = new Float64Array(values.length)
  const deviation = new Float64Array(n * heads * features)
  for (let row = 0; row < n * heads; row++)
    for (let f = 0; f < features; f++) {
      const places = Array.from({length: layers}, (_, s) => (row * layers + s) * features + f)
      const gaussian = (row % heads) * features + f
      const mean = places.reduce((sum, at) => sum + values[at]!, 0) / layers
      const variance = places.reduce((sum, at) => sum + (values[at]! - mean) ** 2, 0) / layers
      const scale = Math.sqrt(variance + 1e-8 + 1e-5)
      deviation[row * features + f] = scale
      for (const at of places) {
        standardised[at] = (values[at]! - mean) / scale
        density[at] = Math.exp(-(((values[at]! - mean - offset[gaussian]!) / scale) ** 2) / (2 * spread[gaussian]!))
      }
    }
  return {density, standardised, deviation}
}

/** The slope of `of` at `values` by central differences, in float64. */
export function slopeOf(of: (values: Float64Array) => number, values: ArrayLike<number>): Float64Array {
  const step = 1e-5
  return Float64Array.from(values, (value, i) => {
    const moved = Float64Array.from(values)
    moved[i] = value + step
    const above = of(moved)
    moved[i] = value - step
    return (above - of(moved)) / (2 * step)
  })
}
