import {select} from 'd3'
import {drawAxis} from '@/lib/draw/axis'
import {drawDotted} from '@/lib/draw/dotted'
import {round} from '@/lib/draw/round'
import {drawCaptions, drawRowNumber} from '@/lib/draw/words'
import type {LearnedPanel, LearnedRow, Stretch} from '@/lib/views/learnedPanel'

/** Draws panel b into `g`. Calling it again with the same marks changes nothing. */
export function drawLearned(g: SVGGElement, marks: LearnedPanel): void {
  drawCaptions(g, marks.captions)
  drawDotted(g, marks.dotted, marks.dottedX)
  const rows = select<SVGGElement, unknown>(g)
    .selectAll<SVGGElement, LearnedRow>('g.row')
    .data(marks.rows, (d) => d.layer)
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'row')
      entered.append('rect').attr('class', 'learned')
      return entered
    })
    .attr('data-layer', (d) => d.layer)
    .attr('data-side', (d) => d.side)
  rows
    .select('rect.learned')
    .attr('x', (d) => round(d.bar.x))
    .attr('y', (d) => round(d.bar.y))
    .attr('width', (d) => round(d.bar.width))
    .attr('height', (d) => round(d.bar.height))
  rows
    .selectAll<SVGLineElement, Stretch & {readonly y: number}>('line.whisker')
    .data((d) => d.whisker.map((stretch) => ({...stretch, y: d.whiskerY})))
    .join('line')
    .attr('class', (d) => `whisker ${d.ink === 'paper' ? 'inner' : 'outer'}`)
    .attr('x1', (d) => round(d.x0))
    .attr('x2', (d) => round(d.x1))
    .attr('y1', (d) => round(d.y))
    .attr('y2', (d) => round(d.y))
  drawRowNumber(rows, 'value', (d) => (d.says ? [d.value] : []))
  drawRowNumber(rows, 'more', (d) => (d.says && d.interval ? [d.interval] : []))
  select(g)
    .selectAll<SVGLineElement, LearnedPanel['zeroLines'][number]>('line.zero')
    .data(marks.zeroLines, (d) => d.key)
    .join('line')
    .attr('class', 'zero')
    .attr('x1', round(marks.zeroX))
    .attr('x2', round(marks.zeroX))
    .attr('y1', (d) => round(d.y0))
    .attr('y2', (d) => round(d.y1))
  drawAxis(g, marks.axis)
}
