import type {CellWindow} from '@/lib/views/cellWindow'

/** Which cells each pixel of an axis covers: from `starts[i]` to `stops[i]`, exclusive; none where both are equal. */
export interface CellSpans {
  readonly starts: Int32Array
  readonly stops: Int32Array
}

/**
 * The cells under each of `pixels` equal pixels of a window. Where cells are a pixel or wider each pixel has the one
 * under its middle; where they are narrower, those whose middles it covers, so that each falls into exactly one.
 */
export function cellSpans([start, stop]: CellWindow, cells: number, pixels: number): CellSpans {
  const starts = new Int32Array(pixels)
  const stops = new Int32Array(pixels)
  const perPixel = (stop - start) / pixels
  const inside = (cell: number) => Math.max(0, Math.min(cells, cell))
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (perPixel > 1) {
      starts[pixel] = Math.min(cells - 1, inside(Math.ceil(start + pixel * perPixel - 0.5)))
      // Rounding must not leave a pixel without a cell.
      stops[pixel] = Math.max(starts[pixel]! + 1, inside(Math.ceil(start + (pixel + 1) * perPixel - 0.5)))
    } else {
      starts[pixel] = Math.min(cells - 1, inside(Math.floor(start + (pixel + 0.5) * perPixel)))
      stops[pixel] = starts[pixel]! + 1
    }
  }
  return {starts, stops}
}
