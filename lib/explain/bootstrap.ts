import {CancelledError, throwIfCancelled} from '@/lib/core/errors'
import {random} from '@/lib/core/random'
import {extent, quantile, quantileOf} from '@/lib/core/statistics'
import type {Accumulated} from './accumulate'
import {plausibleExtremes} from './cellRecord'
import type {Interval} from './explanation'
import {onScale, type RowIntervals, scaleOf} from './importance'
import {rowRanks} from './rowRanks'

export interface BootstrapOptions {
  /** Default 1,000, and fewer when the work would pass four thousand million sums. */
  readonly resamples?: number
  /** Default 1. */
  readonly seed?: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (done: number, total: number) => void
  /** Called every thirtieth of a second to let other work in. Default: a turn of the event loop. */
  readonly pause?: () => Promise<void>
}

/** The intervals, and what it takes to make the same again. */
export interface Bootstrap {
  readonly intervals: RowIntervals
  readonly resamples: number
  readonly seed: number
}

/**
 * 95 % percentile intervals over inputs (Efron and Tibshirani, 1993, chapter 13) of each row's mean IF, its rank and
 * its learned part. One draw of inputs serves all three, trained and untrained alike, so the learned part is paired;
 * IF's minimum and maximum are taken anew in each draw, over the cells that can plausibly hold them
 * (`plausibleExtremes`). Null with fewer than two inputs or a constant map. Throws CancelledError.
 */
export async function bootstrap(numbers: Accumulated, options: BootstrapOptions = {}): Promise<Bootstrap | null> {
  const {count, axes} = numbers
  if (count < 2 || scaleOf(numbers.density) === null) return null
  const {seed = 1, signal, onProgress, pause = eventLoop} = options
  const extremes = extremeCells(numbers)
  const resamples = options.resamples ?? affordable(count * ((extremes?.size ?? 0) + 2 * axes.rows))
  const draws = emptyDraws(resamples, axes.rows)
  const {integer} = random(seed)
  let rested = performance.now()

  for (let draw = 0; draw < resamples; draw++) {
    throwIfCancelled(signal)
    const weights = new Float64Array(count)
    for (let i = 0; i < count; i++) weights[integer(count)]! += 1 / count
    record(draws, draw, numbers, weights, extremes)
    if (performance.now() - rested > 33) {
      onProgress?.(draw + 1, resamples)
      await pause()
      rested = performance.now()
    }
  }
  if (signal?.aborted) throw new CancelledError()
  onProgress?.(resamples, resamples)
  return {intervals: intervalsOf(draws, numbers, extremes !== null), resamples, seed}
}

const eventLoop = () => new Promise<void>((resolve) => setTimeout(resolve))

const mostSums = 4e9
const mostResamples = 1000
const fewestResamples = 200

const affordable = (sumsPerDraw: number): number =>
  Math.max(fewestResamples, Math.min(mostResamples, Math.floor(mostSums / sumsPerDraw)))

// Results of every draw, (draws, rows) each.
interface Draws {
  readonly count: number
  readonly importance: Float64Array
  readonly rank: Float64Array
  readonly learned: Float64Array
}

const emptyDraws = (count: number, rows: number): Draws => ({
  count,
  importance: new Float64Array(count * rows),
  rank: new Float64Array(count * rows),
  learned: new Float64Array(count * rows)
})

/** The weighted mean map's [min, max] over the cells that can hold them. */
interface Extremes {
  readonly size: number
  scale(weights: Float64Array): Interval
}

// Null when a plausible cell was not kept: then an interval would be too narrow, and none is given.
function extremeCells({cells, density}: Accumulated): Extremes | null {
  if (cells === null) return null
  const wanted = plausibleExtremes(density, cells.standardError)
  const placeOf = new Map(Array.from(cells.indices, (index, place) => [index, place]))
  const places = Array.from(wanted, (index) => placeOf.get(index))
  if (!places.every((place) => place !== undefined)) return null
  const all = wanted.length === cells.indices.length
  const maps = all ? cells.maps : cells.maps.map((map) => Float32Array.from(places, (place) => map[place]!))
  return {size: wanted.length, scale: (weights) => extent(weightedSum(maps, weights, wanted.length))}
}

function weightedSum(maps: readonly Float32Array[], weights: Float64Array, length: number): Float64Array {
  const total = new Float64Array(length)
  maps.forEach((map, input) => {
    const weight = weights[input]!
    if (weight === 0) return
    for (let i = 0; i < length; i++) total[i]! += weight * map[i]!
  })
  return total
}

function record(
  draws: Draws,
  draw: number,
  {axes: {rows}, rowMeans, untrainedRowMeans}: Accumulated,
  weights: Float64Array,
  extremes: Extremes | null
): void {
  const means = weightedRows(rowMeans, weights, rows)
  draws.rank.set(rowRanks(means), draw * rows)
  if (extremes) {
    const scale = extremes.scale(weights)
    draws.importance.set(
      means.map((value) => onScale(value, scale)),
      draw * rows
    )
  }
  if (untrainedRowMeans) {
    const twins = weightedRows(untrainedRowMeans, weights, rows)
    draws.learned.set(
      means.map((value, row) => value - twins[row]!),
      draw * rows
    )
  }
}

function weightedRows(perInput: Float64Array, weights: Float64Array, rows: number): Float64Array {
  const total = new Float64Array(rows)
  weights.forEach((weight, input) => {
    if (weight === 0) return
    for (let row = 0; row < rows; row++) total[row]! += weight * perInput[input * rows + row]!
  })
  return total
}

function intervalsOf(draws: Draws, {axes, untrainedRowMeans}: Accumulated, hasScale: boolean): RowIntervals {
  const rows = Array.from({length: axes.rows}, (_, row) => row)
  const column = (values: Float64Array, row: number) =>
    // A draw of equal maps has no scale and so no IF.
    Float64Array.from({length: draws.count}, (_, draw) => values[draw * axes.rows + row]!).filter(Number.isFinite)
  return {
    importance: rows.map((row) => (hasScale ? percentiles(column(draws.importance, row), quantile) : null)),
    rank: rows.map((row) => percentiles(column(draws.rank, row), quantileOf)),
    learned: untrainedRowMeans ? rows.map((row) => percentiles(column(draws.learned, row), quantile)) : null
  }
}

const percentiles = (values: Float64Array, at: typeof quantile): Interval | null =>
  values.length === 0 ? null : [at(values, 0.025), at(values, 0.975)]
