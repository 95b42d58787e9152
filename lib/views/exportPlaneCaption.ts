import {count, plural} from '@/lib/core/number'
import type {SamplingPoints} from '@/lib/models/family'
import type {ExportPlaneAsked} from '@/lib/views/exportPlaneAsked'
import type {SheetText} from '@/lib/views/exportSheet'
import type {PlaneScene} from '@/lib/views/plane'
import {placesOf} from '@/lib/views/planeCells'
import {linesOf} from '@/lib/views/textLines'

export const noteStyle = {weight: 400, face: 'serif', ink: 'ink2', size: 12.5} as const
export const leading = 17

/** What the reader of the paper cannot ask: whose attention and whose picture it is, and what the marks mean. */
export function captionOf(
  {axes}: PlaneScene,
  {own, pictured, inputs, points, column: held}: ExportPlaneAsked,
  {y, width, column}: {readonly y: number; readonly width: number; readonly column: number | null}
): SheetText[] {
  const whose = own ? `attention of ${own} alone` : `attention, the mean over ${plural(inputs, 'input')}`
  const under =
    pictured === null ? '' : pictured === own ? ', on its own picture' : `, on the picture of ${pictured} alone`
  const places = count(placesOf(axes.plane))
  const colours = `Colours: ${whose}${under}, on one scale for all; density 1 is an even share of ${places} places.`
  const half = 'Outlined: the fewest places that hold half of a row’s attention, where they lie together.'
  const text = [colours, half, ...(points ? [pointsText(points, held)] : column === null ? [] : [heldText])].join(' ')
  return linesOf(text, width, 1.08 * noteStyle.size).map((line, i) => ({
    ...noteStyle,
    x: 0,
    y: y + i * leading,
    pieces: [{text: line, strong: false}]
  }))
}

const heldText = 'Framed: the place that is held.'

function pointsText({reference, groups, grid}: SamplingPoints, held: number | null): string {
  const all = count(reference.length / 2)
  const each = groups > 1 ? ` in each of ${groups} groups of heads` : ''
  const place = held === null ? 'the place that is attended to most' : 'the place that is held'
  return (
    `Framed: ${place}. Dashed: its cell of the block’s own grid, ${grid.join(' by ')}. Points: where that cell samples, ${all}${each}; lines lead from the ` +
    `even grid to where they moved, dots grow with attention and are hollow beyond the edge, where they read zeros.`
  )
}
