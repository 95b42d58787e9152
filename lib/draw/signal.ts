import {select} from 'd3'
import {drawAbsent} from '@/lib/draw/absent'
import {drawAxis} from '@/lib/draw/axis'
import {drawDotted} from '@/lib/draw/dotted'
import {round} from '@/lib/draw/round'
import {drawCaptions} from '@/lib/draw/words'
import type {SignalGradient, SignalMarks, SignalRow} from '@/lib/views/signal'

/**
 * Draws panel e into `g`. Calling it again with the same marks changes nothing. The gradients' names begin with the
 * group's own id, where it has one, so that two figures can stand in one document.
 */
export function drawSignal(g: SVGGElement, marks: SignalMarks): void {
  const name = (key: string) => `${g.id || 'signal'}-${key}`
  drawGradients(g, marks, name)
  const coloured = new Set(marks.gradients.map(({key}) => key))
  const rows = select(g)
    .selectAll<SVGGElement, SignalRow>(':scope > g.signal')
    .data(marks.rows, (d) => d.layer)
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'signal')
      entered.append('path').attr('class', 'area')
      entered.append('path').attr('class', 'outline')
      return entered
    })
  rows
    .select('path.area')
    .attr('d', (d) => d.area)
    .attr('fill', (d) => (coloured.has(d.gradient) ? `url(#${name(d.gradient)})` : null))
  rows.select('path.outline').attr('d', (d) => d.outline)
  drawDotted(g, marks.dotted, [0, marks.width])
  drawAbsent(g, marks.absent)
  drawCaptions(g, marks.key ? [marks.key] : [])
  drawAxis(g, marks.axis)
}

function drawGradients(g: SVGGElement, {gradients, width}: SignalMarks, name: (key: string) => string): void {
  select(g)
    .selectAll<SVGLinearGradientElement, SignalGradient>(':scope > linearGradient')
    .data(gradients, (d) => d.key)
    .join((enter) => enter.insert('linearGradient', ':first-child').attr('gradientUnits', 'userSpaceOnUse'))
    .attr('id', (d) => name(d.key))
    .attr('x2', round(width))
    .selectAll<SVGStopElement, SignalGradient['stops'][number]>('stop')
    .data((d) => d.stops)
    .join('stop')
    .attr('offset', (d) => round(d.offset))
    .attr('stop-color', (d) => d.colour)
}
