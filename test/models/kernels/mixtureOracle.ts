import type {BlockFormName} from '@/lib/models/blockForm'

/** A head list as a file holds it. */
export interface OracleHeads {
  readonly form: BlockFormName
  /** (heads)(Gaussians) */
  readonly offsets: readonly (readonly number[])[]
  readonly spreads: readonly (readonly number[])[]
  readonly heights: readonly (readonly number[])[]
}

export interface OracleCase extends OracleHeads {
  readonly shape: readonly number[]
  readonly values: ArrayLike<number>
  readonly axis: number
  readonly remainder: 'last-head' | 'dropped'
  readonly padding: number | null
  readonly column: number | null
}

export interface OracleResult {
  readonly output: Float64Array
  readonly weights: Float64Array
  readonly standardised: Float64Array
  readonly deviation: Float64Array
  readonly map: Float64Array
  readonly standardisedMap: Float64Array
}

const epsilon = 1e-8

/**
 * The published forms word for word in float64: Gaussian by Gaussian, item by item, with no algebra of ours
 * (Gaussian-Adaptive-Attention; its form of January 2024; clustering-anchored-jepa).
 */
export function mixtureOracle(given: OracleCase): OracleResult {
  const {shape, axis, offsets, remainder} = given
  const heads = offsets.length
  const items = shape[axis]!
  const chunk = Math.floor(items / heads)
  const owned = remainder === 'last-head' ? items : chunk * heads
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1)
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const like = () => new Float64Array(outer * owned * inner)
  const [output, weights, standardised] = [like(), like(), like()]
  const deviation = new Float64Array(outer * heads * inner)
  for (let o = 0; o < outer; o++)
    for (let h = 0; h < heads; h++)
      for (let j = 0; j < inner; j++) {
        const start = h * chunk
        const stop = h === heads - 1 ? owned : start + chunk
        const x = Array.from({length: stop - start}, (_, i) => given.values[(o * items + start + i) * inner + j]!)
        const head = segment(x, given, h)
        deviation[(o * heads + h) * inner + j] = head.deviation
        for (const [i, value] of x.entries()) {
          const at = (o * owned + start + i) * inner + j
          weights[at] = head.weights[i]!
          standardised[at] = head.standardised[i]!
          output[at] = value === given.padding ? value : value * head.weights[i]!
        }
      }
  const own = shape.map((size, i) => (i === axis ? owned : size))
  const map = (of: Float64Array) => mean(of, own, axis, given.column)
  return {output, weights, standardised, deviation, map: map(weights), standardisedMap: map(standardised)}
}

function segment(x: readonly number[], {form, offsets, spreads, heights, padding}: OracleCase, h: number) {
  const masked = x.map((value) => (value === padding ? 0 : value))
  const m = masked.reduce((a, b) => a + b, 0) / x.length
  const variance = masked.reduce((sum, value) => sum + (value - m) ** 2, 0) / (x.length - 1)
  const deviation = Math.sqrt(variance + epsilon)
  const gaussians = offsets[h]!.map((delta, k) => ({delta, c: spreads[h]![k]!, height: heights[h]![k]!}))
  const standardised = x.map((value) => (value - m) / deviation)
  const z = (value: number, delta: number) => (value - (m + delta)) / deviation
  if (form === 'clamped') {
    const logs = x.map((value) => {
      let log = 0
      for (const {delta, c} of gaussians) {
        const spread = Math.min(Math.max(c, 0.01), 10) ** 2 + epsilon
        const clipped = Math.min(Math.max(z(value, delta), -10), 10)
        log -= clipped ** 2 / (2 * spread) + 0.5 * Math.log(2 * Math.PI * spread)
      }
      return Number.isNaN(log) || value === padding ? -1e9 : log
    })
    const top = Math.max(...logs)
    const raised = logs.map((log) => Math.exp(log - top))
    const sum = raised.reduce((a, b) => a + b)
    return {deviation, standardised, weights: raised.map((value) => value / sum)}
  }
  const densities = x.map((value) => {
    const each = gaussians.map(({delta, c, height}) => {
      const bell = Math.exp(-(z(value, delta) ** 2) / (2 * c ** 2))
      return form === 'additive' ? height * bell : bell / Math.sqrt(2 * Math.PI * c ** 2)
    })
    return each.reduce((a, b) => (form === 'additive' ? a + b : a * b))
  })
  const sum = Math.max(
    densities.reduce((a, b) => a + b),
    epsilon
  )
  return {deviation, standardised, weights: densities.map((value) => value / sum)}
}

/** (n, …) as (n, rows, cols): the mean over all axes but the first, `axis` and `column`. */
function mean(values: Float64Array, shape: readonly number[], axis: number, column: number | null): Float64Array {
  const rows = shape[axis]!
  const cols = column === null ? 1 : shape[column]!
  const sums = new Float64Array(shape[0]! * rows * cols)
  for (const [i, value] of values.entries()) {
    let rest = i
    const at = shape.map(() => 0)
    for (let d = shape.length - 1; d >= 0; d--) {
      at[d] = rest % shape[d]!
      rest = Math.floor(rest / shape[d]!)
    }
    const cell = (at[0]! * rows + at[axis]!) * cols + (column === null ? 0 : at[column]!)
    sums[cell] = sums[cell]! + value
  }
  return sums.map((sum) => (sum * sums.length) / values.length)
}
