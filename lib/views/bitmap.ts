import {type Ramp, rampSize, type Theme} from '@/lib/core/colour'
import type {Grid} from '@/lib/core/grid'
import type {MapSums} from '@/lib/core/mapSums'
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
    const columns = cellSpans(marks.cells.window, marks.cells.map.cols, width)
    const scale = scaleOf(marks.domain, columns)
    const sheet: Sheet = {
      pixels,
      width,
      rows: marks.cells.map.rows,
      line: lineOf(marks.cells, columns, marks.rows, pixelRatio),
      quick: quickOf(marks.cells, columns, scale),
      scale,
      tints: tintsOf(marks.ramp),
      totals: new Float64Array(width),
      hatch: hatchOf(marks.theme, pixelRatio)
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
  /** How many the map has. */
  readonly rows: number
  readonly line: Line
  /** The cells themselves, where lines can be painted the quick way. */
  readonly quick: {readonly values: Float32Array; readonly cols: number; readonly starts: Int32Array} | null
  readonly scale: Scale
  readonly tints: Uint32Array
  /** Of one line: the sum of the cells under each pixel, NaN where one of them is not finite. */
  readonly totals: Float64Array
  readonly hatch: Hatch
}

/** Strokes over what is not a number: their colour, and how wide and how far apart they are, in pixels. */
interface Hatch {
  readonly ink: number
  readonly stroke: number
  readonly period: number
}

export const hatchOf = (theme: Theme, pixelRatio: number): Hatch => ({
  ink: packed(hatchInk[theme]),
  stroke: Math.max(1, Math.round(pixelRatio)),
  period: Math.max(2, Math.round(hatchPeriod * pixelRatio))
})

/** From a pixel's sum over its rows and columns to a step of the ramp: `sum × shares[x] / rows + offset`. */
interface Scale {
  readonly shares: Float64Array
  readonly offset: number
}

/** Sums the cells from row `from` to row `to` under each pixel. */
type Line = (totals: Float64Array, from: number, to: number) => void

function scaleOf([low, high]: Interval, {starts, stops}: CellSpans): Scale {
  // A map of one value alone has no range: it takes the middle of the scale.
  const factor = high > low ? (rampSize - 1) / (high - low) : 0
  const shares = new Float64Array(starts.length)
  for (let x = 0; x < shares.length; x++) shares[x] = factor / (stops[x]! - starts[x]!)
  return {
    shares,
    offset: high > low ? -low * factor : (rampSize - 1) / 2
  }
}

/** The first line of pixels of a row and the one after its last. */
export function edgesOf({y, height}: CellRow, pixelRatio: number, end: number): [number, number] {
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
  const {pixels, width, line, totals} = sheet
  const start = top * width
  let holes = false
  if (!quickLine(sheet, start, from, to)) {
    line(totals, from, to)
    holes = colourLine(sheet, start, 1 / (to - from))
  }
  for (let y = top + 1; y < bottom; y++) pixels.copyWithin(y * width, start, start + width)
  if (holes) hatch(sheet, top, bottom)
}

/**
 * The same as summing and colouring, in one go, for the most frequent line: one row or two, a column per pixel. False
 * for another line.
 */
function quickLine({pixels, width, quick, tints, scale}: Sheet, start: number, from: number, to: number): boolean {
  if (quick === null || to - from > 2) return false
  const {values, cols, starts} = quick
  const [first, second] = [from * cols, (to - 1) * cols]
  const [factor, offset] = [scale.shares[0]! / 2, scale.offset + 0.5]
  const last = rampSize - 1
  for (let x = 0; x < width; x++) {
    const column = starts[x]!
    const step = ((values[first + column]! + values[second + column]!) * factor + offset) | 0
    pixels[start + x] = tints[step < 0 ? 0 : step > last ? last : step]!
  }
  return true
}

/** What quick lines need: no pixel covers two columns, every cell is finite, and its step is a whole number of 32 bits. */
function quickOf({map, sums}: ShownCells, {starts, stops}: CellSpans, {shares, offset}: Scale): Sheet['quick'] {
  if (sums === null || sums.holes !== null) return null
  const fits = [sums.min, sums.max].every((value) => Math.abs(value * shares[0]! + offset) < 2 ** 30)
  return fits && starts.every((start, x) => stops[x] === start + 1) ? {...map, starts} : null
}

/** Puts the colour of each mean into a line of pixels; true when some are left bare, for want of a number. */
function colourLine({pixels, width, totals, tints, scale}: Sheet, start: number, perRow: number): boolean {
  const {shares, offset} = scale
  const last = rampSize - 1
  let holes = false
  for (let x = 0; x < width; x++) {
    const step = totals[x]! * (shares[x]! * perRow) + offset
    // Clamped, then rounded to the nearest: what `rampStep` does, on numbers that are scaled already.
    if (step > 0 && step < last) pixels[start + x] = tints[(step + 0.5) | 0]!
    // Infinities of either sign are no more a number than NaN is; the sum of finite cells is finite.
    else if (Number.isFinite(totals[x])) pixels[start + x] = tints[step > 0 ? last : 0]!
    else {
      totals[x] = NaN
      pixels[start + x] = 0
      holes = true
    }
  }
  return holes
}

function hatch({pixels, width, totals, hatch: {ink, stroke, period}}: Sheet, top: number, bottom: number): void {
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < width; x++)
      if (Number.isNaN(totals[x]) && (x + y) % period < stroke) pixels[y * width + x] = ink
  }
}

/** Up to so many cells per pixel are sooner looked at than looked up: sums take twice the memory of cells. */
const fewPerPixel = 4

function lineOf(cells: ShownCells, columns: CellSpans, rows: readonly CellRow[], pixelRatio: number): Line {
  const across = cells.perPixel / pixelRatio
  const down = Math.max(...rows.map(({from, to, height}) => (to - from) / (height * pixelRatio)))
  const many = Math.max(1, across) * Math.max(1, down) > fewPerPixel
  return cells.sums && many ? bySums(cells.sums, columns) : byCells(cells.map, columns)
}

function bySums({cols, sums, holes}: MapSums, {starts, stops}: CellSpans): Line {
  const width = cols + 1
  return (totals, from, to) => {
    const above = sums.subarray(from * width, (from + 1) * width)
    const below = sums.subarray(to * width, (to + 1) * width)
    for (let x = 0; x < totals.length; x++) {
      const [start, stop] = [starts[x]!, stops[x]!]
      totals[x] = below[stop]! - below[start]! - above[stop]! + above[start]!
    }
    if (holes === null) return
    for (let x = 0; x < totals.length; x++) {
      const [start, stop] = [starts[x]!, stops[x]!]
      const missing = (row: number) => holes[row * width + stop]! - holes[row * width + start]!
      if (missing(to) > missing(from)) totals[x] = NaN
    }
  }
}

function byCells({cols, values}: Grid, {starts, stops}: CellSpans): Line {
  return (totals, from, to) => {
    totals.fill(0)
    for (let row = from; row < to; row++) {
      const line = values.subarray(row * cols, (row + 1) * cols)
      for (let x = 0; x < totals.length; x++) {
        let sum = totals[x]!
        for (let col = starts[x]!; col < stops[x]!; col++) sum += line[col]!
        totals[x] = sum
      }
    }
  }
}

/** The colours of a ramp as four bytes each, red the lowest. */
export function tintsOf({rgb}: Ramp): Uint32Array {
  const known = tintsKnown.get(rgb)
  if (known) return known
  const tints = Uint32Array.from({length: rampSize}, (_, i) => packed([rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!]))
  tintsKnown.set(rgb, tints)
  return tints
}

const tintsKnown = new WeakMap<Uint8Array, Uint32Array>()

// Every machine a browser runs on today is little-endian: red is the lowest byte.
const packed = ([red, green, blue]: readonly [number, number, number]): number =>
  ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
