import {select} from 'd3'
import {round} from '@/lib/draw/round'
import type {BrushBand} from '@/lib/views/brushBand'

/** Draws a brushed set over the figure in `root`. The same band twice changes nothing. */
export function drawBrushBand(root: HTMLElement, band: BrushBand | null): void {
  const brush = select(root)
    .select<SVGSVGElement>(':scope > svg.figure-picture')
    .selectAll<SVGGElement, BrushBand>(':scope > g.brush')
    .data(band ? [band] : [])
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'brush')
      entered.append('path')
      entered.append('title')
      return entered
    })
  brush
    .select('path')
    .attr('d', (d) => `M${round(d.x0)},${round(d.bottom)}V${round(d.top)}H${round(d.x1)}V${round(d.bottom)}`)
  brush.select('title').text((d) => `Brushed: ${d.text}`)
}
