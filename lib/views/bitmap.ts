import {type Ramp, rampStep, type Theme} from '@/lib/core/colour'
import type {CellRow} from '@/lib/views/cellRow'
import type {HeatmapMarks} from '@/lib/views/heatmap'
import type {ReducedCells} from '@/lib/views/reducedCells'

/** Pixels of a picture, row-major RGBA bytes; transparent where the page shows through. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}

// A cell that is not a number has no colour: thin strokes of secondary ink on bare paper.
const hatchInk: Record<Theme, readonly [number, number, number]> = {light: [95, 105, 115], dark: [147, 160, 170]}
const hatchPeriod = 5

/** The cells as device pixels: every edge falls on a pixel, and no colour is mixed from two cells. */
export function bitmap(marks: HeatmapMarks, pixelRatio: number): Bitmap {
  const [width, height] = [marks.width, marks.height].map((length) => Math.max(0, Math.round(length * pixelRatio)))
  const rgba = new Uint8ClampedArray(4 * width! * height!)
  if (marks.cells !== null && width! > 0) {
    const sheet: Sheet = {
      pixels: new Uint32Array(rgba.buffer),
      width: width!,
      height: height!,
      pixelRatio,
      binAt: binOfPixels(marks.cells, width!, pixelRatio),
      hatch: packed(hatchInk[marks.theme])
    }
    const tints = tintsOf(marks.ramp)
    const [low, high] = marks.domain
    // A map of one value alone has no range: it takes the middle of the scale.
    const tint = (value: number) => tints[rampStep(high > low ? (value - low) / (high - low) : 0.5)]!
    for (const row of marks.rows) paintRow(sheet, row, marks.cells, tint)
  }
  return {width: width!, height: height!, rgba}
}

interface Sheet {
  readonly pixels: Uint32Array
  readonly width: number
  readonly height: number
  readonly pixelRatio: number
  /** The bin under each column of pixels. */
  readonly binAt: Int32Array
  readonly hatch: number
}

function paintRow(
  {pixels, width, height, pixelRatio, binAt, hatch}: Sheet,
  row: CellRow,
  {mean, notFinite}: ReducedCells,
  tint: (value: number) => number
): void {
  const top = Math.max(0, Math.round(row.y * pixelRatio))
  const bottom = Math.min(height, Math.max(top + 1, Math.round((row.y + row.height) * pixelRatio)))
  const start = top * width
  const holes: number[] = []
  for (let x = 0; x < width; x++) {
    const cell = row.layer * mean.cols + binAt[x]!
    if (notFinite.values[cell]! > 0) holes.push(x)
    else pixels[start + x] = tint(mean.values[cell]!)
  }
  for (let y = top + 1; y < bottom; y++) pixels.copyWithin(y * width, start, start + width)
  const period = Math.max(2, Math.round(hatchPeriod * pixelRatio))
  const stroke = Math.max(1, Math.round(pixelRatio))
  for (let y = top; y < bottom; y++) {
    for (const x of holes) if ((x + y) % period < stroke) pixels[y * width + x] = hatch
  }
}

function binOfPixels({edges, mean}: ReducedCells, width: number, pixelRatio: number): Int32Array {
  const bins = new Int32Array(width)
  let bin = 0
  for (let x = 0; x < width; x++) {
    while (bin < mean.cols - 1 && edges[bin + 1]! * pixelRatio <= x + 0.5) bin++
    bins[x] = bin
  }
  return bins
}

function tintsOf({rgb}: Ramp): Uint32Array {
  return Uint32Array.from({length: rgb.length / 3}, (_, i) => packed([rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!]))
}

// Every machine a browser runs on today is little-endian: red is the lowest byte.
const packed = ([red, green, blue]: readonly [number, number, number]): number =>
  ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
