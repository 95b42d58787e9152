import {select} from 'd3'
import {round} from '@/lib/draw/round'
import type {Axis, Tick} from '@/lib/views/axis'

/** Draws an axis into `g`, or takes it away. */
export function drawAxis(g: SVGGElement, axis: Axis | null): void {
  const root = select(g)
    .selectAll<SVGGElement, Axis>(':scope > g.axis')
    .data(axis ? [axis] : [])
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'axis')
      entered.append('line').attr('class', 'axis-line')
      entered.append('text').attr('class', 'axis-title')
      return entered
    })
  root
    .select('line.axis-line')
    .attr('x1', (d) => round(d.x0))
    .attr('x2', (d) => round(d.x1))
    .attr('y1', (d) => round(d.y + 0.5))
    .attr('y2', (d) => round(d.y + 0.5))
  root
    .select('text.axis-title')
    .attr('x', (d) => round((d.x0 + d.x1) / 2))
    .attr('y', (d) => round(d.titleY ?? d.y + 30))
    .text((d) => d.title ?? '')
  const ticks = root
    .selectAll<SVGGElement, Tick>('g.tick')
    .data((d) => d.ticks)
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'tick')
      entered.append('line').attr('y2', 4)
      entered.append('text').attr('y', 15)
      return entered
    })
    .attr('transform', (d) => `translate(${round(d.x)},${round(axis?.y ?? 0)})`)
  ticks.select('text').text((d) => d.text)
}
