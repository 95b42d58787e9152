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
export function bitmap({cells, rows, ramp, domain, theme, width, height}: HeatmapMarks, pixelRatio: number): Bitmap {
  const size = {width: Math.round(width * pixelRatio), height: Math.round(height * pixelRatio)}
  const rgba = new Uint8ClampedArray(4 * size.width * size.height)
  if (cells !== null) {
    const pixels = new Uint32Array(rgba.buffer)
    const binAt = binOfPixels(cells, size.width, pixelRatio)
    const tints = tintsOf(ramp)
    for (const row of rows)
      paintRow(pixels, size, row, cells, binAt, tints, domain, packed(hatchInk[theme]), pixelRatio)
  }
  return {...size, rgba}
}

function paintRow(
  pixels: Uint32Array,
  size: {width: number; height: number},
  {layer, y, height}: CellRow,
  {mean, notFinite}: ReducedCells,
  binAt: Int32Array,
  tints: Uint32Array,
  [low, high]: readonly [number, number],
  hatch: number,
  pixelRatio: number
): void {
  const top = Math.max(0, Math.round(y * pixelRatio))
  const bottom = Math.min(size.height, Math.max(top + 1, Math.round((y + height) * pixelRatio)))
  const line = pixels.subarray(top * size.width, (top + 1) * size.width)
  const offset = layer * mean.cols
  const range = high - low
  let holes = false
  for (let x = 0; x < size.width; x++) {
    const i = offset + binAt[x]!
    if (notFinite.values[i]! > 0) holes = true
    else line[x] = tints[rampStep(range > 0 ? (mean.values[i]! - low) / range : 0.5)]!
  }
  for (let yy = top + 1; yy < bottom; yy++) pixels.copyWithin(yy * size.width, top * size.width, (top + 1) * size.width)
  if (!holes) return
  const period = Math.max(2, Math.round(hatchPeriod * pixelRatio))
  const stroke = Math.max(1, Math.round(pixelRatio))
  for (let yy = top; yy < bottom; yy++) {
    for (let x = 0; x < size.width; x++) {
      if (notFinite.values[offset + binAt[x]!]! > 0 && (x + yy) % period < stroke) pixels[yy * size.width + x] = hatch
    }
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
