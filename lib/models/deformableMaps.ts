import {cellsOf, type Grid} from './deformableGrids'

/** Cells of the common grid at most: columns of the map. */
const mostCells = 1024

/** The finest stage's grid that the map has room for, on which all blocks are shown; else the coarsest. */
export const commonGrid = (grids: readonly Grid[]): Grid =>
  grids.find((grid) => cellsOf(grid) <= mostCells) ?? grids.at(-1)!

/**
 * Attention that falls on sampling points, laid on the cells they are read from with the weights of bilinear sampling.
 * `mass` (heads, points), `points` (groups, points, 2); heads belong to groups in order. What is read beyond the edge
 * is laid nowhere. Gives (cells) of the block's own grid.
 */
export function laidOnCells(
  mass: Float32Array,
  points: Float32Array,
  grid: Grid,
  heads: number,
  groups: number
): Float64Array {
  const [rows, cols] = grid
  const count = mass.length / heads
  const cells = new Float64Array(rows * cols)
  for (let head = 0; head < heads; head++)
    for (let point = 0; point < count; point++) {
      const at = (Math.floor((head * groups) / heads) * count + point) * 2
      const down = ((points[at]! + 1) / 2) * (rows - 1)
      const across = ((points[at + 1]! + 1) / 2) * (cols - 1)
      const [top, left] = [Math.floor(down), Math.floor(across)]
      for (const row of [top, top + 1])
        for (const col of [left, left + 1]) {
          if (!(row >= 0 && row < rows && col >= 0 && col < cols)) continue
          cells[row * cols + col]! +=
            (mass[head * count + point]! / heads) * (1 - Math.abs(down - row)) * (1 - Math.abs(across - col))
        }
    }
  return cells
}

/**
 * Density on one grid shown on another: each cell is given the mean over its area of what lies there. A density of 1
 * everywhere stays so.
 */
export function onGrid(density: Float64Array, from: Grid, to: Grid): Float64Array {
  const [down, across] = [overlaps(from[0], to[0]), overlaps(from[1], to[1])]
  const shown = new Float64Array(cellsOf(to))
  for (const [row, above] of down.entries())
    for (const [col, beside] of across.entries()) {
      let sum = 0
      for (const [i, tall] of above) for (const [j, wide] of beside) sum += tall * wide * density[i * from[1] + j]!
      shown[row * to[1] + col] = sum
    }
  return shown
}

/** For each of `to` equal parts of a length, the parts of `from` it covers and its share of each. */
function overlaps(from: number, to: number): readonly (readonly (readonly [part: number, share: number])[])[] {
  return Array.from({length: to}, (_, at) => {
    const [start, stop] = [(at * from) / to, ((at + 1) * from) / to]
    const parts: (readonly [number, number])[] = []
    for (let part = Math.floor(start); part < Math.min(from, Math.ceil(stop)); part++) {
      const share = (Math.min(stop, part + 1) - Math.max(start, part)) / (stop - start)
      if (share > 1e-9) parts.push([part, share])
    }
    return parts
  })
}

/** (v − mean) / deviation over one block's cells; zeros where all are equal. */
export function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0
  return values.map((value) => (value - mean) * scale)
}

/** Mean distance between two sets of points (…, 2), in cells of a grid. */
export function meanShift(a: Float32Array, b: Float32Array, [rows, cols]: Grid): number {
  let sum = 0
  for (let at = 0; at < a.length; at += 2)
    sum += Math.hypot(
      ((a[at]! - b[at % b.length]!) * (rows - 1)) / 2,
      ((a[at + 1]! - b[(at % b.length) + 1]!) * (cols - 1)) / 2
    )
  return (2 * sum) / a.length
}

/** Points (…, 2) from -1 and 1 at the outer cells' centres to shares of the picture, 0 and 1 at its edges. */
export const asShares = (points: Float32Array, [rows, cols]: Grid): Float32Array =>
  points.map((value, i) => {
    const size = i % 2 === 0 ? rows : cols
    return (((value + 1) / 2) * (size - 1) + 0.5) / size
  })
