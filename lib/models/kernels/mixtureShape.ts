import {chunksOf, type Remainder} from '../blockAxes'
import {sizeOf} from '../shape'

/** How a tensor (batch, …) is cut into segments, one per head along the normalised axis, and into what maps average. */
export interface MixtureShape {
  readonly heads: number
  /** Items along the axis: all, and those that a head owns. */
  readonly items: number
  readonly owned: number
  /** Items of every head but the last, and of the last. */
  readonly chunk: number
  readonly last: number
  // Before the axis: what is kept apart, what a map averages over, and its columns.
  readonly batch: number
  readonly before: number
  readonly outerColumns: number
  // After the axis: what a map averages over, and its columns.
  readonly after: number
  readonly innerColumns: number
}

export interface MixtureAxes {
  readonly axis: number
  readonly heads: number
  readonly remainder?: Remainder
  /**
   * The axis that maps have across, beside the normalised one; null for none. Must be the one before the normalised
   * axis or the last. Absent: no map.
   */
  readonly column?: number | null
}

/** Throws ShapeError when a head gets no item, RangeError for a column that no map can have. */
export function mixtureShape(shape: readonly number[], {axis, heads, remainder, column}: MixtureAxes): MixtureShape {
  const items = shape[axis]
  if (items === undefined) throw new RangeError(`axis ${axis} was given; the tensor has ${shape.length} axes`)
  const chunks = chunksOf(items, heads, remainder)
  const [start, owned] = chunks.at(-1)!
  const own = {heads, items, owned, chunk: chunks[0]![1], last: owned - start}
  const outer = sizeOf(shape.slice(0, axis))
  const inner = sizeOf(shape.slice(axis + 1))
  if (column === undefined) return {...own, batch: outer, before: 1, outerColumns: 1, after: 1, innerColumns: inner}
  if (axis === 0) throw new RangeError('a map keeps axis 0 apart; the normalised axis must be another')
  const batch = shape[0]!
  const wide = column === null ? 1 : shape[column]!
  if (column === null || column === axis - 1)
    return {...own, batch, before: outer / batch / wide, outerColumns: wide, after: inner, innerColumns: 1}
  if (column <= axis || column !== shape.length - 1)
    throw new RangeError(`axis ${column} was to be a map's columns; ${axis - 1} or ${shape.length - 1} can be`)
  return {...own, batch, before: outer / batch, outerColumns: 1, after: inner / wide, innerColumns: wide}
}

export const outerOf = ({batch, before, outerColumns}: MixtureShape): number => batch * before * outerColumns

export const innerOf = ({after, innerColumns}: MixtureShape): number => after * innerColumns

/** How many segments one cell of a map averages. */
export const repeatsOf = ({before, after}: MixtureShape): number => before * after

export const columnsOf = ({outerColumns, innerColumns}: MixtureShape): number => outerColumns * innerColumns
