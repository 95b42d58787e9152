import type {RowMeasure} from '@/lib/models/family'
import type {Interval, MeasuredRows} from './explanation'

/** Sums of what a family measures per row, over inputs that come one after the other, in float64. */
export interface MeasureSums {
  /** Takes input i of a slice, trained and untrained. Throws RangeError when the measures are not those before. */
  add(own: readonly RowMeasure[], untrained: readonly RowMeasure[] | null, i: number): void
  /** One entry per measure, in the family's order; empty where it measures nothing. */
  read(): MeasuredRows[]
}

/** Two-sided 95 % of the normal distribution. */
const z95 = 1.959964

/**
 * Means over inputs with their 95 % intervals (mean ± 1.96 standard errors). What spans orders of magnitude, on a
 * logarithmic scale, is averaged there: its mean is the geometric one. Values that are not finite, or that have no
 * logarithm, are left out row by row.
 */
export function measureSums(rows: number): MeasureSums {
  let kinds: readonly RowMeasure[] = []
  let own: RowSums[] = []
  let twins: RowSums[] | null = null
  return {
    add: (measures, untrained, i) => {
      if (own.length === 0) {
        kinds = measures
        own = measures.map(() => rowSums(rows))
        twins = untrained && measures.map(() => rowSums(rows))
      }
      if (measures.length !== kinds.length || measures.some(({id}, m) => id !== kinds[m]!.id)) {
        throw new RangeError(
          `measures: found ${listed(measures)} after ${listed(kinds)}; a model measures the same each time`
        )
      }
      const take = (into: RowSums[], from: readonly RowMeasure[]) =>
        into.forEach((sums, m) => {
          sums.add(scaled(from[m]!, i, rows))
        })
      take(own, measures)
      if (twins && untrained) take(twins, untrained)
      else twins = null
    },
    read: () =>
      kinds.map(({id, title, unit, scale}, m) => {
        const back = scale === 'log' ? Math.exp : (value: number) => value
        const seen = (value: number | null) => (value === null ? null : back(value))
        return {
          id,
          title,
          unit,
          scale,
          means: own[m]!.means().map(seen),
          intervals: own[m]!.intervals().map((found) => found && ([back(found[0]), back(found[1])] as Interval)),
          untrained: twins && twins[m]!.means().map(seen)
        }
      })
  }
}

const listed = (measures: readonly RowMeasure[]): string => measures.map(({id}) => id).join(', ') || 'nothing'

function scaled({scale, values}: RowMeasure, i: number, rows: number): Float64Array {
  const own = Float64Array.from(values.subarray(i * rows, (i + 1) * rows))
  return scale === 'log' ? own.map(Math.log) : own
}

interface RowSums {
  add(values: Float64Array): void
  means(): (number | null)[]
  intervals(): (Interval | null)[]
}

/** Means and variances row by row (Welford, Technometrics 4, 1962, 419–420), each row over its own finite values. */
function rowSums(rows: number): RowSums {
  const counts = new Float64Array(rows)
  const means = new Float64Array(rows)
  const squares = new Float64Array(rows)
  return {
    add: (values) => {
      for (let row = 0; row < rows; row++) {
        const value = values[row]!
        if (!Number.isFinite(value)) continue
        counts[row]! += 1
        const apart = value - means[row]!
        means[row]! += apart / counts[row]!
        squares[row]! += apart * (value - means[row]!)
      }
    },
    means: () => Array.from(means, (value, row) => (counts[row]! > 0 ? value : null)),
    intervals: () =>
      Array.from(means, (value, row) => {
        const n = counts[row]!
        if (n < 2) return null
        const half = z95 * Math.sqrt(squares[row]! / (n - 1) / n)
        return [value - half, value + half] as const
      })
  }
}
