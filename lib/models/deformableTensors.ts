import {ShapeError} from '@/lib/core/errors'
import {
  cellsOf,
  type Grid,
  inverseOf,
  neighbours,
  pointsOf,
  queryPoints,
  referencePoints,
  roomFor,
  windowBias,
  windowOrder
} from './deformableGrids'
import type {DeformableBlock, PyramidPlan} from './deformablePlan'
import {shapeText} from './shape'

/** What will be a tensor. */
export interface Numbers {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** A pyramid's parameters as stored, by key. */
export interface PyramidParts {
  readonly plan: PyramidPlan
  readonly shapes: ReadonlyMap<string, readonly number[]>
  readonly values: ReadonlyMap<string, Float32Array>
}

/** The parameters with channels last, as the kernels read them; what only grids need is left out. */
export function tensorsOf({plan, shapes, values}: PyramidParts): Map<string, Numbers> {
  const tensors = new Map<string, Numbers>()
  const steps = new Set([...plan.stem, ...plan.down].map(({at}) => `${at}.weight`))
  for (const [key, given] of values) {
    if (/(relative_position_index|relative_position_bias_table|\.rpb)$/.test(key)) continue
    tensors.set(key, arranged(key, {shape: shapes.get(key)!, values: given}, steps))
  }
  return tensors
}

function arranged(key: string, {shape, values}: Numbers, steps: ReadonlySet<string>): Numbers {
  const [a = 1, b = 1, c = 1, d = 1] = shape
  if (steps.has(key))
    return {shape: [c, d, b, a], values: turned(values, a * b, c * d, (i) => (i % b) * a + Math.floor(i / b))}
  if (shape.length === 4 && c * d > 1) return {shape: [c, d, a], values: turned(values, a, c * d)}
  if (shape.length === 4) return {shape: [a, b], values}
  if (shape.length === 3) return {shape: [1, b, c, a], values: turned(values, a, b * c)}
  return {shape, values}
}

/** (rows, cols) to (cols, rows), the rows in another order where `place` says so. */
function turned(values: Float32Array, rows: number, cols: number, place = (row: number) => row): Float32Array {
  const to = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    const at = place(row)
    for (let col = 0; col < cols; col++) to[col * rows + at] = values[row * cols + col]!
  }
  return to
}

/** What blocks need of their grids and not of the input, by the block's key: points, orders, biases. */
export function gridTensors({plan, shapes, values}: PyramidParts, grids: readonly Grid[]): Map<string, Numbers> {
  const tensors = new Map<string, Numbers>()
  const {release} = plan
  for (const [s, {blocks, stride}] of plan.stages.entries()) {
    const grid = grids[s]!
    for (const block of blocks) {
      const put = (name: string, shape: readonly number[], numbers: Float32Array) =>
        tensors.set(`${block.at}.${name}`, {shape, values: numbers})
      if (block.kind === 'deformable') {
        const points = pointsOf(grid, block.kernel, stride, release)
        put('reference', [1, 1, cellsOf(points), 2], referencePoints(points, release))
        if (biasOf(block, shapes, grid, points) !== 'fixed')
          put('queries', [1, 1, cellsOf(grid), 1, 2], queryPoints(grid, release))
        if (block.kernel) put('reach', [1, block.groups, 1, 2], reachOf(block, plan, values, points))
      } else if (block.kind === 'neighbourhood') {
        const room = roomFor(grid, block.reach)
        const {cells, bias} = neighbours(room, block.reach, values.get(`${block.at}.rpb`)!, block.heads)
        put('cells', [cells.length], cells)
        put('bias', [cellsOf(room), 1, block.reach ** 2, block.heads], bias)
      } else {
        const window = orientedWindow(block.window, grid, values.get(`${block.at}.relative_position_index`))
        const shifted = block.kind === 'shifted'
        const order = windowOrder(grid, window, shifted)
        const table = values.get(`${block.at}.relative_position_bias_table`)!
        const bias = windowBias(table, block.heads, {grid, window, shifted})
        put('order', [order.length], order)
        put('back', [order.length], inverseOf(order))
        put('bias', bias.shape, bias.values)
      }
    }
  }
  return tensors
}

/** `fixed`: a bias for each query and point of one grid. Its table has the same axes as one by distance. */
export function biasOf(
  {at, bias}: DeformableBlock,
  shapes: ReadonlyMap<string, readonly number[]>,
  grid: Grid,
  points: Grid
): DeformableBlock['bias'] | 'fixed' {
  if (bias !== 'table') return bias
  const shape = shapes.get(`${at}.rpe_table`)!
  const [, rows = 0, cols = 0] = shape
  if (rows === 2 * grid[0] - 1 && cols === 2 * grid[1] - 1) return 'table'
  if (rows === cellsOf(grid) && cols === cellsOf(points)) return 'fixed'
  throw new ShapeError(
    `${at}.rpe_table is ${shapeText(shape)}; a grid ${shapeText(grid)} with ${cellsOf(points)} sampling points needs (heads, ${2 * grid[0] - 1}, ${2 * grid[1] - 1}) or (heads, ${cellsOf(grid)}, ${cellsOf(points)})`
  )
}

/** How far a point may move down and across, in its own units: (groups, 2); 1 where offsets are free. */
function reachOf(
  {at, groups, ranged}: DeformableBlock,
  {release, offsetRange}: PyramidPlan,
  values: PyramidParts['values'],
  points: Grid
) {
  const learned = ranged ? values.get(`${at}.offset_range`) : undefined
  const free = !learned && (release === '2023' ? offsetRange < 0 : offsetRange <= 0)
  return Float32Array.from({length: 2 * groups}, (_, i) => {
    const size = points[(i % 2) as 0 | 1]
    return free ? 1 : (learned ? learned[i]! : offsetRange) / (release === '2023' ? size - 1 : size)
  })
}

// A window of a × b cells and one of b × a have tables of one size. The index says how far the cell below the first is.
function orientedWindow(window: Grid, [rows, cols]: Grid, index: Float32Array | undefined): Grid {
  const [tall, wide] = window
  if (tall === wide) return window
  const below = 2 * wide - 1
  const turns = index ? index[0]! - index[wide]! !== below : rows % tall !== 0 || cols % wide !== 0
  return turns ? [wide, tall] : window
}
