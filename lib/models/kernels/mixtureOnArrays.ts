import type {BlockFormName} from '../blockForm'
import {epsilon} from './mixtureParameters'
import {columnsOf, innerOf, type MixtureShape, repeatsOf} from './mixtureShape'
import {quickExp} from './quickExp'

/** Where the wanted numbers go; null for what is not wanted. */
export interface MixtureArrays {
  readonly output: Float32Array | null
  readonly weights: Float32Array | null
  readonly standardised: Float32Array | null
  readonly deviation: Float32Array | null
  readonly map: Float32Array | null
  readonly standardisedMap: Float32Array | null
}

/** Mixture attention in plain arrays, summed in float64. */
export function mixtureOnArrays(
  x: Float32Array,
  parameters: Float32Array,
  to: MixtureArrays,
  shape: MixtureShape,
  form: BlockFormName,
  padding: number | null
): void {
  const {batch, before, outerColumns, innerColumns, heads, owned} = shape
  const cells = outerColumns * owned * innerColumns
  const sums = to.map && new Float64Array(cells)
  const standardisedSums = to.standardisedMap && new Float64Array(cells)
  const work: Work = {
    x,
    to,
    shape,
    padding: padding ?? Number.NaN,
    weigh: weighing[form],
    sums,
    standardisedSums,
    tile: tileFor(shape)
  }
  const perHead = parameters.length / heads
  for (let n = 0; n < batch; n++) {
    for (let outer = n * before * outerColumns; outer < (n + 1) * before * outerColumns; outer++)
      for (let head = 0; head < heads; head++)
        wholeHead(work, outer, head, parameters.subarray(head * perHead, (head + 1) * perHead))
    if (sums) average(sums, to.map!, shape, n)
    if (standardisedSums) average(standardisedSums, to.standardisedMap!, shape, n)
  }
}

interface Work {
  readonly x: Float32Array
  readonly to: MixtureArrays
  readonly shape: MixtureShape
  /** NaN, which equals nothing, without one. */
  readonly padding: number
  readonly weigh: Weigh
  /** (outerColumns, owned, innerColumns) */
  readonly sums: Float64Array | null
  readonly standardisedSums: Float64Array | null
  readonly tile: Tile
}

/** Some columns of one head's chunk, rows of them: what is worked on at a time stays in the nearest cache. */
interface Tile {
  readonly columns: number
  /** (rows, columns): the weights. */
  readonly weights: Float64Array
  // One per column.
  readonly origin: Float64Array
  readonly mean: Float64Array
  readonly inverse: Float64Array
  readonly top: Float64Array
  readonly sum: Float64Array
}

const tileCells = 2 ** 13

function tileFor(shape: MixtureShape): Tile {
  const {last} = shape
  const inner = innerOf(shape)
  const columns = Math.min(inner, Math.max(16, Math.floor(tileCells / last)))
  const each = () => new Float64Array(columns)
  const weights = new Float64Array(columns * last)
  return {columns, weights, origin: each(), mean: each(), inverse: each(), top: each(), sum: each()}
}

/** One head of one outer index: tiles of columns, or one segment that lies in a row. */
function wholeHead(work: Work, outer: number, head: number, parameters: Float32Array): void {
  const {shape, tile} = work
  const inner = innerOf(shape)
  const {heads, items, owned, chunk, last} = shape
  const count = head === heads - 1 ? last : chunk
  const start = head * chunk
  for (let column = 0; column < inner; column += tile.columns) {
    const place: Place = {
      count,
      columns: Math.min(tile.columns, inner - column),
      stride: inner,
      from: (outer * items + start) * inner + column,
      to: (outer * owned + start) * inner + column
    }
    standardise(work, place)
    const deviation = work.to.deviation
    if (deviation) {
      const at = (outer * heads + head) * inner + column
      for (let c = 0; c < place.columns; c++) deviation[at + c] = 1 / tile.inverse[c]!
    }
    work.weigh(work, place, parameters)
    write(work, place)
    if (work.sums || work.standardisedSums) gather(work, place, outer, start, column)
  }
}

interface Place {
  readonly count: number
  readonly columns: number
  readonly stride: number
  /** Where it begins in x, and in what is as long as the items that heads own. */
  readonly from: number
  readonly to: number
}

/** Mean and 1 / sqrt(v + ε) of each column, about its first item: a large mean then costs no digits in one pass. */
function standardise({x, padding, tile}: Work, {count, columns, stride, from}: Place): void {
  const {origin, mean, inverse, sum, top} = tile
  for (let c = 0; c < columns; c++) {
    const first = x[from + c]!
    origin[c] = first === padding ? 0 : first
  }
  if (columns === 1 && Number.isNaN(padding)) {
    const first = origin[0]!
    let total = 0
    let squares = 0
    for (let at = from, end = from + count * stride; at < end; at += stride) {
      const d = x[at]! - first
      total += d
      squares += d * d
    }
    sum[0] = total
    top[0] = squares
  } else {
    sum.fill(0)
    top.fill(0)
    for (let i = 0, row = from; i < count; i++, row += stride)
      for (let c = 0; c < columns; c++) {
        const value = x[row + c]!
        const d = (value === padding ? 0 : value) - origin[c]!
        sum[c] = sum[c]! + d
        top[c] = top[c]! + d * d
      }
  }
  for (let c = 0; c < columns; c++) {
    const m = sum[c]! / count
    // Unbiased, so not a number for a chunk of one.
    const variance = Math.max(top[c]! - sum[c]! * m, 0) / (count - 1)
    mean[c] = origin[c]! + m
    inverse[c] = 1 / Math.sqrt(variance + epsilon)
  }
}

/** Fills the tile with the weights of one head. */
type Weigh = (work: Work, place: Place, parameters: Float32Array) => void

const logEpsilon = Math.log(epsilon)

/** What a sum of exponentials may begin with before it leaves the range of float64. */
const highest = 600

/**
 * The K Gaussians are one quadratic in z (Gaussian-Adaptive-Attention, GaussianBlock), so one exp is enough for each
 * item. All is divided by ε, so that the published clamp of the sum is a clamp at 1.
 */
const weighProduct: Weigh = ({x, tile}, {count, columns, stride, from}, parameters) => {
  const {weights, mean, inverse, top, sum} = tile
  const peak = parameters[0]!
  const halfTightness = parameters[1]!
  const discord = parameters[2]!
  const logPeak = parameters[3]!
  if (columns === 1) {
    const centre = mean[0]! + peak
    const scale = inverse[0]!
    const curve = -halfTightness
    const over = logPeak - discord * scale * scale - logEpsilon
    const lift = Math.min(over, highest)
    let total = 0
    for (let i = 0, at = from; i < count; i++, at += stride) {
      const z = (x[at]! - centre) * scale
      const weight = quickExp(lift + curve * z * z)
      weights[i] = weight
      total += weight
    }
    const share = 1 / Math.max(total, Math.exp(lift - over), 1e-300)
    for (let i = 0; i < count; i++) weights[i] = weights[i]! * share
    return
  }
  sum.fill(0)
  for (let c = 0; c < columns; c++) top[c] = logPeak - discord * inverse[c]! ** 2 - logEpsilon
  for (let i = 0, row = from; i < count; i++, row += stride)
    for (let c = 0; c < columns; c++) {
      const z = (x[row + c]! - mean[c]! - peak) * inverse[c]!
      const weight = quickExp(Math.min(top[c]!, highest) - halfTightness * z * z)
      weights[i * columns + c] = weight
      sum[c] = sum[c]! + weight
    }
  for (let c = 0; c < columns; c++) sum[c] = Math.max(sum[c]!, Math.exp(Math.min(top[c]!, highest) - top[c]!), 1e-300)
  share(tile, count, columns)
}

/** Divides each column of the tile by its sum. */
function share({weights, sum}: Tile, count: number, columns: number): void {
  for (let c = 0; c < columns; c++) sum[c] = 1 / sum[c]!
  for (let i = 0, row = 0; i < count; i++, row += columns)
    for (let c = 0; c < columns; c++) weights[row + c] = weights[row + c]! * sum[c]!
}

/**
 * K Gaussians added with heights, without a density constant (Gaussian-Adaptive-Attention of January 2024), then
 * divided by their sum, which is at least ε.
 */
const weighAdditive: Weigh = ({x, tile}, {count, columns, stride, from}, parameters) => {
  const {weights, mean, inverse, sum} = tile
  sum.fill(0)
  for (let i = 0, row = from; i < count; i++, row += stride)
    for (let c = 0; c < columns; c++) {
      const d = x[row + c]! - mean[c]!
      let weight = 0
      for (let k = 0; k < parameters.length; k += 3) {
        const z = (d - parameters[k]!) * inverse[c]!
        weight += parameters[k + 2]! * quickExp(-parameters[k + 1]! * z * z)
      }
      weights[i * columns + c] = weight
      sum[c] = sum[c]! + weight
    }
  for (let c = 0; c < columns; c++) sum[c] = Math.max(sum[c]!, epsilon)
  share(tile, count, columns)
}

/** What no logarithm of a clamped weight falls below, and what takes the place of one that is no number. */
const lowest = -1e9

/**
 * Log space with clamps (clustering-anchored-jepa): every z in −10…10, then a softmax over the items. Items without a
 * number, and padding, count e to the minus 10⁹: a chunk of nothing else shares equally.
 */
const weighClamped: Weigh = ({x, tile, padding}, {count, columns, stride, from}, parameters) => {
  const {weights, mean, inverse, top, sum} = tile
  sum.fill(0)
  top.fill(Number.NEGATIVE_INFINITY)
  for (let i = 0, row = from; i < count; i++, row += stride)
    for (let c = 0; c < columns; c++) {
      const value = x[row + c]!
      const d = value - mean[c]!
      let log = 0
      for (let k = 0; k < parameters.length; k += 3) {
        const z = (d - parameters[k]!) * inverse[c]!
        const clipped = Math.min(Math.max(z, -10), 10)
        log -= parameters[k + 1]! * clipped * clipped + parameters[k + 2]!
      }
      if (Number.isNaN(log) || value === padding) log = lowest
      weights[i * columns + c] = log
      if (log > top[c]!) top[c] = log
    }
  for (let i = 0, row = 0; i < count; i++, row += columns)
    for (let c = 0; c < columns; c++) {
      const weight = quickExp(weights[row + c]! - top[c]!)
      weights[row + c] = weight
      sum[c] = sum[c]! + weight
    }
  share(tile, count, columns)
}

const weighing: Readonly<Record<BlockFormName, Weigh>> = {
  product: weighProduct,
  clamped: weighClamped,
  additive: weighAdditive
}

function write(work: Work, place: Place): void {
  const {output, weights, standardised} = work.to
  if (output) writeOutput(work, place, output)
  if (weights) writeWeights(work, place, weights)
  if (standardised) writeStandardised(work, place, standardised)
}

function writeOutput({x, padding, tile: {weights}}: Work, place: Place, output: Float32Array): void {
  const {count, columns, stride, from, to} = place
  if (columns === 1) {
    for (let i = 0, at = from, own = to; i < count; i++, at += stride, own += stride) {
      const value = x[at]!
      output[own] = value === padding ? value : value * weights[i]!
    }
    return
  }
  for (let i = 0, at = from, own = to; i < count; i++, at += stride, own += stride)
    for (let c = 0; c < columns; c++) {
      const value = x[at + c]!
      output[own + c] = value === padding ? value : value * weights[i * columns + c]!
    }
}

function writeWeights({tile: {weights}}: Work, {count, columns, stride, to}: Place, shares: Float32Array): void {
  for (let i = 0, own = to; i < count; i++, own += stride)
    for (let c = 0; c < columns; c++) shares[own + c] = weights[i * columns + c]!
}

function writeStandardised({x, tile: {mean, inverse}}: Work, place: Place, standardised: Float32Array): void {
  const {count, columns, stride, from, to} = place
  for (let i = 0, at = from, own = to; i < count; i++, at += stride, own += stride)
    for (let c = 0; c < columns; c++) standardised[own + c] = (x[at + c]! - mean[c]!) * inverse[c]!
}

/** Adds a tile to the sums behind the maps. */
function gather(work: Work, {count, columns, stride, from}: Place, outer: number, start: number, first: number): void {
  const {x, tile, sums, standardisedSums, shape} = work
  const {weights, mean, inverse} = tile
  const {owned, outerColumns, innerColumns} = shape
  const top = ((outer % outerColumns) * owned + start) * innerColumns
  if (columns === 1 && innerColumns === 1 && sums && !standardisedSums) {
    for (let i = 0; i < count; i++) sums[top + i] = sums[top + i]! + weights[i]!
    return
  }
  for (let i = 0; i < count; i++) {
    const cells = top + i * innerColumns
    let cell = first % innerColumns
    for (let c = 0; c < columns; c++) {
      const at = cells + cell
      if (sums) sums[at] = sums[at]! + weights[i * columns + c]!
      if (standardisedSums)
        standardisedSums[at] = standardisedSums[at]! + (x[from + i * stride + c]! - mean[c]!) * inverse[c]!
      if (++cell === innerColumns) cell = 0
    }
  }
}

/** Sums (outerColumns, owned, innerColumns) as means (owned, columns) of one input; the sums begin anew. */
function average(sums: Float64Array, map: Float32Array, shape: MixtureShape, n: number): void {
  const {owned, outerColumns, innerColumns} = shape
  const columns = columnsOf(shape)
  const share = 1 / repeatsOf(shape)
  let cell = 0
  for (let c = 0; c < outerColumns; c++)
    for (let item = 0; item < owned; item++)
      for (let j = 0; j < innerColumns; j++)
        map[(n * owned + item) * columns + c * innerColumns + j] = sums[cell++]! * share
  sums.fill(0)
}
