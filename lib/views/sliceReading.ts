import {count} from '@/lib/core/number'
import type {TensorSlice} from '@/lib/engine/protocol'
import {cellSpans} from '@/lib/views/cellSpans'
import type {CellWindow} from '@/lib/views/cellWindow'
import type {PointReading} from '@/lib/views/rowReading'
import {type BoxReading, readBox} from '@/lib/views/shownCells'
import type {TensorMap} from '@/lib/views/tensorMap'

/**
 * What lies under a point of a slice's map (px from its cells' corner): an element, or the smallest, mean and largest of
 * those that share the pixel. Rows and columns count from zero, as in Python. Null beside the map.
 */
export function sliceReading({marks, slice}: TensorMap, x: number, y: number): PointReading | null {
  const {cells, rows: bands, width, height} = marks
  const band = bands[0]
  if (!cells || !band || x < 0 || y < 0 || x >= width || y >= height) return null
  const cols = spanAt(cells.window, cells.map.cols, width, x)
  const rows = spanAt([band.from, band.to], cells.map.rows, height, y)
  const at = {rows: elementsOf(slice, 'rows', rows), cols: elementsOf(slice, 'cols', cols)}
  const box = slice.spread ? readCells(slice, rows, cols) : readBox(slice.cells, {rows, cols})
  const column = named('Column', at.cols)
  return {
    title: slice.rows > 1 ? `${named('Row', at.rows)}, ${column.toLowerCase()}` : column,
    rows:
      box.cells === 1
        ? [{label: 'Value', value: text(box.mean)}]
        : [
            {label: 'Elements', value: count(box.cells)},
            {label: 'Smallest', value: text(box.min)},
            {label: 'Mean', value: text(box.mean)},
            {label: 'Largest', value: text(box.max)},
            ...(box.notFinite > 0 ? [{label: 'Not finite', value: count(box.notFinite)}] : [])
          ]
  }
}

type Span = readonly [number, number]

function spanAt(window: CellWindow, cells: number, length: number, px: number): Span {
  const {starts, stops} = cellSpans(window, cells, Math.max(1, Math.round(length)))
  const pixel = Math.min(starts.length - 1, Math.floor((px / length) * starts.length))
  return [starts[pixel]!, stops[pixel]!]
}

// The elements behind cells, by the same division that gathered them.
function elementsOf({part, cells}: TensorSlice, axis: 'rows' | 'cols', [start, stop]: Span): Span {
  const [from, to] = part[axis]
  const first = (cell: number) => from + Math.ceil((cell * (to - from)) / cells[axis])
  return [first(start), first(stop)]
}

function readCells(slice: TensorSlice, rows: Span, cols: Span): BoxReading {
  const {min, max, counts} = slice.spread!
  const {cells} = slice
  let [low, high, sum, finite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let col = cols[0]; col < cols[1]; col++) {
      const at = row * cells.cols + col
      if (counts[at] === 0) continue
      low = Math.min(low, min.values[at]!)
      high = Math.max(high, max.values[at]!)
      sum += cells.values[at]! * counts[at]!
      finite += counts[at]!
    }
  }
  const [down, across] = [elementsOf(slice, 'rows', rows), elementsOf(slice, 'cols', cols)]
  const all = (down[1] - down[0]) * (across[1] - across[0])
  const none = finite === 0
  return {
    cells: all,
    min: none ? NaN : low,
    mean: none ? NaN : sum / finite,
    max: none ? NaN : high,
    notFinite: all - finite
  }
}

const named = (noun: string, [start, stop]: Span): string =>
  stop - start === 1 ? `${noun} ${count(start)}` : `${noun}s ${count(start)}–${count(stop - 1)}`

const text = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(7))).replace('-', '−') : 'not finite'
