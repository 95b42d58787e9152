import {type Grid, grid} from '@/lib/core/grid'
import {quantile} from '@/lib/core/statistics'

/** What training changed, cell by cell: mean density minus the untrained module's, in density units. */
export interface LearnedMap {
  readonly values: Grid
  /** The 99.5 % quantile of the finite absolute differences: both ends of a symmetric domain. */
  readonly limit: number
}

/** The learned part of each cell; null when there is none to speak of: no null density, or another shape. */
export function learnedMap(density: Grid, nullDensity: Grid | null): LearnedMap | null {
  if (nullDensity === null || nullDensity.rows !== density.rows || nullDensity.cols !== density.cols) return null
  const known = latest.get(density)
  if (known?.nullDensity === nullDensity) return known.map
  const values = density.values.map((value, i) => value - nullDensity.values[i]!)
  const limit = quantile(values.filter(Number.isFinite).map(Math.abs), 0.995)
  const map = {values: grid(density.rows, density.cols, values), limit: Number.isNaN(limit) ? 0 : limit}
  latest.set(density, {nullDensity, map})
  return map
}

// Sorting 200,000 cells for every step of a zoom would be felt.
const latest = new WeakMap<Grid, {nullDensity: Grid; map: LearnedMap}>()
