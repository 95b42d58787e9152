import type {Grid} from '@/lib/core/grid'
import type {ColumnWindow} from '@/lib/views/columnWindow'

/**
 * The visible cells of a map, at most one bin per pixel. Each bin keeps the mean, the smallest and the largest of its
 * finite cells, and how many are not finite. Every cell whose centre is visible falls into exactly one bin.
 */
export interface ReducedCells {
  /** Left edge of every bin and right edge of the last: bins + 1 values, px. */
  readonly edges: Float64Array
  /** (map rows, bins); NaN in a bin without a finite cell. */
  readonly mean: Grid
  readonly min: Grid
  readonly max: Grid
  readonly notFinite: Grid
  /** Columns per pixel; at most 1 when every cell is a bin of its own. */
  readonly perPixel: number
  /** The bin of a column; may lie outside 0..bins − 1 when the column is not visible. */
  readonly binOf: (column: number) => number
}

/** Reduces the columns of `window` to at most `width` bins. */
export function reducedCells(map: Grid, window: ColumnWindow, width: number): ReducedCells {
  const known = latest.get(map)
  if (known?.window[0] === window[0] && known.window[1] === window[1] && known.width === width) return known.cells
  const cells = reduce(map, window, width)
  latest.set(map, {window, width, cells})
  return cells
}

// Rows travel and pointers move without the window changing; the cells need not be counted again for that.
const latest = new WeakMap<Grid, {window: ColumnWindow; width: number; cells: ReducedCells}>()

function reduce(map: Grid, window: ColumnWindow, width: number): ReducedCells {
  const {bins, edges, binOf} = binsOf(window, width)
  const [mean, min, max, notFinite] = [0, 1, 2, 3].map(() => new Float32Array(map.rows * bins))
  const first = Math.max(0, Math.floor(window[0]))
  const last = Math.min(map.cols, Math.ceil(window[1]))
  const counts = new Uint32Array(bins)
  const sums = new Float64Array(bins)
  min!.fill(Number.POSITIVE_INFINITY)
  max!.fill(Number.NEGATIVE_INFINITY)

  for (let row = 0; row < map.rows; row++) {
    counts.fill(0)
    sums.fill(0)
    for (let col = first; col < last; col++) {
      const bin = binOf(col)
      if (bin < 0 || bin >= bins) continue
      const value = map.values[row * map.cols + col]!
      const i = row * bins + bin
      if (!Number.isFinite(value)) {
        notFinite![i]! += 1
        continue
      }
      counts[bin]! += 1
      sums[bin]! += value
      if (value < min![i]!) min![i] = value
      if (value > max![i]!) max![i] = value
    }
    for (let bin = 0; bin < bins; bin++) {
      const i = row * bins + bin
      if (counts[bin] === 0) mean![i] = min![i] = max![i] = NaN
      else mean![i] = sums[bin]! / counts[bin]!
    }
  }
  const table = (values: Float32Array): Grid => ({rows: map.rows, cols: bins, values})
  return {
    edges,
    mean: table(mean!),
    min: table(min!),
    max: table(max!),
    notFinite: table(notFinite!),
    perPixel: (window[1] - window[0]) / width,
    binOf
  }
}

// One bin per column while columns are a pixel or wider, clipped at the panel's sides; then one bin per pixel.
function binsOf([start, stop]: ColumnWindow, width: number) {
  const extent = stop - start
  if (extent <= width) {
    const first = Math.floor(start)
    const bins = Math.ceil(stop) - first
    const edge = (i: number) => Math.max(0, Math.min(width, ((first + i - start) / extent) * width))
    return {bins, edges: Float64Array.from({length: bins + 1}, (_, i) => edge(i)), binOf: (col: number) => col - first}
  }
  const bins = Math.max(1, Math.floor(width))
  return {
    bins,
    edges: Float64Array.from({length: bins + 1}, (_, i) => (i / bins) * width),
    binOf: (col: number) => Math.floor(((col + 0.5 - start) / extent) * bins)
  }
}
