import {select} from 'd3'

const lineHeight = 19

/** Says at the top of a panel's rows why it has nothing to draw; takes the words away when there are none. */
export function drawAbsent(g: SVGGElement, lines: readonly string[]): void {
  select(g)
    .selectAll<SVGTextElement, readonly string[]>(':scope > text.absent')
    .data(lines.length > 0 ? [lines] : [])
    .join('text')
    .attr('class', 'absent')
    .attr('y', 16)
    .selectAll<SVGTSpanElement, string>('tspan')
    .data((d) => d)
    .join('tspan')
    .attr('x', 0)
    .attr('dy', (_, i) => (i === 0 ? 0 : lineHeight))
    .text((d) => d)
}
