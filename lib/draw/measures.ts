import {select} from 'd3'
import {drawAxis} from '@/lib/draw/axis'
import {drawDotted} from '@/lib/draw/dotted'
import {round} from '@/lib/draw/round'
import {drawCaptions} from '@/lib/draw/words'
import type {MeasureDot, MeasureStrip, MeasuresPanel} from '@/lib/views/measuresPanel'

/** Draws panel d of a family without Gaussians into `g`. Calling it again with the same marks changes nothing. */
export function drawMeasures(g: SVGGElement, marks: MeasuresPanel): void {
  const strips = select(g)
    .selectAll<SVGGElement, MeasureStrip>(':scope > g.strip')
    .data(marks.strips, (d) => d.key)
    .join((enter) => enter.insert('g', ':first-child').attr('class', 'strip'))
  strips
    .selectAll<SVGLineElement, number>('line.grid')
    .data((d) => d.grid)
    .join('line')
    .attr('class', 'grid')
    .attr('x1', round)
    .attr('x2', round)
    .attr('y1', -3)
    .attr('y2', round(marks.height))
  strips.each(function ({axis}) {
    drawAxis(this, axis)
  })
  drawCaptions(g, marks.captions)
  drawDotted(g, marks.dotted, [marks.strips[0]?.x0 ?? 0, marks.strips.at(-1)?.x1 ?? 0])
  const dots = select(g)
    .selectAll<SVGGElement, MeasureDot>(':scope > g.measure')
    .data(marks.dots, (d) => d.key)
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'measure row')
      entered.append('line').attr('class', 'whisker outer')
      entered.append('line').attr('class', 'untrained-tick')
      entered.append('circle').append('title')
      return entered
    })
    .attr('data-layer', (d) => d.layer)
    .attr('data-shape', (d) => d.shape)
  dots
    .select('line.whisker')
    .attr('display', (d) => (d.whisker ? null : 'none'))
    .attr('x1', (d) => round(d.whisker?.[0] ?? 0))
    .attr('x2', (d) => round(d.whisker?.[1] ?? 0))
    .attr('y1', (d) => round(d.y))
    .attr('y2', (d) => round(d.y))
  dots
    .select('line.untrained-tick')
    .attr('display', (d) => (d.untrained ? null : 'none'))
    .attr('x1', (d) => round(d.untrained?.x ?? 0))
    .attr('x2', (d) => round(d.untrained?.x ?? 0))
    .attr('y1', (d) => round(d.untrained?.y0 ?? 0))
    .attr('y2', (d) => round(d.untrained?.y1 ?? 0))
  dots
    .select<SVGCircleElement>('circle')
    .attr('cx', (d) => round(d.x))
    .attr('cy', (d) => round(d.y))
    .attr('r', (d) => round(d.radius))
    .select('title')
    .text((d) => d.says)
}
