import {select} from 'd3'
import {round} from '@/lib/draw/round'
import type {NoteMark} from '@/lib/views/noteMarks'

/** Draws the marks of notes over everything else of the figure in `root`; without any, takes away what was drawn. */
export function drawNoteMarks(root: HTMLElement, marks: readonly NoteMark[]): void {
  const svg = select(root).select<SVGSVGElement>(':scope > svg.figure-picture')
  svg
    .selectAll<SVGGElement, readonly NoteMark[]>(':scope > g.notes')
    .data(marks.length > 0 ? [marks] : [])
    .join((enter) => enter.append('g').attr('class', 'notes'))
    .raise()
    .selectAll<SVGPathElement, NoteMark>('path.note-mark')
    .data(
      (all) => all,
      (d) => d.key
    )
    .join('path')
    .attr('class', 'note-mark')
    .attr('d', pathOf)
}

function pathOf({x, y, size, points}: NoteMark): string {
  const [left, top, side] = [round(x), round(y), round(size)]
  if (points === 'corner') return `M${left},${top}h${side}l${-side},${side}z`
  const half = round(size / 2)
  return `M${round(x - size / 2)},${round(y - size)}h${side}l${-half},${side}z`
}
