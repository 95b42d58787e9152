import {type BaseType, type Selection, select} from 'd3'
import {round} from '@/lib/draw/round'
import type {PlaneTile} from '@/lib/views/plane'
import type {PlaneBox} from '@/lib/views/planeCells'
import type {PlanePointMarks} from '@/lib/views/planePoints'

/** What the reader holds or points at on one tile. */
export interface PlaneReader {
  readonly cell: PlaneBox | null
  /** A brushed span of time. */
  readonly span?: PlaneBox | null
  readonly points?: PlanePointMarks | null
  readonly state?: 'rest' | 'hover' | 'pinned'
}

/** Draws tiles into `root`, one figure each, keyed by row. Drawing the same twice changes nothing. */
export function drawPlaneTiles(root: HTMLElement, tiles: readonly PlaneTile[]): void {
  const figures = select(root)
    .selectAll<HTMLElement, PlaneTile>(':scope > figure')
    .data(tiles, (tile) => tile.key)
    .join((enter) => {
      const figure = enter.append('figure').attr('class', 'plane-tile')
      const caption = figure.append('figcaption')
      caption.append('b')
      caption.append('span').attr('class', 'gloss')
      const picture = figure.append('div').attr('class', 'plane-picture')
      picture.append('canvas').attr('aria-hidden', 'true')
      const svg = picture.append('svg').attr('role', 'img').attr('preserveAspectRatio', 'none')
      svg.append('path').attr('class', 'plane-casing')
      svg.append('path').attr('class', 'plane-half')
      // Layers of their own, so that what comes later stands no higher.
      for (const layer of ['span', 'points', 'pointed']) svg.append('g').attr('class', `plane-${layer}-layer`)
      return figure
    })
    .attr('data-row', (tile) => tile.row)
    .order()
  figures.select('figcaption b').text((tile) => tile.title)
  figures.select('figcaption .gloss').text((tile) => tile.gloss)
  figures
    .select<HTMLElement>('.plane-picture')
    .style('aspect-ratio', ({frame}) => `${round(frame.width)} / ${round(frame.height)}`)
  figures.select<HTMLCanvasElement>('canvas').each(function (tile) {
    paint(this, tile)
  })
  const svg = figures
    .select('svg')
    .attr('viewBox', ({frame}) => `0 0 ${round(frame.width)} ${round(frame.height)}`)
    .attr('aria-label', (tile) => tile.label)
  for (const name of ['path.plane-casing', 'path.plane-half']) svg.select(name).attr('d', (tile) => tile.outline)
}

/** Moves the reader's marks on one tile; nothing else of it is touched. */
export function drawPlaneReader(
  figure: Element,
  {cell, span = null, points = null, state = 'rest'}: PlaneReader
): void {
  select(figure).attr('data-state', state)
  const layer = (name: string) => select(figure).select<SVGGElement>(`svg > g.plane-${name}-layer`)
  const boxes = (name: string, of: string, box: PlaneBox | null) =>
    placed(
      layer(of)
        .selectAll<SVGRectElement, PlaneBox>(`:scope > rect.${name}`)
        .data(box ? [box] : [])
        .join((enter) => enter.append('rect').attr('class', name))
    )
  boxes('plane-span', 'span', span)
  drawPoints(layer('points').node()!, points)
  boxes('plane-cell-casing', 'pointed', cell)
  boxes('plane-cell', 'pointed', cell)
}

/** A line and what sets it off from any colour behind it. */
const ways = ['plane-way-casing', 'plane-way'] as const

function drawPoints(layer: SVGGElement, marks: PlanePointMarks | null): void {
  const group = select(layer)
    .selectAll<SVGGElement, PlanePointMarks>(':scope > g.plane-points')
    .data(marks ? [marks] : [])
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'plane-points')
      entered.append('title')
      entered.append('rect').attr('class', 'plane-query')
      return entered
    })
  group.select('title').text((found) => found.says)
  placed(group.select<SVGRectElement>('rect').datum((found) => found.query))
  const points = group
    .selectAll<SVGGElement, PlanePointMarks['points'][number]>(':scope > g')
    .data(
      (found) => found.points,
      (point) => point.key
    )
    .join((enter) => {
      const entered = enter.append('g')
      for (const name of ways) entered.append('line').attr('class', name)
      entered.append('circle').attr('class', 'plane-from')
      entered.append('circle').attr('class', 'plane-to')
      return entered
    })
    .attr('data-outside', (point) => (point.outside ? '' : null))
  for (const name of ways)
    points
      .select(`line.${name}`)
      .attr('x1', (point) => round(point.x0))
      .attr('y1', (point) => round(point.y0))
      .attr('x2', (point) => round(point.x))
      .attr('y2', (point) => round(point.y))
  points
    .select('.plane-from')
    .attr('cx', (point) => round(point.x0))
    .attr('cy', (point) => round(point.y0))
    .attr('r', 0.9)
  points
    .select('.plane-to')
    .attr('cx', (point) => round(point.x))
    .attr('cy', (point) => round(point.y))
    .attr('r', (point) => round(point.radius))
}

function placed<P extends BaseType, Q>(rects: Selection<SVGRectElement, PlaneBox, P, Q>): void {
  rects
    .attr('x', (box) => round(box.x))
    .attr('y', (box) => round(box.y))
    .attr('width', (box) => round(box.width))
    .attr('height', (box) => round(box.height))
}

function paint(canvas: HTMLCanvasElement, {bitmap}: PlaneTile): void {
  if (painted.get(canvas) === bitmap) return
  painted.set(canvas, bitmap)
  canvas.width = bitmap.width
  canvas.height = bitmap.height
  canvas.getContext('2d')?.putImageData(new ImageData(bitmap.rgba, bitmap.width, bitmap.height), 0, 0)
}

const painted = new WeakMap<HTMLCanvasElement, PlaneTile['bitmap']>()
