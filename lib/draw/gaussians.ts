import {type Selection, select} from 'd3'
import {headHue} from '@/lib/core/colour'
import {drawAbsent} from '@/lib/draw/absent'
import {drawAxis} from '@/lib/draw/axis'
import {round} from '@/lib/draw/round'
import {drawCaptions} from '@/lib/draw/words'
import type {Caption} from '@/lib/views/caption'
import type {GaussianBlock, GaussiansMarks, ScaleTick} from '@/lib/views/gaussians'
import type {Landing} from '@/lib/views/landings'
import type {SpreadScatter} from '@/lib/views/spreadScatter'

// Bottom to top. Landings lie over the pointed-at curve: they are read against every curve.
const layers = ['bands', 'curves', 'means', 'ghosts', 'initials', 'own', 'landings', 'notes', 'scale'] as const

type Blocks = Selection<SVGSVGElement, GaussianBlock, SVGGElement, unknown>

/** Draws panel d into `g`. Calling it again with the same marks changes nothing. */
export function drawGaussians(g: SVGGElement, marks: GaussiansMarks): void {
  drawKey(g, marks.key)
  drawAbsent(g, marks.absent)
  drawCaptions(
    g,
    [marks.key, marks.caveat].filter((caption) => caption !== null)
  )
  drawAxis(axisGroup(g, 'curves-axis'), marks.axis)
  drawAxis(axisGroup(g, 'scatter-axis'), marks.scatterAxis)
  // A picture of its own for each block: it cuts off what a magnified curve sends beyond.
  const blocks: Blocks = select(g)
    .selectAll<SVGSVGElement, GaussianBlock>(':scope > svg.block')
    .data(marks.blocks, (d) => d.key)
    .join((enter) => {
      const entered = enter.append('svg').attr('class', 'block')
      entered.append('rect').attr('class', 'reach')
      for (const name of layers) entered.append('g').attr('class', name)
      return entered
    })
    .classed('compact', (d) => d.compact)
    .attr('y', (d) => round(d.y))
    .attr('width', round(marks.width))
    .attr('height', (d) => round(d.height))
    .attr('viewBox', (d) => `0 ${round(d.y)} ${round(marks.width)} ${round(d.height)}`)
  blocks
    .select('rect.reach')
    .attr('x', (d) => round(d.reach?.x ?? 0))
    .attr('y', (d) => round(d.y))
    .attr('width', (d) => round(d.reach?.width ?? 0))
    .attr('height', (d) => round(d.height))
  drawPaths(blocks, 'bands', (d) => d.bands)
  drawPaths(blocks, 'curves', (d) => d.curves)
  drawPaths(blocks, 'means', (d) => (d.mean ? [d.mean] : []))
  drawPaths(blocks, 'initials', (d) => [d.initial])
  drawLandings(blocks)
  drawNotes(blocks)
  drawScale(blocks)
  drawScatters(g, marks.blocks)
}

/**
 * Draws the pointed-at feature's own curve over those of the layer's head, and makes that layer's landing stand out.
 * The fast path: nothing else is drawn again.
 */
export function pointGaussian(
  g: SVGGElement,
  marks: GaussiansMarks,
  layer: number | null,
  feature: number | null
): void {
  const blocks = select(g).selectAll<SVGSVGElement, GaussianBlock>(':scope > svg.block')
  blocks
    .select<SVGGElement>('g.own')
    .selectAll<SVGPathElement, {readonly name: string; readonly path: string}>('path')
    .data((d) => {
      const here = feature !== null && layer !== null && d.layers.includes(layer)
      const path = here ? marks.curveOf(d.key, feature) : null
      return path ? ['own-casing', 'own-curve'].map((name) => ({name, path})) : []
    })
    .join('path')
    .attr('class', (d) => d.name)
    .attr('d', (d) => d.path)
  blocks.selectAll<SVGGElement, Landing>('g.landing').classed('pointed', (d) => d.layer === layer)
}

function axisGroup(g: SVGGElement, name: string): SVGGElement {
  const root = select(g)
  const found = root.select<SVGGElement>(`:scope > g.${name}`).node()
  return found ?? root.append('g').attr('class', name).node()!
}

function drawKey(g: SVGGElement, key: Caption | null): void {
  select(g)
    .selectAll<SVGLineElement, Caption>(':scope > line.initial-key')
    .data(key ? [key] : [])
    .join('line')
    .attr('class', 'initial-key')
    .attr('x2', 18)
    .attr('y1', (d) => round(d.y - 4))
    .attr('y2', (d) => round(d.y - 4))
}

function drawPaths(
  blocks: Blocks,
  layer: 'bands' | 'curves' | 'means' | 'initials',
  pick: (block: GaussianBlock) => readonly string[]
): void {
  const ink = layer === 'bands' ? 'fill' : 'stroke'
  blocks
    .select<SVGGElement>(`g.${layer}`)
    .attr(ink, (d) => (layer === 'initials' ? null : headHue(d.head)))
    .selectAll<SVGPathElement, string>('path')
    .data(pick)
    .join('path')
    .attr('d', (d) => d)
}

function drawNotes(blocks: Blocks): void {
  blocks
    .select<SVGGElement>('g.notes')
    .selectAll<SVGTextElement, Caption>('text.note')
    .data((d) => d.notes)
    .join('text')
    .attr('class', 'note')
    .attr('text-anchor', (d) => d.anchor)
    .attr('x', (d) => round(d.x))
    .attr('y', (d) => round(d.y))
    .text((d) => d.text)
}

function drawScale(blocks: Blocks): void {
  const ticks = blocks
    .select<SVGGElement>('g.scale')
    .selectAll<SVGGElement, ScaleTick>('g')
    .data((d) => d.scale)
    .join((enter) => {
      const entered = enter.append('g')
      entered.append('line').attr('x2', 4)
      entered.append('text').attr('x', 7)
      return entered
    })
  ticks
    .select('line')
    .attr('y1', (d) => round(d.y))
    .attr('y2', (d) => round(d.y))
  ticks
    .select('text')
    .attr('y', (d) => round(d.textY))
    .text((d) => d.text)
}

function drawLandings(blocks: Blocks): void {
  const landings = blocks
    .select<SVGGElement>('g.landings')
    .attr('stroke', (d) => headHue(d.head))
    .selectAll<SVGGElement, Landing>('g.landing')
    .data(
      (d) => d.landings,
      (d) => d.layer
    )
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'landing')
      entered.append('line')
      entered.append('circle').append('title')
      entered.append('text').attr('text-anchor', 'end')
      return entered
    })
  landings
    .select('line')
    .attr('x1', (d) => round(d.x))
    .attr('y1', (d) => round(d.y))
    .attr('x2', (d) => round(d.label ? d.label.x - 14 : d.x))
    .attr('y2', (d) => round(d.label?.y ?? d.y))
  landings
    .select('circle')
    .attr('cx', (d) => round(d.x))
    .attr('cy', (d) => round(d.y))
    .attr('r', (d) => d.radius)
  landings.select('title').text((d) => d.meaning)
  landings
    .select('text')
    .attr('x', (d) => round(d.label?.x ?? d.x))
    .attr('y', (d) => round((d.label?.y ?? d.y) + 4))
    .text((d) => d.label?.text ?? '')
}

function drawScatters(g: SVGGElement, blocks: readonly GaussianBlock[]): void {
  const scatter = select(g)
    .selectAll<SVGGElement, GaussianBlock & {readonly scatter: SpreadScatter}>(':scope > g.scatter')
    .data(
      blocks.filter((block): block is GaussianBlock & {scatter: SpreadScatter} => block.scatter !== null),
      (d) => d.key
    )
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'scatter')
      entered.append('rect')
      entered.append('line').attr('class', 'across')
      entered.append('line').attr('class', 'up')
      entered.append('path').attr('class', 'dots')
      entered.append('path').attr('class', 'initial-cross')
      return entered
    })
  scatter.each(function ({head, scatter: {x, y, width, height, dots, initial, labels}}) {
    const place = select(this)
    const [right, bottom] = [x + width, y + height]
    place
      .select('rect')
      .attr('x', round(x))
      .attr('y', round(y))
      .attr('width', round(width))
      .attr('height', round(height))
    place.select('line.across').attr('x1', round(x)).attr('x2', round(right))
    place.select('line.across').attr('y1', round(initial.y)).attr('y2', round(initial.y))
    place.select('line.up').attr('x1', round(initial.x)).attr('x2', round(initial.x))
    place.select('line.up').attr('y1', round(y)).attr('y2', round(bottom))
    place.select('path.dots').attr('stroke', headHue(head)).attr('d', dots)
    place
      .select('path.initial-cross')
      .attr('d', `M${round(initial.x - 5)},${round(initial.y)}h10M${round(initial.x)},${round(initial.y - 5)}v10`)
    place
      .selectAll<SVGTextElement, (typeof labels)[number]>('text')
      .data(labels)
      .join('text')
      .attr('text-anchor', 'end')
      .attr('x', round(x - 6))
      .attr('y', (d) => round(d.y))
      .text((d) => d.text)
  })
}
