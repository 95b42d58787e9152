import type {Grid} from '@/lib/core/grid'

/**
 * Running sums over a map, from which the mean of any rectangle of its cells follows by four readings, exact to the
 * rounding of float64 however many cells it holds (a summed-area table: Crow 1984). Cells that are not finite are left
 * out, and counted.
 */
export interface MapSums {
  readonly rows: number
  readonly cols: number
  /** (rows + 1, cols + 1): at (r, c), the sum of all finite cells above row r and before column c. */
  readonly sums: Float64Array
  /** The same for the number of cells that are not finite; null when all are finite. */
  readonly holes: Uint32Array | null
  /** Smallest and largest finite cell; infinite the wrong way round without any. */
  readonly min: number
  readonly max: number
}

/** Sums up a map: one pass, 8 bytes per cell, 12 where some are not finite. */
export function mapSums({rows, cols, values}: Grid): MapSums {
  const width = cols + 1
  const sums = new Float64Array((rows + 1) * width)
  let holes: Uint32Array | null = null
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let row = 0; row < rows; row++) {
    let along = 0
    let missing = 0
    for (let col = 0; col < cols; col++) {
      const value = values[row * cols + col]!
      const at = (row + 1) * width + col + 1
      if (Number.isFinite(value)) {
        along += value
        if (value < min) min = value
        if (value > max) max = value
      } else {
        missing += 1
        holes ??= new Uint32Array(sums.length)
      }
      sums[at] = sums[at - width]! + along
      if (holes) holes[at] = holes[at - width]! + missing
    }
  }
  return {rows, cols, sums, holes, min, max}
}
