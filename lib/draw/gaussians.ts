import {type Selection, select} from 'd3'
import {headHue} from '@/lib/core/colour'
import {drawAxis} from '@/lib/draw/axis'
import {round} from '@/lib/draw/round'
import {drawCaptions} from '@/lib/draw/words'
import type {Caption} from '@/lib/views/caption'
import type {GaussianBlock, GaussiansMarks, ScaleTick} from '@/lib/views/gaussians'
import type {Landing} from '@/lib/views/landings'
import type {SpreadScatter} from '@/lib/views/spreadScatter'

type Blocks = Selection<SVGSVGElement, GaussianBlock, SVGGElement, unknown>

/** Draws panel d into `g`. Calling it again with the same marks changes nothing. */
export function drawGaussians(g: SVGGElement, marks: GaussiansMarks): void {
  drawKey(g, marks.key)
  drawAxis(axisGroup(g, 'curves-axis'), marks.axis)
  drawAxis(axisGroup(g, 'scatter-axis'), marks.scatterAxis)
  // A picture of its own for each block: it cuts off what a magnified curve sends beyond.
  const blocks: Blocks = select(g)
    .selectAll<SVGSVGElement, GaussianBlock>(':scope > svg.block')
    .data(marks.blocks, (d) => d.key)
    .join((enter) => enter.append('svg').attr('class', 'block'))
    .classed('compact', (d) => d.compact)
    .attr('y', (d) => round(d.y))
    .attr('width', round(marks.width))
    .attr('height', (d) => round(d.height))
    .attr('viewBox', (d) => `0 ${round(d.y)} ${round(marks.width)} ${round(d.height)}`)
  drawReach(blocks)
  drawPaths(blocks, 'band', (d) => d.bands)
  drawPaths(blocks, 'curve', (d) => d.curves)
  drawPaths(blocks, 'mean', (d) => (d.mean ? [d.mean] : []))
  drawPaths(blocks, 'initial', (d) => [d.initial])
  drawNotes(blocks)
  drawScale(blocks)
  drawLandings(blocks)
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
    .selectAll<SVGGElement, string>('g.own')
    .data((d) => {
      const here = feature !== null && layer !== null && d.layers.includes(layer)
      const path = here ? marks.curveOf(d.key, feature) : null
      return path ? [path] : []
    })
    .join((enter) => {
      // Under the landings: those are read against every curve.
      const entered = enter.insert('g', 'g.landing').attr('class', 'own')
      entered.append('path').attr('class', 'own-casing')
      entered.append('path').attr('class', 'own-curve')
      return entered
    })
    .selectAll<SVGPathElement, string>('path')
    .data((d) => [d, d])
    .attr('d', (d) => d)
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
  drawCaptions(g, key ? [key] : [])
}

function drawReach(blocks: Blocks): void {
  blocks
    .selectAll<SVGRectElement, GaussianBlock>('rect.reach')
    .data((d) => (d.reach ? [d] : []))
    .join((enter) => enter.insert('rect', ':first-child').attr('class', 'reach'))
    .attr('x', (d) => round(d.reach!.x))
    .attr('y', (d) => round(d.y))
    .attr('width', (d) => round(d.reach!.width))
    .attr('height', (d) => round(d.height))
}

// Each kind of path has a group of its own, so that what is drawn first lies below.
function drawPaths(blocks: Blocks, name: string, pick: (block: GaussianBlock) => readonly string[]): void {
  blocks
    .selectAll<SVGGElement, GaussianBlock>(`g.${name}s`)
    .data((d) => [d])
    .join((enter) => enter.append('g').attr('class', `${name}s`))
    .attr(name === 'band' ? 'fill' : 'stroke', (d) => (name === 'initial' ? null : headHue(d.head)))
    .selectAll<SVGPathElement, string>('path')
    .data(pick)
    .join('path')
    .attr('d', (d) => d)
}

function drawNotes(blocks: Blocks): void {
  blocks
    .selectAll<SVGTextElement, Caption>('text.note')
    .data((d) => d.notes)
    .join((enter) => enter.append('text').attr('class', 'note'))
    .attr('text-anchor', (d) => d.anchor)
    .attr('x', (d) => round(d.x))
    .attr('y', (d) => round(d.y))
    .text((d) => d.text)
}

function drawScale(blocks: Blocks): void {
  const ends = blocks
    .selectAll<SVGGElement, ScaleTick>('g.scale')
    .data((d) => d.scale)
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'scale')
      entered.append('line').attr('x2', 4)
      entered.append('text').attr('x', 7)
      return entered
    })
  ends
    .select('line')
    .attr('y1', (d) => round(d.y))
    .attr('y2', (d) => round(d.y))
  ends
    .select('text')
    .attr('y', (d) => round(d.textY))
    .text((d) => d.text)
}

function drawLandings(blocks: Blocks): void {
  const landings = blocks
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
  landings.each(function ({x, y, label, meaning}) {
    const landing = select(this)
    landing.select('circle').attr('cx', round(x)).attr('cy', round(y))
    landing.select('title').text(meaning)
    landing
      .select('line')
      .attr('x1', round(x))
      .attr('y1', round(y))
      .attr('x2', round(label ? label.x - 14 : x))
      .attr('y2', round(label ? label.y : y))
    landing
      .select('text')
      .attr('x', round(label?.x ?? x))
      .attr('y', round((label?.y ?? y) + 4))
      .text(label?.text ?? '')
  })
  // Radius and ink in the head's hue: both from the block.
  blocks.each(function (block) {
    select(this)
      .selectAll('g.landing circle')
      .attr('r', block.compact || block.height < 60 ? 2.2 : 3)
      .attr('stroke', headHue(block.head))
  })
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
