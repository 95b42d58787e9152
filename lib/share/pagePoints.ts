import {FormatError} from '@/lib/core/errors'
import {joinedValues} from '@/lib/core/joinedValues'
import type {SamplingPoints} from '@/lib/models/family'
import type {ByteReader} from './byteReader'
import type {ByteWriter} from './byteWriter'
import {readNumbers, writeNumbers} from './numbers'

/** Where one place of a row samples, for a page that has no model to ask. */
export interface PagePoints {
  readonly row: number
  /** Of the map: the place that was asked for. */
  readonly column: number
  readonly found: SamplingPoints
}

/** How many numbers the points of an input take in a page, at two bytes each. */
export const pagePointNumbers = (points: readonly PagePoints[]): number =>
  points.reduce(
    (sum, {found: {reference, sampled, attention}}) => sum + reference.length + sampled.length + attention.length,
    0
  )

/** Writes points of several inputs: sizes first, then all places and all attention as 65,536 steps each. */
export function writePagePoints(to: ByteWriter, inputs: readonly (readonly PagePoints[])[]): void {
  for (const points of inputs) {
    to.varint(points.length)
    for (const {row, column, found} of points) {
      const {grid, query, groups, reference, attention} = found
      const count = reference.length / 2
      for (const number of [row, column, ...grid, query, groups, count, attention.length / count]) to.varint(number)
    }
  }
  const all = inputs.flat().map(({found}) => found)
  writeNumbers(to, joinedValues(all.flatMap(({reference, sampled}) => [reference, sampled])), {precision: 'u16'})
  writeNumbers(to, joinedValues(all.map(({attention}) => attention)), {precision: 'u16'})
}

/** The points of so many inputs back. Throws FormatError where the numbers are not as many as the sizes say. */
export function readPagePoints(from: ByteReader, inputs: number): readonly (readonly PagePoints[])[] {
  const told: (readonly Told[])[] = []
  for (let i = 0; i < inputs; i++) told.push(readTold(from))
  const [places, attention] = [readNumbers(from).values, readNumbers(from).values]
  const [nextPlaces, nextAttention] = [takingFrom(places), takingFrom(attention)]
  const read = told.map((points) =>
    points.map(({row, column, grid, query, groups, count, heads}): PagePoints => {
      const [reference, sampled] = [nextPlaces(2 * count), nextPlaces(2 * count * groups)]
      return {row, column, found: {grid, query, groups, reference, sampled, attention: nextAttention(heads * count)}}
    })
  )
  const left = nextPlaces.left() + nextAttention.left()
  if (left !== 0) throw new FormatError(`share: found ${left} numbers of sampling points too many; needed none`)
  return read
}

interface Told {
  readonly row: number
  readonly column: number
  readonly grid: readonly [number, number]
  readonly query: number
  readonly groups: number
  readonly count: number
  readonly heads: number
}

function readTold(from: ByteReader): readonly Told[] {
  const told: Told[] = []
  for (let left = from.varint(); left > 0; left--) {
    const [row, column] = [from.varint(), from.varint()]
    const grid = [from.varint(), from.varint()] as const
    told.push({
      row,
      column,
      grid,
      query: from.varint(),
      groups: from.varint(),
      count: from.varint(),
      heads: from.varint()
    })
  }
  return told
}

/** Hands out runs of numbers one after the other. */
function takingFrom(values: Float32Array) {
  let at = 0
  const take = (count: number): Float32Array => {
    if (count > values.length - at)
      throw new FormatError(`share: found ${values.length - at} numbers of sampling points; needed ${count}`)
    at += count
    return values.subarray(at - count, at)
  }
  return Object.assign(take, {left: () => values.length - at})
}
