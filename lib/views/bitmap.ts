import {type Ramp, rampSize, type Theme} from '@/lib/core/colour'
import type {Interval} from '@/lib/explain/explanation'
import type {CellRow} from '@/lib/views/cellRow'
import {type CellSpans, cellSpans} from '@/lib/views/cellSpans'
import type {HeatmapMarks} from '@/lib/views/heatmap'
import type {ShownCells} from '@/lib/views/shownCells'

/** Pixels of a picture, row-major RGBA bytes; transparent where the page shows through. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}

// A cell that is not a number has no colour: thin strokes of secondary ink on bare paper.
const hatchInk: Record<Theme, readonly [number, number, number]> = {light: [95, 105, 115], dark: [147, 160, 170]}
const hatchPeriod = 5

/**
 * The cells as device pixels: each has the colour of the mean of the cells it covers. `spare` is a picture of before,
 * whose memory is used again when the size is the same.
 */
export function bitmap(marks: HeatmapMarks, pixelRatio: number, spare: Bitmap | null = null): Bitmap {
  const [width = 0, height = 0] = [marks.width, marks.height].map((px) => Math.max(0, Math.round(px * pixelRatio)))
  const again = spare?.width === width && spare.height === height
  const rgba = again ? spare.rgba : new Uint8ClampedArray(4 * width * height)
  const pixels = new Uint32Array(rgba.buffer)
  if (marks.cells === null || width === 0) pixels.fill(0)
  else {
    const sheet: Sheet = {
      pixels,
      width,
      pixelRatio,
      columns: cellSpans(marks.cells.window, marks.cells.map.cols, width),
      rows: marks.cells.map.rows,
      line: lineOf(marks.cells, marks.domain),
      tints: tintsOf(marks.ramp),
      steps: new Float64Array(width),
      hatch: packed(hatchInk[marks.theme])
    }
    let painted = 0
    for (const row of [...marks.rows].sort((a, b) => a.y - b.y)) {
      const [top, bottom] = edgesOf(row, pixelRatio, height)
      if (again && top > painted) pixels.fill(0, painted * width, top * width)
      paintRow(sheet, row, top, bottom)
      painted = Math.max(painted, bottom)
    }
    if (again) pixels.fill(0, painted * width)
  }
  return {width, height, rgba}
}

interface Sheet {
  readonly pixels: Uint32Array
  readonly width: number
  readonly pixelRatio: number
  /** The map's columns under each column of pixels. */
  readonly columns: CellSpans
  /** How many the map has. */
  readonly rows: number
  readonly line: Line
  readonly tints: Uint32Array
  /** One line's steps on the ramp, before they become colours. */
  readonly steps: Float64Array
  readonly hatch: number
}

/**
 * For the rows from `from` to `to`, the step on the ramp of the mean of each column span, unrounded; NaN where a cell
 * is not finite.
 */
type Line = (steps: Float64Array, columns: CellSpans, from: number, to: number) => void

function edgesOf({y, height}: CellRow, pixelRatio: number, end: number): [number, number] {
  const top = Math.max(0, Math.round(y * pixelRatio))
  return [top, Math.min(end, Math.max(top + 1, Math.round((y + height) * pixelRatio)))]
}

function paintRow(sheet: Sheet, {from, to}: CellRow, top: number, bottom: number): void {
  const lines = bottom - top
  if (lines <= 0) return
  if (to - from === 1 && Number.isInteger(from)) {
    paintLine(sheet, from, to, top, bottom)
    return
  }
  // Rows that share a line of the figure still have pixels of their own within it.
  const {starts, stops} = cellSpans([from, to], sheet.rows, lines)
  for (let line = 0, next = 1; line < lines; line = next++) {
    while (next < lines && starts[next] === starts[line] && stops[next] === stops[line]) next++
    paintLine(sheet, starts[line]!, stops[line]!, top + line, top + next)
  }
}

function paintLine(sheet: Sheet, from: number, to: number, top: number, bottom: number): void {
  const {pixels, width, columns, line, tints, steps} = sheet
  line(steps, columns, from, to)
  const start = top * width
  let holes = 0
  for (let x = 0; x < width; x++) {
    const step = steps[x]!
    if (Number.isNaN(step)) holes++
    // Clamped, then rounded to the nearest: what `rampStep` does, on numbers that are scaled already.
    else pixels[start + x] = tints[step <= 0 ? 0 : step >= rampSize - 1 ? rampSize - 1 : (step + 0.5) | 0]!
  }
  if (holes > 0) for (let x = 0; x < width; x++) if (Number.isNaN(steps[x])) pixels[start + x] = 0
  for (let y = top + 1; y < bottom; y++) pixels.copyWithin(y * width, start, start + width)
  if (holes > 0) hatch(sheet, top, bottom)
}

function hatch({pixels, width, pixelRatio, steps, hatch: ink}: Sheet, top: number, bottom: number): void {
  const period = Math.max(2, Math.round(hatchPeriod * pixelRatio))
  const stroke = Math.max(1, Math.round(pixelRatio))
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < width; x++) if (Number.isNaN(steps[x]) && (x + y) % period < stroke) pixels[y * width + x] = ink
  }
}

function lineOf(cells: ShownCells, [low, high]: Interval): Line {
  // A map of one value alone has no range: it takes the middle of the scale.
  const factor = high > low ? (rampSize - 1) / (high - low) : 0
  const offset = high > low ? -low * factor : 127.5
  return cells.sums ? bySums(cells, factor, offset) : byCells(cells, factor, offset)
}

function bySums({map: {values, cols}, sums}: ShownCells, factor: number, offset: number): Line {
  const {sums: table, holes} = sums!
  const width = cols + 1
  return (steps, {starts, stops}, from, to) => {
    const [above, below] = [from * width, to * width]
    const rows = to - from
    for (let x = 0; x < steps.length; x++) {
      const [start, stop] = [starts[x]!, stops[x]!]
      const cells = (stop - start) * rows
      if (holes && holes[below + stop]! - holes[below + start]! - holes[above + stop]! + holes[above + start]! > 0)
        steps[x] = NaN
      else if (cells === 1) steps[x] = values[from * cols + start]! * factor + offset
      else {
        const sum = table[below + stop]! - table[below + start]! - table[above + stop]! + table[above + start]!
        steps[x] = (sum / cells) * factor + offset
      }
    }
  }
}

// While the sums are not there, every visible cell is looked at.
function byCells({map: {values, cols}}: ShownCells, factor: number, offset: number): Line {
  return (steps, {starts, stops}, from, to) => {
    for (let x = 0; x < steps.length; x++) {
      let sum = 0
      for (let row = from; row < to; row++)
        for (let col = starts[x]!; col < stops[x]!; col++) sum += values[row * cols + col]!
      const step = (sum / ((stops[x]! - starts[x]!) * (to - from))) * factor + offset
      // Infinities of either sign are no more a number than NaN is.
      steps[x] = Number.isFinite(step) ? step : NaN
    }
  }
}

const tintsOf = ({rgb}: Ramp): Uint32Array =>
  Uint32Array.from({length: rgb.length / 3}, (_, i) => packed([rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!]))

// Every machine a browser runs on today is little-endian: red is the lowest byte.
const packed = ([red, green, blue]: readonly [number, number, number]): number =>
  ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
