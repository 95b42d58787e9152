import {quickExp} from './quickExp'

/** Added to the variance, then again under the root: both are in the published code. */
export const layerEpsilon = 1e-8 + 1e-5

export type LayerOutput = 'density' | 'standardised' | 'deviation'

type Arrays = Readonly<Partial<Record<LayerOutput, Float32Array>>>

/** Of an input (n, heads, layers, features), layers being those of one head. */
export interface LayerShape {
  readonly n: number
  readonly heads: number
  readonly layers: number
  readonly features: number
}

/** One feature of one head of one sample: where it starts, which Gaussian it has, and its y − m and sqrt(v + ε). */
type Column = (from: number, gaussian: number, row: number, deviation: number) => void

/**
 * Visits every column with its deviations in `a`. Statistics are taken about the first layer, so that a large mean
 * costs no digits.
 */
function forEachColumn(y: Float32Array, {n, heads, layers, features}: LayerShape, a: Float64Array, visit: Column) {
  for (let row = 0; row < n * heads; row++) {
    const gaussian = (row % heads) * features
    for (let f = 0; f < features; f++) {
      const from = row * layers * features + f
      const first = y[from]!
      let sum = 0
      for (let s = 0; s < layers; s++) sum += a[s] = y[from + s * features]! - first
      const mean = sum / layers
      let squares = 0
      for (let s = 0; s < layers; s++) {
        a[s]! -= mean
        squares += a[s]! * a[s]!
      }
      visit(from, gaussian + f, row * features + f, Math.sqrt(squares / layers + layerEpsilon))
    }
  }
}

/** The layer form on arrays, in float64 between. */
export function layerFormOnArrays(
  y: Float32Array,
  parameters: Float32Array,
  {density, standardised, deviation}: Arrays,
  shape: LayerShape
): void {
  const {heads, layers, features} = shape
  const a = new Float64Array(layers)
  forEachColumn(y, shape, a, (from, gaussian, at, scale) => {
    const offset = parameters[gaussian]!
    const sharpness = parameters[heads * features + gaussian]!
    if (deviation) deviation[at] = scale
    for (let s = 0, to = from; s < layers; s++, to += features) {
      if (standardised) standardised[to] = a[s]! / scale
      const z = (a[s]! - offset) / scale
      if (density) density[to] = quickExp(-z * z * sharpness)
    }
  })
}

/** What flows back to y, from what flows back through the outputs. */
export function layerInputGradientOnArrays(
  y: Float32Array,
  parameters: Float32Array,
  {density, standardised, deviation}: Arrays,
  to: Float32Array,
  shape: LayerShape
): void {
  const {heads, layers, features} = shape
  const a = new Float64Array(layers)
  const byDeviations = new Float64Array(layers)
  forEachColumn(y, shape, a, (from, gaussian, at, scale) => {
    const offset = parameters[gaussian]!
    const sharpness = parameters[heads * features + gaussian]!
    let shared = 0
    let byScale = deviation ? deviation[at]! * scale : 0
    for (let s = 0, cell = from; s < layers; s++, cell += features) {
      const z = (a[s]! - offset) / scale
      const byZ = density ? density[cell]! * slope(z, sharpness) : 0
      const byStandardised = standardised ? standardised[cell]! : 0
      byDeviations[s] = byZ + byStandardised
      shared += byDeviations[s]!
      byScale -= byZ * z + (byStandardised * a[s]!) / scale
    }
    // The deviation moves with every layer, and the mean takes from each what they share.
    for (let s = 0, cell = from; s < layers; s++, cell += features)
      to[cell] = (byDeviations[s]! - shared / layers + (byScale * a[s]!) / (layers * scale)) / scale
  })
}

/** What flows back to δ and 1 / 2c, (2, heads, features). */
export function layerParameterGradientOnArrays(
  y: Float32Array,
  parameters: Float32Array,
  density: Float32Array,
  to: Float32Array,
  shape: LayerShape
): void {
  const {heads, layers, features} = shape
  const sums = new Float64Array(to.length)
  const a = new Float64Array(layers)
  forEachColumn(y, shape, a, (from, gaussian, _, scale) => {
    const offset = parameters[gaussian]!
    const second = heads * features + gaussian
    const sharpness = parameters[second]!
    for (let s = 0, cell = from; s < layers; s++, cell += features) {
      const z = (a[s]! - offset) / scale
      sums[gaussian]! -= (density[cell]! * slope(z, sharpness)) / scale
      sums[second]! -= density[cell]! * quickExp(-z * z * sharpness) * z * z
    }
  })
  to.set(sums)
}

/** Of exp(−z² q) by z. Where it has vanished, so has its slope, however steep the fall was. */
function slope(z: number, q: number): number {
  const height = quickExp(-z * z * q)
  return height === 0 ? 0 : -2 * height * q * z
}
