import {extent, pearson, sum} from '@/lib/core/statistics'
import {type Accumulated, rowMeansOf} from './accumulate'
import type {Explanation, Interval, LayerImportance, ScaleCell} from './explanation'
import {float32Noise, rowRanks} from './rowRanks'

/** What IF 0 and IF 1 stand for in one density map: its smallest and largest value. Null for a constant map. */
export function scaleOf(density: ArrayLike<number>): Interval | null {
  const [min, max] = extent(density)
  return max - min > float32Noise * Math.max(Math.abs(min), Math.abs(max)) ? [min, max] : null
}

/**
 * The Importance Factor of a mean density map (rows, cols), heads one under the other: (D − min) / (max − min) with one
 * minimum and one maximum for the whole map (arXiv 2401.11143v4, section 1.5). Null for a constant map, where it is 0 /
 * 0.
 */
export function importanceFactor(
  density: ArrayLike<number>,
  scale: Interval | null = scaleOf(density)
): Float32Array | null {
  return scale && Float32Array.from(density, (value) => onScale(value, scale))
}

/** Where `density` stands on a map's scale; leaves 0 to 1 when the map does not hold it. */
export const onScale = (density: number, [min, max]: Interval): number => (density - min) / (max - min)

/** 95 % intervals over inputs, one per row. */
export interface RowIntervals {
  readonly importance: readonly (Interval | null)[]
  readonly rank: readonly (Interval | null)[]
  readonly learned: readonly (Interval | null)[] | null
}

/** One entry per row of the map; none for a constant map, which has no importance. */
export function layerImportances(
  {axes, density, untrained, meanAbsZ}: Pick<Accumulated, 'axes' | 'density' | 'untrained' | 'meanAbsZ'>,
  intervals: RowIntervals | null = null,
  scale: Interval | null = scaleOf(density)
): LayerImportance[] {
  if (scale === null) return []
  const observed = rowMeansOf(density, axes.rows)
  const total = sum(observed)
  const shares = observed.map((value) => value / total)
  const [rank, rankByShare] = [rowRanks(observed), rowRanks(shares)]
  const rankInHead = ranksInHeads(observed, axes.headRows)
  const twins = untrained && untrainedRows(untrained, axes.rows, scale)

  return Array.from(observed, (value, layer) => {
    const twin = twins?.[layer]
    return {
      layer,
      head: axes.headRows.findIndex(([start, stop]) => layer >= start && layer < stop),
      importance: onScale(value, scale),
      interval: intervals?.importance[layer] ?? null,
      share: shares[layer]!,
      density: value,
      rank: rank[layer]!,
      rankInterval: intervals?.rank[layer] ?? null,
      rankInHead: rankInHead[layer]!,
      rankByShare: rankByShare[layer]!,
      untrained: twin
        ? {...twin, learned: value - twin.density, learnedInterval: intervals?.learned?.[layer] ?? null}
        : null,
      meanAbsZ: meanAbsZ?.[layer] ?? null
    }
  })
}

// On the observed map's scale, so that the twin can be drawn beside the bar: two maps that were normalised apart are
// never subtracted.
function untrainedRows(untrained: Float64Array, rows: number, scale: Interval) {
  const means = rowMeansOf(untrained, rows)
  const rank = rowRanks(means)
  const ownScale = scaleOf(untrained)
  return Array.from(means, (density, row) => ({
    density,
    importance: onScale(density, scale),
    importanceOwnScale: ownScale && onScale(density, ownScale),
    rank: rank[row]!
  }))
}

function ranksInHeads(rowMeans: Float64Array, headRows: readonly (readonly [number, number])[]): number[] {
  const result = new Array<number>(rowMeans.length).fill(NaN)
  for (const [start, stop] of headRows) {
    rowRanks(rowMeans.subarray(start, stop)).forEach((rank, i) => {
      result[start + i] = rank
    })
  }
  return result
}

/** Correlation of the layer means, trained against untrained, and how many keep their rank; null when undefined. */
export function agreementOf(layers: readonly LayerImportance[]): Explanation['agreement'] {
  const pairs = layers.flatMap(({density, rank, untrained}) => (untrained ? [{density, rank, untrained}] : []))
  const r = pearson(
    pairs.map(({density}) => density),
    pairs.map(({untrained}) => untrained.density)
  )
  // Rows that float32 cannot tell apart correlate with nothing: what is left of them is rounding.
  const tied = layers.every(({rank}) => rank === 1)
  if (pairs.length < layers.length || Number.isNaN(r) || tied) return null
  return {r, sameRanks: pairs.filter(({rank, untrained}) => rank === untrained.rank).length, of: pairs.length}
}

/** A cell is worth naming when leaving it out shortens the scale by more than this share. */
const worthNaming = 0.1

/** The one cell that sets IF's zero (or its one) alone, when it moves the scale by more than 10 % of the range. */
export function scaleCellOf(density: ArrayLike<number>, cols: number): ScaleCell | null {
  const scale = scaleOf(density)
  if (scale === null || density.length < 3) return null
  const range = scale[1] - scale[0]
  const low = outermost(density, 1)
  const high = outermost(density, -1)
  const {index, gap} = low.gap >= high.gap ? low : high
  const moves = gap / range
  return moves > worthNaming ? {row: Math.floor(index / cols), col: index % cols, moves} : null
}

// The smallest of sign × values, and how far the next one is.
function outermost(values: ArrayLike<number>, sign: 1 | -1): {index: number; gap: number} {
  let [index, first, second] = [0, Infinity, Infinity]
  for (let i = 0; i < values.length; i++) {
    const value = sign * values[i]!
    if (value < first) [index, first, second] = [i, value, first]
    else if (value < second) second = value
  }
  return {index, gap: second - first}
}
