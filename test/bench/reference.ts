import type {Gaussians} from './cases'

/** What the published formula gives in float64 for an input seen as (outer, items, inner). */
export interface MixtureReference {
  /** x × weights, as the input. */
  readonly output: Float64Array
  /** Weights, as the input. */
  readonly weights: Float64Array
}

const epsilon = 1e-8

/**
 * GaussianBlock's attention along one axis, literally (Gaussian-Adaptive-Attention): each head on its own chunk, the
 * last with what remains; unbiased variance, a product of K normal densities, divided by its sum.
 */
export function mixtureReference(
  x: Float32Array,
  shape: readonly number[],
  axis: number,
  {heads, components, offset, spread}: Gaussians,
  into: MixtureReference
): void {
  const items = shape[axis]!
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const outer = x.length / (items * inner)
  const length = Math.floor(items / heads)
  for (let head = 0; head < heads; head++) {
    const start = head * length
    const count = head === heads - 1 ? items - start : length
    const own = {
      offset: offset.subarray(head * components, (head + 1) * components),
      spread: spread.subarray(head * components, (head + 1) * components)
    }
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) segment(x, (o * items + start) * inner + i, inner, count, own, into)
    }
  }
}

interface Head {
  readonly offset: Float32Array
  readonly spread: Float32Array
}

function segment(x: Float32Array, at: number, step: number, count: number, head: Head, into: MixtureReference): void {
  const {output, weights} = into
  let mean = 0
  for (let n = 0; n < count; n++) mean += x[at + n * step]!
  mean /= count
  let squares = 0
  for (let n = 0; n < count; n++) squares += (x[at + n * step]! - mean) ** 2
  const deviation = Math.sqrt(squares / (count - 1) + epsilon)
  let sum = 0
  for (let n = 0; n < count; n++) {
    const weight = density(x[at + n * step]! - mean, deviation, head)
    weights[at + n * step] = weight
    sum += weight
  }
  const divisor = Math.max(sum, epsilon)
  for (let n = 0; n < count; n++) {
    const place = at + n * step
    weights[place] = weights[place]! / divisor
    output[place] = weights[place]! * x[place]!
  }
}

function density(fromMean: number, deviation: number, {offset, spread}: Head): number {
  let product = 1
  for (let k = 0; k < offset.length; k++) {
    const c = spread[k]!
    const z = (fromMean - offset[k]!) / deviation
    product *= Math.exp((-z * z) / (2 * c * c)) / Math.sqrt(2 * Math.PI * c * c)
  }
  return product
}

/** Mean over axis 2 of (1, layers, time, features): (layers, features). */
export function meanOverTime(x: Float32Array | Float64Array, shape: readonly number[]): Float64Array {
  const [, layers = 0, time = 0, features = 0] = shape
  const mean = new Float64Array(layers * features)
  for (let layer = 0; layer < layers; layer++) {
    for (let t = 0; t < time; t++) {
      const row = (layer * time + t) * features
      for (let f = 0; f < features; f++) mean[layer * features + f]! += x[row + f]! / time
    }
  }
  return mean
}
