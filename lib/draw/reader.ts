import {select} from 'd3'
import {round} from '@/lib/draw/round'
import type {ReaderBand, ReaderMarks, Veil} from '@/lib/views/readerMarks'
import {textWidth} from '@/lib/views/rowText'

/** Draws bands into `back`, behind the data, and rules, chips and veils into `front`, over it. */
export function drawReader(back: SVGGElement, front: SVGGElement, {bands, veils}: ReaderMarks): void {
  const fills = bands.flatMap((band) => band.fills.map((fill, i) => ({...band, ...fill, key: `${band.key} ${i}`})))
  select(back)
    .selectAll<SVGRectElement, (typeof fills)[number]>('rect.band')
    .data(fills, (d) => d.key)
    .join('rect')
    .attr('class', (d) => `band ${d.kind}`)
    .attr('x', (d) => round(d.x))
    .attr('y', (d) => round(d.y - 0.5))
    .attr('width', (d) => round(d.width))
    .attr('height', (d) => round(d.height))
  select(front)
    .selectAll<SVGRectElement, Veil>('rect.veil')
    .data(veils, (d) => d.key)
    .join((enter) => enter.insert('rect', ':first-child').attr('class', 'veil'))
    .attr('x', (d) => round(d.x))
    .attr('y', (d) => round(d.y))
    .attr('width', (d) => round(d.width))
    .attr('height', (d) => round(d.height))
  const band = select(front)
    .selectAll<SVGGElement, ReaderBand>('g.reader')
    .data(bands, (d) => d.key)
    .join('g')
    .attr('class', (d) => `reader ${d.kind}`)
  band
    .selectAll<SVGLineElement, ReaderBand & {readonly at: number}>('line.rule')
    .data((d) => [d.y - 0.5, d.y + d.height - 0.5].map((at) => ({...d, at})))
    .join('line')
    .attr('class', 'rule')
    .attr('x1', (d) => round(d.x0))
    .attr('x2', (d) => round(d.x1))
    .attr('y1', (d) => round(d.at))
    .attr('y2', (d) => round(d.at))
  drawChips(front)
}

// Pieces of band that carry a number: the layer's own, and what a small row says only now.
function drawChips(front: SVGGElement): void {
  const chip = select(front)
    .selectAll<SVGGElement, ReaderBand>('g.reader')
    .selectAll<SVGGElement, NonNullable<ReaderBand['chip']>>('g.chip')
    .data((d) => (d.chip ? [d.chip] : []))
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'chip')
      entered.append('rect')
      entered.append('text').attr('text-anchor', 'end')
      return entered
    })
  chip
    .select('rect')
    .attr('x', (d) => d.x0)
    .attr('y', (d) => round(d.top))
    .attr('width', (d) => d.width)
    .attr('height', (d) => round(d.height))
  chip
    .select('text')
    .attr('x', (d) => d.x)
    .attr('y', (d) => round(d.y))
    .attr('font-size', (d) => round(Math.max(12, d.size)))
    .text((d) => d.text)
  const number = select(front)
    .selectAll<SVGGElement, ReaderBand>('g.reader')
    .selectAll<SVGGElement, ReaderBand['numbers'][number]>('g.number')
    .data((d) => d.numbers)
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'number')
      entered.append('rect')
      entered.append('text')
      return entered
    })
    .classed('strong', (d) => d.strong)
  number
    .select('rect')
    .attr('x', (d) => round(d.x - {start: 3, middle: widthOf(d.text) / 2, end: widthOf(d.text) - 3}[d.anchor]))
    .attr('y', (d) => round(d.y - 11))
    .attr('width', (d) => round(widthOf(d.text)))
    .attr('height', 14)
  number
    .select('text')
    .attr('text-anchor', (d) => d.anchor)
    .attr('x', (d) => round(d.x))
    .attr('y', (d) => round(d.y))
    .attr('font-size', (d) => d.size)
    .text((d) => d.text)
  select(front)
    .selectAll<SVGGElement, ReaderBand>('g.reader')
    .selectAll<SVGRectElement, NonNullable<ReaderBand['ring']>>('rect.ring')
    .data((d) => (d.ring ? [d.ring] : []))
    .join('rect')
    .attr('class', 'ring')
    .attr('x', (d) => round(d.x + 1))
    .attr('y', (d) => round(d.y))
    .attr('width', (d) => round(d.width - 2))
    .attr('height', (d) => round(d.height))
}

// Tabular figures in bold are wider than running text.
const widthOf = (text: string): number => textWidth(text, 13) + 8
