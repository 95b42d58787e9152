import {ShapeError} from '@/lib/core/errors'
import {count as numeral} from '@/lib/core/number'
import type {BlockPlan, PyramidPlan, Release, Step} from './deformablePlan'
import {shapeText} from './shape'

/** Cells down and across. */
export type Grid = readonly [rows: number, cols: number]

export const cellsOf = ([rows, cols]: Grid): number => rows * cols

/** The size that a strided convolution leaves. */
export const afterStep = ([rows, cols]: Grid, {kernel, stride, padding}: Omit<Step, 'at'>): Grid => [
  Math.floor((rows + 2 * padding - kernel[0]) / stride[0]) + 1,
  Math.floor((cols + 2 * padding - kernel[1]) / stride[1]) + 1
]

/**
 * The grid of each stage for inputs of this size. Throws ShapeError where a stage has no cells, windows do not divide
 * it, or a table of positions is of another size.
 */
export function gridsOf({stem, down, stages, release}: PyramidPlan, input: Grid): readonly Grid[] {
  let grid = stem.reduce(afterStep, input)
  return stages.map(({blocks, stride, grid: wanted}, s) => {
    if (s > 0) grid = afterStep(grid, down[s - 1]!)
    const [rows, cols] = grid
    const why = (needed: string) =>
      new ShapeError(`inputs are ${shapeText(input)}, which makes stage ${s + 1} a grid ${shapeText(grid)}; ${needed}`)
    if (!(rows > 0 && cols > 0)) throw why('at least one cell is needed')
    if (wanted && (rows !== wanted[0] || cols !== wanted[1])) throw why(`its tables are for ${shapeText(wanted)}`)
    for (const block of blocks) {
      if (pairsOf(block, grid, stride, release) > mostPairs)
        throw why(`of more than ${numeral(mostPairs)} pairs of a query and a key it would not fit any backend`)
      if (block.kind === 'window' || block.kind === 'shifted') {
        const [tall, wide] = block.window
        const divides = (a: number, b: number) => rows % a === 0 && cols % b === 0
        if (!divides(tall, wide) && !divides(wide, tall))
          throw why(`its windows ${shapeText(block.window)} must divide it`)
      }
      if (block.kind === 'deformable') {
        const points = pointsOf(grid, block.kernel, stride, release)
        // The later release divides by how many steps there are.
        const least = release === '2023' ? 2 : 1
        if (Math.min(...points, ...grid) < least)
          throw why(
            `${least} sampling points are needed on each axis, and with a stride of ${stride} it has ${shapeText(points)}`
          )
      }
    }
    return grid
  })
}

/** Queries times the keys that each attends to. */
const mostPairs = 2 ** 26

function pairsOf(block: BlockPlan, grid: Grid, stride: number, release: Release): number {
  if (block.kind === 'neighbourhood') return cellsOf(roomFor(grid, block.reach)) * block.reach ** 2
  const keys = block.kind === 'deformable' ? pointsOf(grid, block.kernel, stride, release) : block.window
  return cellsOf(grid) * cellsOf(keys)
}

/** How many sampling points a deformable block has. */
export function pointsOf(grid: Grid, kernel: Grid | null, stride: number, release: Release): Grid {
  if (!kernel) return [Math.floor(grid[0] / stride), Math.floor(grid[1] / stride)]
  const padding = paddingOf(kernel, stride, release)
  const steps = (axis: 0 | 1) => Math.floor((grid[axis] + 2 * padding[axis] - kernel[axis]) / stride) + 1
  return [steps(0), steps(1)]
}

/** Of the offset network: half the kernel; in 2023 none where kernels stand side by side. */
export const paddingOf = ([tall, wide]: Grid, stride: number, release: Release): Grid => [
  release === '2023' && tall === stride ? 0 : tall >> 1,
  release === '2023' && wide === stride ? 0 : wide >> 1
]

/**
 * Where sampling points stand before they move, (y, x) each, row by row. In 2022 they are cell centres with -1 and 1 at
 * the map's edges; in 2023 the same centres are counted in steps between first and last, so they lie half a cell further
 * down and across, the last ones beyond the edge.
 */
export function referencePoints([rows, cols]: Grid, release: Release): Float32Array {
  const along = (i: number, size: number) => ((i + 0.5) / (release === '2023' ? size - 1 : size)) * 2 - 1
  return gridOf([rows, cols], along)
}

/** Where queries stand for their distance to points: in 2022 as sampling points, in 2023 from -1 to 1. */
export function queryPoints(grid: Grid, release: Release): Float32Array {
  return release === '2022' ? referencePoints(grid, release) : gridOf(grid, (i, size) => (i / (size - 1)) * 2 - 1)
}

function gridOf([rows, cols]: Grid, along: (i: number, size: number) => number): Float32Array {
  return Float32Array.from({length: rows * cols * 2}, (_, i) => {
    const cell = i >> 1
    return i % 2 === 0 ? along(Math.floor(cell / cols), rows) : along(cell % cols, cols)
  })
}

/** Cells in the order of windows, one window after the other; shifted by half a window, and round the edges. */
export function windowOrder([rows, cols]: Grid, [tall, wide]: Grid, shifted: boolean): Float32Array {
  const [down, across] = shifted ? [Math.ceil(tall / 2), Math.ceil(wide / 2)] : [0, 0]
  const order = new Float32Array(rows * cols)
  let at = 0
  for (let top = 0; top < rows; top += tall)
    for (let left = 0; left < cols; left += wide)
      for (let i = 0; i < tall; i++)
        for (let j = 0; j < wide; j++) order[at++] = ((top + i + down) % rows) * cols + ((left + j + across) % cols)
  return order
}

/** Where each cell went. */
export function inverseOf(order: Float32Array): Float32Array {
  const inverse = new Float32Array(order.length)
  for (const [at, cell] of order.entries()) inverse[cell] = at
  return inverse
}

/**
 * What is added to the scores inside windows, (windows or 1, cells, cells, heads): the table by distance, and -100
 * between cells that the shift brought together from opposite edges.
 */
export function windowBias(
  table: Float32Array,
  heads: number,
  {grid, window, shifted}: {readonly grid: Grid; readonly window: Grid; readonly shifted: boolean}
): {readonly shape: readonly [number, number, number, number]; readonly values: Float32Array} {
  const [tall, wide] = window
  const [rows, cols] = grid
  const cells = tall * wide
  const across = cols / wide
  const windows = shifted ? (rows / tall) * across : 1
  // In the order after the shift: what came round an edge is a region of its own.
  const regionOf = (at: number, size: number, length: number) => {
    const shift = Math.ceil(size / 2)
    return at < length - size ? 0 : at < length - shift ? 1 : 2
  }
  const region = (window: number, cell: number) =>
    3 * regionOf(Math.floor(window / across) * tall + Math.floor(cell / wide), tall, rows) +
    regionOf((window % across) * wide + (cell % wide), wide, cols)
  const values = new Float32Array(windows * cells * cells * heads)
  let to = 0
  for (let window = 0; window < windows; window++)
    for (let query = 0; query < cells; query++)
      for (let key = 0; key < cells; key++) {
        const down = Math.floor(query / wide) - Math.floor(key / wide) + tall - 1
        const row = down * (2 * wide - 1) + (query % wide) - (key % wide) + wide - 1
        const apart = shifted && region(window, query) !== region(window, key) ? -100 : 0
        for (let head = 0; head < heads; head++) values[to++] = table[row * heads + head]! + apart
      }
  return {shape: [windows, cells, cells, heads], values}
}

/** Grid on which each cell has its full neighbourhood: at least `reach` cells on both axes. */
export const roomFor = ([rows, cols]: Grid, reach: number): Grid => [Math.max(rows, reach), Math.max(cols, reach)]

/**
 * The cells that each cell attends to, reach × reach around it and moved inside the map at its edges, and what is added
 * to their scores by distance, (cells, 1, reach², heads) from rpb (heads, 2 reach − 1, 2 reach − 1)
 * (SHI-Labs/NATTEN).
 */
export function neighbours(
  [rows, cols]: Grid,
  reach: number,
  rpb: Float32Array,
  heads: number
): {readonly cells: Float32Array; readonly bias: Float32Array} {
  const half = (reach - 1) / 2
  const span = 2 * reach - 1
  const cells = new Float32Array(rows * cols * reach * reach)
  const bias = new Float32Array(cells.length * heads)
  const startOf = (at: number, size: number) => Math.min(Math.max(at - half, 0), size - reach)
  let to = 0
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++)
      for (let i = 0; i < reach; i++)
        for (let j = 0; j < reach; j++, to++) {
          const [down, across] = [startOf(row, rows) + i, startOf(col, cols) + j]
          cells[to] = down * cols + across
          const place = (down - row + reach - 1) * span + across - col + reach - 1
          for (let head = 0; head < heads; head++) bias[to * heads + head] = rpb[head * span * span + place]!
        }
  return {cells, bias}
}
