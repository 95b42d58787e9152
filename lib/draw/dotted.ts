import {select} from 'd3'
import {round} from '@/lib/draw/round'

interface DottedRow {
  readonly layer: number
  readonly y: number
  readonly height: number
}

/** Dots along the middle of every row that has nothing to show yet. */
export function drawDotted(g: SVGGElement, rows: readonly DottedRow[], [x0, x1]: readonly [number, number]): void {
  select(g)
    .selectAll<SVGLineElement, DottedRow>(':scope > line.dotted')
    .data(rows, (d) => d.layer)
    .join('line')
    .attr('class', 'dotted')
    .attr('x1', round(x0))
    .attr('x2', round(x1))
    .attr('y1', (d) => round(d.y + d.height / 2))
    .attr('y2', (d) => round(d.y + d.height / 2))
}
