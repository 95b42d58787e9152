import {addTo} from '@/lib/core/addTo'
import type {MapAxes, OwnMap, RunResult, SavedMaps} from '@/lib/models/family'
import {type CellRecord, cellRecord} from './cellRecord'
import {type ClassMeans, classSums} from './classSums'
import type {MeasuredRows, Signal} from './explanation'
import {histogram} from './histogram'
import {measureSums} from './measures'
import {moments} from './moments'

/** What the density maps of some inputs come down to. Nothing in it belongs to a model. */
export interface Accumulated {
  readonly axes: MapAxes
  /** Inputs given, in the order they came. */
  readonly seen: number
  /** Inputs among them that the means rest on: all but `leftOut`. */
  readonly count: number
  /** Indices of inputs with a density that is not finite, trained or untrained. */
  readonly leftOut: readonly number[]
  /** Mean density (rows, cols). */
  readonly density: Float64Array
  /** Variance of each cell over the counted inputs, unbiased (rows, cols); null with fewer than two. */
  readonly variance: Float64Array | null
  /** Means by true class, for the inputs that came with one. */
  readonly classes: readonly ClassMeans[]
  /** Mean density of the module as initialised, over the same inputs; null when it was not run. */
  readonly untrained: Float64Array | null
  /** Each counted input's mean density per row (count, rows), trained and untrained. */
  readonly rowMeans: Float64Array
  readonly untrainedRowMeans: Float64Array | null
  /** Each counted input's cells, as far as they were kept; null when there is only a mean. */
  readonly cells: CellRecord | null
  readonly signal: Signal | null
  /** Mean |z| per row, over inputs and columns; null without inputs. */
  readonly meanAbsZ: Float64Array | null
  /** Mean sqrt(v + ε) (heads, cols); null without inputs. */
  readonly deviation: Float64Array | null
  /** What the family measures of each row, over the counted inputs; empty where it measures nothing. */
  readonly measures: readonly MeasuredRows[]
  /** Per input given, those left out included; null without a classifier. */
  readonly logits: readonly (readonly number[])[] | null
}

export interface Accumulator {
  /**
   * Takes the next n inputs' maps, trained and untrained, and their true classes where they are known. Throws
   * RangeError when the lengths do not fit the axes.
   */
  add(
    observed: RunResult,
    untrained: Pick<RunResult, 'density' | 'measures'> | null,
    labels?: readonly (number | null)[]
  ): void
  /** The sums so far, as means; the accumulator goes on. Null while no input has counted. */
  read(): Accumulated | null
  /** Inputs given so far, and those left out. */
  readonly seen: number
  readonly leftOut: readonly number[]
  readonly logits: readonly (readonly number[])[] | null
}

export interface AccumulatorOptions {
  /**
   * Where the histogram of z ends, until a value lies further out. Default 1.12 × the longest head's reach, or 4 for
   * heads of more than 64 rows.
   */
  readonly zLimit?: number
  /** Bytes for single inputs' maps. Default 256 MiB: 327 maps of 40 × 5,120. */
  readonly mapBudget?: number
  /** Bytes for the mean maps of single classes. Default 64 MiB: 40 classes of 40 × 5,120. */
  readonly classBudget?: number
}

const mebibyte = 2 ** 20

/**
 * The |z| that one of `chunk` values can reach when they are standardised together (arXiv 2401.11143v4, Algorithm 1).
 */
export const reachOf = (chunk: number): number => Math.sqrt(Math.max(0, chunk - 1))

/**
 * Takes run results slice by slice and keeps what an explanation needs of them: float64 means of the maps, each
 * input's row means, its cells as far as the budget allows, and the distribution of z. Inputs are taken one by one, in
 * their order: however they were cut into slices, every number is the same to the last bit. It holds what the two
 * budgets say, 16 bytes per input and row, and some 60 bytes per cell.
 */
export function accumulator(axes: MapAxes, options: AccumulatorOptions = {}): Accumulator {
  const {rows, cols} = axes
  const cells = rows * cols
  const longest = Math.max(0, ...axes.headRows.map(([start, stop]) => stop - start))
  const {
    zLimit = longest > 64 ? 4 : 1.12 * reachOf(longest),
    mapBudget = 256 * mebibyte,
    classBudget = 64 * mebibyte
  } = options

  const density = moments(cells)
  const untrained = new Float64Array(cells)
  const deviation = new Float64Array(axes.headRows.length * cols)
  const rowMeans: Float64Array[] = []
  const untrainedRowMeans: Float64Array[] = []
  const record = cellRecord(cells, mapBudget, density)
  const classes = classSums(cells, classBudget)
  const signal = histogram(rows, zLimit)
  const measures = measureSums(rows)
  const absZ = new Float64Array(rows)
  const absZCount = new Float64Array(rows)
  const leftOut: number[] = []
  const logits: number[][] = []
  let seen = 0
  let paired = true

  const addSignal = (standardised: Float32Array) => {
    for (let i = 0; i < standardised.length; i++) {
      const z = standardised[i]!
      if (!Number.isFinite(z)) continue
      const row = Math.floor(i / cols)
      signal.add(row, z)
      absZ[row]! += Math.abs(z)
      absZCount[row]! += 1
    }
  }

  const count = () => rowMeans.length

  return {
    get seen() {
      return seen
    },
    leftOut,
    get logits() {
      return logits.length > 0 ? logits : null
    },
    add: (observed, twin, labels = []) => {
      const n = countOf(observed, twin, axes)
      const outputs = observed.logits === null ? 0 : observed.logits.length / n
      for (let i = 0; i < n; i++, seen++) {
        if (observed.logits) logits.push(Array.from(observed.logits.subarray(i * outputs, (i + 1) * outputs)))
        const map = observed.density.subarray(i * cells, (i + 1) * cells)
        const twinMap = twin?.density.subarray(i * cells, (i + 1) * cells)
        if (!allFinite(map) || (twinMap && !allFinite(twinMap))) {
          leftOut.push(seen)
          continue
        }
        const ownRows = rowMeansOf(map, rows)
        const label = labels[i] ?? null
        density.add(map)
        rowMeans.push(ownRows)
        record.add(map)
        if (label !== null) classes.add(label, map, ownRows)
        if (twinMap) {
          addTo(untrained, twinMap)
          untrainedRowMeans.push(rowMeansOf(twinMap, rows))
        } else paired = false
        if (observed.measures) measures.add(observed.measures, twin?.measures ?? null, i)
        addSignal(observed.standardised.subarray(i * cells, (i + 1) * cells))
        addTo(deviation, observed.deviation.subarray(i * deviation.length, (i + 1) * deviation.length))
      }
    },
    read: () => {
      if (count() === 0) return null
      return {
        axes,
        seen,
        count: count(),
        leftOut: [...leftOut],
        density: density.means(),
        variance: count() > 1 ? density.variances() : null,
        classes: classes.read(),
        untrained: paired ? untrained.map((total) => total / count()) : null,
        rowMeans: concatenated(rowMeans, rows),
        untrainedRowMeans: paired ? concatenated(untrainedRowMeans, rows) : null,
        cells: record.read(),
        signal: absZCount.some((n) => n > 0) ? signal.read() : null,
        meanAbsZ: absZCount.every((n) => n > 0) ? absZ.map((total, row) => total / absZCount[row]!) : null,
        deviation: deviation.length > 0 ? deviation.map((total) => total / count()) : null,
        measures: measures.read(),
        logits: logits.length > 0 ? [...logits] : null
      }
    }
  }
}

/**
 * The same from maps that a checkpoint carries: no z, no untrained twin. Where the file kept each input's own map, the
 * mean is taken over those; else the file's mean stands alone. Null when nothing finite is left.
 */
export function accumulatedFromSaved(saved: SavedMaps, options: AccumulatorOptions = {}): Accumulated | null {
  const {axes, perSample} = saved
  if (perSample === null) {
    return saved.density.every(Number.isFinite) ? {...onlyMean(axes), density: Float64Array.from(saved.density)} : null
  }
  const none = new Float32Array(0)
  const maps = accumulator(axes, options)
  maps.add({density: perSample.density, standardised: none, deviation: none, logits: null, details: null}, null)
  const numbers = maps.read()
  return numbers && {...numbers, signal: null, meanAbsZ: null, deviation: null}
}

/** The same from weights that are a map themselves; null when one is not finite. */
export function accumulatedFromWeights({axes, density, untrained}: OwnMap): Accumulated | null {
  if (!density.every(Number.isFinite)) return null
  return {
    ...onlyMean(axes),
    density: Float64Array.from(density),
    untrained: untrained && Float64Array.from(untrained)
  }
}

const onlyMean = (axes: MapAxes): Omit<Accumulated, 'density'> => ({
  axes,
  seen: 0,
  count: 0,
  leftOut: [],
  variance: null,
  classes: [],
  untrained: null,
  rowMeans: new Float64Array(0),
  untrainedRowMeans: null,
  cells: null,
  signal: null,
  meanAbsZ: null,
  deviation: null,
  measures: [],
  logits: null
})

function countOf(observed: RunResult, twin: Pick<RunResult, 'density'> | null, axes: MapAxes): number {
  const cells = axes.rows * axes.cols
  const n = observed.density.length / cells
  if (!Number.isInteger(n)) {
    throw new RangeError(
      `accumulate: ${observed.density.length} densities do not fill maps of ${axes.rows} × ${axes.cols}`
    )
  }
  if (twin !== null && twin.density.length !== observed.density.length) {
    throw new RangeError(
      `accumulate: ${observed.density.length} densities but ${twin.density.length} untrained; the inputs must be the same`
    )
  }
  return n
}

function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return false
  return true
}

/** Mean of each row of a (rows, cols) map. */
export function rowMeansOf(map: ArrayLike<number>, rows: number): Float64Array {
  const cols = map.length / rows
  return Float64Array.from({length: rows}, (_, row) => {
    let total = 0
    for (let i = row * cols; i < (row + 1) * cols; i++) total += map[i]!
    return total / cols
  })
}

function concatenated(parts: readonly Float64Array[], length: number): Float64Array {
  const whole = new Float64Array(parts.length * length)
  parts.forEach((part, i) => {
    whole.set(part, i * length)
  })
  return whole
}
