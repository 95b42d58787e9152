import {select} from 'd3'
import {headHue} from '@/lib/core/colour'
import {round} from '@/lib/draw/round'
import type {HeadMark, LayerNumber, Spine} from '@/lib/views/spine'

/** Draws the hairlines through all panels of a section, `width` px wide, under everything else. */
export function drawHairs(g: SVGGElement, {hairs, hairX}: Spine, width: number): void {
  select(g)
    .selectAll<SVGLineElement, Spine['hairs'][number]>('line.hair')
    .data(hairs, (d) => d.layer)
    .join('line')
    .attr('class', 'hair')
    .attr('x1', hairX)
    .attr('x2', round(width))
    .attr('y1', (d) => round(d.y - 0.5))
    .attr('y2', (d) => round(d.y - 0.5))
}

/** Draws the spine of a section: head bars, head names and layer numbers. `captionY` is the captions' baseline. */
export function drawSpine(g: SVGGElement, {caption, heads, numbers}: Spine, captionY: number): void {
  const root = select(g)
  root
    .selectAll<SVGTextElement, Spine['caption']>('text.caption')
    .data(caption.text === '' ? [] : [caption])
    .join('text')
    .attr('class', 'caption')
    .attr('text-anchor', 'end')
    .attr('x', (d) => d.x)
    .attr('y', captionY)
    .text((d) => d.text)
  const head = root
    .selectAll<SVGGElement, HeadMark>('g.head')
    .data(heads, (d) => d.key)
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'head')
      entered.append('rect').attr('class', 'head-bar').attr('width', 4)
      entered.append('text').attr('class', 'head-word').text('Head')
      entered.append('text').attr('class', 'head-name')
      return entered
    })
    .attr('fill', (d) => headHue(d.head))
  head
    .select('rect.head-bar')
    .attr('x', (d) => d.x)
    .attr('y', (d) => round(d.y))
    .attr('height', (d) => round(d.height))
  head
    .select('text.head-word')
    .attr('x', 0)
    .attr('y', (d) => round(d.over?.y ?? 0))
    .attr('visibility', (d) => (d.over ? null : 'hidden'))
  head
    .select('text.head-name')
    .classed('large', (d) => d.over !== null)
    .attr('text-anchor', (d) => (d.over ? 'start' : 'end'))
    .attr('x', (d) => d.name?.x ?? 0)
    .attr('y', (d) => round(d.name?.y ?? 0))
    .attr('font-size', (d) => round(d.name?.size ?? 0))
    .text((d) => d.name?.text ?? '')
  root
    .selectAll<SVGTextElement, LayerNumber>('text.layer')
    .data(
      numbers.filter(({says}) => says),
      (d) => d.layer
    )
    .join('text')
    .attr('class', 'layer')
    .classed('waiting', (d) => d.waiting)
    .attr('text-anchor', 'end')
    .attr('x', (d) => d.x)
    .attr('y', (d) => round(d.y))
    .attr('font-size', (d) => round(d.size))
    .text((d) => d.text)
}
