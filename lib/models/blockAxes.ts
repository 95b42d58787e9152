import {ShapeError} from '@/lib/core/errors'
import type {MapAxes} from './family'
import {shapeText} from './shape'

// A block is given its axes in its input's own numbering, the batch included (Gaussian-Adaptive-Attention,
// GaussianBlock). Samples here have no batch axis, so an axis is kept in both numberings: from the front of the input,
// and of one sample.

/** Whether the input is one sample without a batch axis: some layer of the block normalises axis 0. */
export const isWhole = (axes: readonly number[], inputRank: number): boolean =>
  axes.some((axis) => axis === 0 || axis === -inputRank)

/** Checks the axes against an input. Throws ShapeError when one leaves it. */
export function checkAxes(axes: readonly number[], shape: readonly number[]): void {
  if (shape.length < 2) throw new ShapeError(`the input is ${shapeText(shape)}; a density block needs 2 axes or more`)
  for (const axis of axes)
    if (!Number.isInteger(axis) || axis >= shape.length || axis < -shape.length)
      throw new ShapeError(`the block normalises axis ${axis}; the input ${shapeText(shape)} has ${shape.length} axes`)
  // Once the batch axis is gone, "1" and "0 written as −2" can no longer be told apart.
  if (isWhole(axes, shape.length) && !axes.includes(0) && axes.some((axis) => axis > 0))
    throw new ShapeError(`axes ${axes.join(', ')} on ${shapeText(shape)}: write them all from the end, as negatives`)
}

/** The axes in the numbering of one sample, as arranged. */
export function sampleAxes(axes: readonly number[], sampleShape: readonly number[]): number[] {
  const whole = axes.includes(0)
  return axes.map((axis) => (axis < 0 ? sampleShape.length + axis : whole ? axis : axis - 1))
}

/** Who owns the items that are left when the heads have had equal chunks: the last head, or nobody. */
export type Remainder = 'last-head' | 'dropped'

/** For each head the items it owns: equal chunks, and the remainder. Throws ShapeError when some get none. */
export function chunksOf(
  length: number,
  heads: number,
  remainder: Remainder = 'last-head'
): [start: number, stop: number][] {
  const chunk = Math.floor(length / heads)
  if (chunk === 0) throw new ShapeError(`the normalised axis has ${length} items; ${heads} heads need ${heads} or more`)
  const end = remainder === 'last-head' ? length : heads * chunk
  return Array.from({length: heads}, (_, h) => [h * chunk, h === heads - 1 ? end : (h + 1) * chunk])
}

/**
 * The map of a block: the normalised axis down, the last other axis across. `layers` is the model's layer count where
 * it is known that samples are (layers, features).
 */
export function blockMap(
  sampleShape: readonly number[],
  axis: number,
  heads: number,
  layers: number | null,
  remainder: Remainder = 'last-head'
): MapAxes & {readonly colAxis: number | null} {
  const last = sampleShape.length - 1
  const across = axis === last ? last - 1 : last
  const colAxis = across < 0 ? null : across
  const ofLayers = sampleShape.length === 2 && sampleShape[0] === layers
  const name = (at: number) => (at === last ? 'feature' : ofLayers ? 'layer' : 'position')
  const headRows = chunksOf(sampleShape[axis]!, heads, remainder)
  return {
    rows: headRows.at(-1)![1],
    cols: colAxis === null ? 1 : sampleShape[colAxis]!,
    rowName: name(axis),
    colName: colAxis === null ? 'value' : name(colAxis),
    headRows,
    colAxis
  }
}

/** (n, ...shape) as (n, rows, cols): `axis` down, `colAxis` across, the mean over every other axis. */
export function project(
  values: Float32Array,
  shape: readonly number[],
  axis: number,
  colAxis: number | null
): Float32Array {
  const size = shape.reduce((a, b) => a * b, 1)
  const n = size === 0 ? 0 : values.length / size
  const rows = shape[axis]!
  const cols = colAxis === null ? 1 : shape[colAxis]!
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1))
  const sums = new Float64Array(n * rows * cols)
  for (let i = 0; i < values.length; i++) {
    const within = i % size
    const row = Math.floor(within / strides[axis]!) % rows
    const col = colAxis === null ? 0 : Math.floor(within / strides[colAxis]!) % cols
    const cell = (Math.floor(i / size) * rows + row) * cols + col
    sums[cell] = sums[cell]! + values[i]!
  }
  const others = size / (rows * cols)
  return Float32Array.from(sums, (sum) => sum / others)
}
