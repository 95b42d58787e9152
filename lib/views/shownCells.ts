import type {Grid} from '@/lib/core/grid'
import type {MapSums} from '@/lib/core/mapSums'
import type {CellWindow} from '@/lib/views/cellWindow'

/** A map and the part of its columns that is drawn. */
export interface ShownCells {
  readonly map: Grid
  /** Its running sums, once they are there: then a redraw looks up as many numbers as it has pixels. */
  readonly sums: MapSums | null
  readonly window: CellWindow
  /** Px. */
  readonly width: number
  /** Columns per pixel; at most 1 when every cell is as wide as a pixel. */
  readonly perPixel: number
}

/** A rectangle of cells; the second of each pair is exclusive. */
export interface CellBox {
  readonly rows: readonly [number, number]
  readonly cols: readonly [number, number]
}

/** What a rectangle of cells holds: its finite cells' smallest, mean and largest, and how many are not finite. */
export interface BoxReading {
  readonly cells: number
  readonly min: number
  readonly mean: number
  readonly max: number
  readonly notFinite: number
}

/** The columns that share a pixel with this one, those of the map that are out of view left out. */
export function columnsBeside({map, window, width, perPixel}: ShownCells, column: number): readonly [number, number] {
  if (perPixel <= 1) return [column, column + 1]
  const pixel = Math.floor((column + 0.5 - window[0]) / perPixel)
  if (pixel < 0 || pixel >= width) return [column, column + 1]
  const first = (at: number) => Math.max(0, Math.min(map.cols, Math.ceil(window[0] + at * perPixel - 0.5)))
  return [first(pixel), first(pixel + 1)]
}

/** Looks at every cell of a rectangle: exact, and meant for the few under a pointer. NaN where none is finite. */
export function readBox({cols: width, values}: Grid, {rows, cols}: CellBox): BoxReading {
  let [min, max, sum, notFinite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let col = cols[0]; col < cols[1]; col++) {
      const value = values[row * width + col]!
      if (!Number.isFinite(value)) notFinite += 1
      else {
        if (value < min) min = value
        if (value > max) max = value
        sum += value
      }
    }
  }
  const cells = (rows[1] - rows[0]) * (cols[1] - cols[0])
  const finite = cells - notFinite
  return finite > 0
    ? {cells, min, mean: sum / finite, max, notFinite}
    : {cells, min: NaN, mean: NaN, max: NaN, notFinite}
}
