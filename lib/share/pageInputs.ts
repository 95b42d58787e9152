import {FormatError} from '@/lib/core/errors'
import type {Grid} from '@/lib/core/grid'
import {byteReader} from './byteReader'
import {byteWriter} from './byteWriter'
import {readNumbers, writeNumbers} from './numbers'
import {type PagePoints, readPagePoints, writePagePoints} from './pagePoints'

/** A single input that an exported page was let take along. Its picture lies in the page's record, in the same order. */
export interface PageInput {
  /** Where it stands among all inputs, from 0. */
  readonly index: number
  /** What it asks, in words; null where it asks nothing, and where its words were not let along. */
  readonly question: string | null
  /** Its own density (rows, cols); null where the inputs were not at hand. */
  readonly map: Grid | null
  /** Where one place of each row that samples points does; none where no row does, and where nobody could be asked. */
  readonly points: readonly PagePoints[]
}

/** The inputs of a page as bytes: their places and words, then all maps and all points as 65,536 steps from least to greatest. */
export function pageInputBytes(inputs: readonly PageInput[]): Uint8Array {
  const to = byteWriter()
  const maps = inputs.flatMap(({map}) => (map ? [map] : []))
  const [{rows = 0, cols = 0} = {}] = maps
  for (const length of [inputs.length, rows, cols]) to.varint(length)
  for (const {index, question, map} of inputs) {
    to.varint(index)
    to.text(question ?? '')
    to.u8(map ? 1 : 0)
  }
  const values = new Float32Array(maps.length * rows * cols)
  for (const [i, map] of maps.entries()) values.set(map.values, i * rows * cols)
  writeNumbers(to, values, {precision: 'u16'})
  writePagePoints(
    to,
    inputs.map(({points}) => points)
  )
  return to.finish()
}

/** The inputs back. Throws FormatError where the numbers do not fill the maps, or the points. */
export function readPageInputs(bytes: Uint8Array): readonly PageInput[] {
  const from = byteReader(bytes)
  const [count, rows, cols] = [from.varint(), from.varint(), from.varint()]
  const told: {readonly index: number; readonly question: string | null; readonly mapped: boolean}[] = []
  for (let i = 0; i < count; i++) {
    told.push({index: from.varint(), question: from.text() || null, mapped: from.u8() === 1})
  }
  const {values} = readNumbers(from)
  const size = rows * cols
  const wanted = told.filter(({mapped}) => mapped).length * size
  if (values.length !== wanted) {
    throw new FormatError(`share: found ${values.length} numbers of single inputs; needed ${wanted}`)
  }
  const points = readPagePoints(from, count)
  let next = 0
  return told.map(({index, question, mapped}, i) => ({
    index,
    question,
    map: mapped ? {rows, cols, values: values.subarray(size * next, size * ++next)} : null,
    points: points[i]!
  }))
}
