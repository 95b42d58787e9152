/** Mean and variance of each cell over inputs that come one after the other, in float64. */
export interface Moments {
  /** Takes the next input's cells. */
  add(values: Float32Array): void
  readonly count: number
  /** NaN before the first input. */
  means(): Float64Array
  /** Unbiased, over count − 1; zero while there is one input. */
  variances(): Float64Array
}

/**
 * Sums over `cells` cells. The variance is Welford's (Technometrics 4, 1962, 419–420), which loses nothing where the
 * mean is large beside the spread. Inputs are taken one by one, so how they were batched changes no bit.
 */
export function moments(cells: number): Moments {
  const totals = new Float64Array(cells)
  const means = new Float64Array(cells)
  const squares = new Float64Array(cells)
  let count = 0
  return {
    add: (values) => {
      count += 1
      for (let i = 0; i < cells; i++) {
        const value = values[i]!
        const apart = value - means[i]!
        means[i]! += apart / count
        squares[i]! += apart * (value - means[i]!)
        totals[i]! += value
      }
    },
    get count() {
      return count
    },
    // A sum of float32 values is nearer the truth than the running mean.
    means: () => totals.map((total) => total / count),
    variances: () => squares.map((square) => square / Math.max(1, count - 1))
  }
}
