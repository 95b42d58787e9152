import {grid} from '@/lib/core/grid'
import type {SlicePart, TensorSlice} from './protocol'

/** Parts of a slice with more elements than this are reduced to at most so many rows and columns of cells. */
const mostElements = 1 << 21
const mostRows = 512
const mostCols = 1024

export interface SliceCells {
  /** Takes an element of the slice, counted from the slice's own first row and column. */
  add: (row: number, col: number, value: number) => void
  read: () => Pick<TensorSlice, 'cells' | 'spread' | 'extent' | 'notFinite'>
}

/** Gathers the elements of a part of a slice into cells: one each while they are few, else by rectangles. */
export function sliceCells({rows: [row0, row1], cols: [col0, col1]}: SlicePart): SliceCells {
  const [rows, cols] = [row1 - row0, col1 - col0]
  const whole = rows * cols <= mostElements
  const [height, width] = whole ? [rows, cols] : [Math.min(rows, mostRows), Math.min(cols, mostCols)]
  const sums = whole ? new Float32Array(height * width).fill(NaN) : new Float64Array(height * width)
  const spread = whole ? null : emptySpread(height * width)
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let notFinite = 0
  return {
    add: (row, col, value) => {
      if (!Number.isFinite(value)) return void notFinite++
      // Whole numbers are multiplied before they are divided, so that no element falls beside its cell.
      const at = Math.floor(((row - row0) * height) / rows) * width + Math.floor(((col - col0) * width) / cols)
      if (value < low) low = value
      if (value > high) high = value
      if (!spread) {
        sums[at] = value
        return
      }
      sums[at]! += value
      spread.counts[at]! += 1
      if (!(value >= spread.min[at]!)) spread.min[at] = value
      if (!(value <= spread.max[at]!)) spread.max[at] = value
    },
    read: () => ({
      cells: grid(
        height,
        width,
        spread ? Float32Array.from(sums, (sum, i) => sum / spread.counts[i]!) : (sums as Float32Array)
      ),
      spread: spread && {
        min: grid(height, width, spread.min),
        max: grid(height, width, spread.max),
        counts: spread.counts
      },
      extent: low <= high ? [low, high] : null,
      notFinite
    })
  }
}

const emptySpread = (cells: number) => ({
  min: new Float32Array(cells).fill(NaN),
  max: new Float32Array(cells).fill(NaN),
  counts: new Uint32Array(cells)
})
