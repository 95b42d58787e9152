import type {Grid} from '@/lib/core/grid'
import type {Explanation} from '@/lib/explain/explanation'

/** The largest absolute difference between the maps of two explanations; Infinity when their shapes differ. */
export function largestDifference(a: Explanation, b: Explanation): number {
  return Math.max(
    between(a.density, b.density),
    between(a.nullDensity, b.nullDensity),
    between(a.importance, b.importance)
  )
}

function between(a: Grid | null, b: Grid | null): number {
  if (!a || !b) return a === b ? 0 : Number.POSITIVE_INFINITY
  if (a.rows !== b.rows || a.cols !== b.cols) return Number.POSITIVE_INFINITY
  let most = 0
  for (const [i, value] of a.values.entries()) {
    const difference = Math.abs(value - b.values[i]!)
    // NaN on one side only is a difference; a plain comparison would let it pass.
    if (!(difference <= most) && !Object.is(value, b.values[i]))
      most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
  }
  return most
}
