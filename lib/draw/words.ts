import {type BaseType, type Selection, select} from 'd3'
import {round} from '@/lib/draw/round'
import type {Caption} from '@/lib/views/caption'
import type {RowNumber} from '@/lib/views/importancePanel'

/** Captions over the columns, each with what it means on a second look. */
export function drawCaptions(g: SVGGElement, captions: readonly Caption[]): void {
  const words = select(g)
    .selectAll<SVGTextElement, Caption>(':scope > text.caption')
    .data(captions, (d) => d.text)
    .join((enter) => {
      const entered = enter.append('text').attr('class', 'caption')
      entered.append('tspan')
      entered.append('title')
      return entered
    })
    .attr('text-anchor', (d) => d.anchor)
    .attr('x', (d) => round(d.x))
    .attr('y', (d) => round(d.y))
  words.select('tspan').text((d) => d.text)
  words.select('title').text((d) => d.meaning ?? '')
}

/** One number in each row's group, or none where `pick` gives null. */
export function drawRowNumber<Row>(
  rows: Selection<SVGGElement, Row, BaseType, unknown>,
  name: string,
  pick: (row: Row) => readonly RowNumber[]
): Selection<SVGTextElement, RowNumber, SVGGElement, Row> {
  return rows
    .selectAll<SVGTextElement, RowNumber>(`text.${name}`)
    .data(pick)
    .join((enter) => enter.append('text').attr('class', name))
    .attr('text-anchor', (d) => d.anchor)
    .attr('x', (d) => round(d.x))
    .attr('y', (d) => round(d.y))
    .attr('font-size', (d) => round(d.size))
    .text((d) => d.text)
}
