// None of these hides a NaN: where one goes in, one comes out.

/** Arithmetic mean; NaN for no values. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length
}

/** Sum; 0 for no values. */
export function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}

/** Population variance (divided by n), two passes; NaN for no values. */
export function variance(values: ArrayLike<number>): number {
  const middle = mean(values)
  let total = 0
  for (let i = 0; i < values.length; i++) total += (values[i]! - middle) ** 2
  return total / values.length
}

/** Smallest and largest value: [NaN, NaN] when any is NaN, [∞, −∞] for no values. */
export function extent(values: ArrayLike<number>): [min: number, max: number] {
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) return [NaN, NaN]
    if (value < min) min = value
    if (value > max) max = value
  }
  return [min, max]
}

/** Where the largest value stands, and of equals the first; null for no values or when any is NaN. */
export function greatestAt(values: ArrayLike<number>): number | null {
  let at: number | null = null
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) return null
    if (at === null || values[i]! > values[at]!) at = i
  }
  return at
}

/**
 * The p-quantile (p in 0..1), linear between order statistics (Hyndman and Fan, 1996, type 7).
 * NaN for no values or when any is NaN.
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  const sorted = ascending(values)
  if (sorted === null) return NaN
  const position = (sorted.length - 1) * p
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (position - below)
}

/** The p-quantile as one of the values themselves (type 1): for ranks, where 3.4 means nothing. */
export function quantileOf(values: ArrayLike<number>, p: number): number {
  const sorted = ascending(values)
  return sorted === null ? NaN : sorted[Math.max(0, Math.ceil(sorted.length * p) - 1)]!
}

/**
 * Competition ranks, 1 for the largest; ties share the better rank (1 2 2 4). Neighbours in the order that differ by
 * no more than `tolerance` are tied. NaN ranks as NaN and takes no place.
 */
export function ranks(values: ArrayLike<number>, tolerance = 0): number[] {
  const order = Array.from(values, (_, i) => i).filter((i) => !Number.isNaN(values[i]!))
  order.sort((i, j) => values[j]! - values[i]!)
  const result = new Array<number>(values.length).fill(NaN)
  order.forEach((index, place) => {
    const ahead = order[place - 1]
    const tied = ahead !== undefined && values[ahead]! - values[index]! <= tolerance
    result[index] = tied ? result[ahead]! : place + 1
  })
  return result
}

/** Pearson's correlation; NaN when either side is constant, empty, or of another length. */
export function pearson(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  if (xs.length !== ys.length) return NaN
  const [meanX, meanY] = [mean(xs), mean(ys)]
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < xs.length; i++) {
    const dx = xs[i]! - meanX
    const dy = ys[i]! - meanY
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  const r = xy / Math.sqrt(xx * yy)
  return Number.isNaN(r) ? NaN : Math.min(1, Math.max(-1, r))
}

/** exp(x) / Σ exp(x), shifted by the largest so that nothing overflows. */
export function softmax(logits: ArrayLike<number>): number[] {
  const [, largest] = extent(logits)
  const powers = Array.from(logits, (logit) => Math.exp(logit - largest))
  const total = sum(powers)
  return powers.map((power) => power / total)
}

function ascending(values: ArrayLike<number>): Float64Array | null {
  const sorted = Float64Array.from(values)
  if (sorted.length === 0 || sorted.some(Number.isNaN)) return null
  return sorted.sort()
}
