/** How many finite numbers fall between two edges; each bin owns its lower edge. */
export interface BinnedCounts {
  /** bins + 1 edges: neighbouring multiples of a power of two. */
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

/** What can be said of many numbers after seeing each once. */
export interface Summary {
  readonly count: number
  readonly zeros: number
  readonly nan: number
  readonly infinite: number
  /** Of the finite numbers; null without any. `deviation` is that of a population. */
  readonly finite: {
    readonly min: number
    readonly max: number
    readonly mean: number
    readonly deviation: number
    readonly histogram: BinnedCounts
  } | null
}

/** At most this many bins; widening by powers of two leaves half as many at least, unless the numbers are few. */
const mostBins = 64

/**
 * Sums up numbers that come in parts. The histogram widens its bins by powers of two as the range grows, so that its
 * counts stay exact in one pass.
 */
export function summarise() {
  let count = 0
  let zeros = 0
  let nan = 0
  let infinite = 0
  let finite = 0
  let mean = 0
  let squares = 0
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let bins: Bins | null = null

  function add(values: ArrayLike<number | bigint>): void {
    const numbers = finiteOf(values)
    count += values.length
    if (numbers.length === 0) return
    let total = 0
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i]!
      total += value
      if (value < min) min = value
      if (value > max) max = value
    }
    // Around their own mean, so that no two large sums cancel; then joined to what came before (Chan, Golub and LeVeque
    // 1983).
    const rough = total / numbers.length
    let rest = 0
    for (let i = 0; i < numbers.length; i++) rest += numbers[i]! - rough
    const own = rough + rest / numbers.length
    let ownSquares = 0
    for (let i = 0; i < numbers.length; i++) ownSquares += (numbers[i]! - own) ** 2
    const all = finite + numbers.length
    const apart = own - mean
    squares += ownSquares + apart * apart * ((finite * numbers.length) / all)
    mean += apart * (numbers.length / all)
    finite = all
    bins = widened(bins, min, max)
    const {width, first, counts} = bins
    for (let i = 0; i < numbers.length; i++) counts[Math.floor(numbers[i]! / width) - first]! += 1
  }

  function finiteOf(values: ArrayLike<number | bigint>): Float64Array {
    const numbers = new Float64Array(values.length)
    let kept = 0
    for (let i = 0; i < values.length; i++) {
      const value = Number(values[i]!)
      if (value === 0) zeros++
      if (Number.isFinite(value)) numbers[kept++] = value
      else if (Number.isNaN(value)) nan++
      else infinite++
    }
    return numbers.subarray(0, kept)
  }

  const read = (): Summary => ({
    count,
    zeros,
    nan,
    infinite,
    finite: bins && {min, max, mean, deviation: Math.sqrt(squares / finite), histogram: binned(bins)}
  })

  return {add, read}
}

interface Bins {
  /** A power of two, so that dividing by it is exact. */
  readonly width: number
  /** Which multiple of the width the first bin begins at. */
  readonly first: number
  readonly counts: number[]
}

/** The same counts in bins wide enough for this range. */
function widened(bins: Bins | null, min: number, max: number): Bins {
  let width = bins?.width ?? narrowest(min, max)
  while (Math.floor(max / width) - Math.floor(min / width) >= mostBins) width *= 2
  const first = Math.floor(min / width)
  const counts = new Array<number>(Math.floor(max / width) - first + 1).fill(0)
  bins?.counts.forEach((n, i) => {
    if (n > 0) counts[Math.floor(((bins.first + i) * bins.width) / width) - first]! += n
  })
  return {width, first, counts}
}

// Small enough to begin with: neighbouring doubles of this size still fall into bins of whole numbers.
function narrowest(min: number, max: number): number {
  const largest = Math.max(Math.abs(min), Math.abs(max))
  return largest === 0 ? 2 ** -1000 : 2 ** Math.max(-1000, Math.floor(Math.log2(largest)) - 40)
}

const binned = ({width, first, counts}: Bins): BinnedCounts => ({
  edges: Array.from({length: counts.length + 1}, (_, i) => (first + i) * width),
  counts
})
