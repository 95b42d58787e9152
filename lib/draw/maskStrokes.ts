import {select} from 'd3'
import {round} from '@/lib/draw/round'
import type {MaskStroke} from '@/lib/views/maskStrokes'

/** Draws lines through what is masked, over the figure in `root`. The same lines twice change nothing. */
export function drawMaskStrokes(root: HTMLElement, strokes: readonly MaskStroke[]): void {
  const svg = select(root).select<SVGSVGElement>(':scope > svg.figure-picture')
  svg
    .selectAll<SVGGElement, null>(':scope > g.masks')
    .data([null])
    .join((enter) => enter.append('g').attr('class', 'masks'))
    .selectAll<SVGLineElement, MaskStroke>('line')
    .data(strokes, (d) => d.key)
    .join('line')
    .attr('x1', (d) => round(d.x1))
    .attr('y1', (d) => round(d.y1))
    .attr('x2', (d) => round(d.x2))
    .attr('y2', (d) => round(d.y2))
}
