import type {Grid} from '@/lib/core/grid'
import {rowOf} from '@/lib/core/grid'
import {count, fixed, ordinal, percent} from '@/lib/core/number'
import type {Axes} from '@/lib/explain/explanation'
import type {Segment} from '@/lib/explain/reading'
import {rowName} from '@/lib/explain/rowName'
import {capital} from '@/lib/explain/words'
import type {MapPlane} from '@/lib/models/family'
import {placeName, placesOf} from '@/lib/views/planeCells'
import {halfOf, isSpread} from '@/lib/views/planeHalf'

export interface PlaneAsked {
  readonly axes: Axes & {readonly plane: MapPlane}
  readonly map: Grid
  readonly row: number
  /** The place or word that is pointed at; null for the row as a whole. */
  readonly column: number | null
  /** What the input's words are, where it has some; else they bear the plane's names for them. */
  readonly words?: readonly string[]
}

/**
 * What a row's attention says of one place, "Hop 2, row 1, column 3: density 4.1, so 46 % of its attention, where an even
 * share is 11 %", or where most of it lies. Densities are attention × places, so that 1 is an even share.
 */
export function planeReading({axes, map, row, column, words}: PlaneAsked): Segment[] {
  const {plane} = axes
  const name = capital(rowName(axes, row))
  const places = placesOf(plane)
  const densities = rowOf(map, row)
  if (column === null) return whereMost(name, plane, densities)
  const density = densities[column]
  const word = column >= places
  const title = `${name}, ${word ? wordName(plane, column, words) : placeName(plane, column)}: `
  if (density === undefined || !Number.isFinite(density)) return [plain(`${title}no density, since it is not finite.`)]
  const among = word ? map.cols - places : places
  const peers = word ? densities.subarray(places) : densities.subarray(0, places)
  const rank = peers.reduce((before, other) => before + (other > density ? 1 : 0), 1)
  return [
    plain(`${title}density `),
    strong(fixed(density, 2)),
    plain(', so '),
    strong(percent(density / among)),
    plain(
      ` of its attention, where an even share is ${percent(1 / among)}; ${rank === 1 ? 'most' : ordinal(rank)} of `
    ),
    plain(`${count(among)}${word ? ' words' : ''}.`)
  ]
}

function whereMost(name: string, plane: MapPlane, row: Float32Array): Segment[] {
  const half = halfOf(plane, row)
  if (!half)
    return [
      plain(
        `${name} ${row.every(Number.isFinite) ? 'attends to all places alike' : 'has a density that is not finite'}.`
      )
    ]
  const [most] = half
  return [
    plain(`${name} attends most to ${placeName(plane, most!)}: density `),
    strong(fixed(row[most!]!, 2)),
    plain(', where 1 is an even share. Half of its attention lies in '),
    strong(`${count(half.size)} of ${count(placesOf(plane))}`),
    plain(isSpread(plane, half) ? ' places: it is spread out.' : ' places, outlined.')
  ]
}

/** A word by its place and, where it is known, by what it says. */
function wordName(plane: MapPlane, column: number, words: readonly string[] | undefined): string {
  const said = words?.[column - placesOf(plane)]
  const place = placeName(plane, column)
  return said && said !== place ? `${place} “${said}”` : place
}

const plain = (text: string): Segment => ({text, strong: false})
const strong = (text: string): Segment => ({text, strong: true})
