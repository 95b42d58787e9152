import {select} from 'd3'
import type {PlaneWord} from '@/lib/views/planeWords'

/** Writes words into `root`, each over its line; the pointed-at one is marked. The same twice changes nothing. */
export function drawPlaneWords(root: HTMLElement, words: readonly PlaneWord[], pointed: number | null): void {
  select(root)
    .selectAll<HTMLSpanElement, PlaneWord>(':scope > span')
    .data(words)
    .join((enter) => enter.append('span'))
    .attr('data-column', (word) => word.column)
    .attr('data-pointed', (word) => (word.column !== null && word.column === pointed ? '' : null))
    .style('border-bottom', ({line}) =>
      line ? `${Math.round(line.thickness * 10) / 10}px solid ${line.colour}` : null
    )
    .text((word) => word.text)
}
