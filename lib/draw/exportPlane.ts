import type {Inks} from '@/lib/draw/exportInks'
import {round} from '@/lib/draw/round'
import {child, pngAddress, svgElement} from '@/lib/draw/svgElement'
import type {ExportPlane, ExportTile, ExportWord} from '@/lib/views/exportPlane'
import type {PlaneBox} from '@/lib/views/planeCells'

const rampId = 'plane-ramp'

/** Attention on the input as one group: colours of places as pictures inside, all else as shapes and text. */
export function planeGroup(document: Document, plane: ExportPlane, inks: Inks, serif: string): SVGElement {
  const group = svgElement(document, 'g', {id: 'on-the-input'})
  child(group, 'rect', {x: 0, y: 0, width: plane.width, height: 1.5, fill: inks.ink})
  drawLegend(group, plane)
  for (const {x, y, dx, dy} of plane.ticks) {
    const d = dx === 0 ? `V${round(y + dy)}` : `H${round(x + dx)}`
    child(group, 'path', {d: `M${round(x)} ${round(y)}${d}`, fill: 'none', stroke: inks.ink3})
  }
  for (const {x, y, text, anchor, upward} of [...plane.axis, ...plane.legend.texts]) {
    child(group, 'text', {
      ...(upward ? {transform: `translate(${round(x)},${round(y)}) rotate(-90)`} : {x: round(x), y: round(y)}),
      'font-size': 11,
      'text-anchor': anchor,
      fill: inks.ink3
    }).textContent = text
  }
  const focus = plane.focus && drawTile(group, plane.focus, inks, 1)
  if (focus && plane.points) drawPoints(focus, plane.points, inks)
  for (const tile of plane.tiles) drawTile(group, tile, inks, focus ? 0.8 : 1)
  for (const word of plane.words) drawWord(group, word, inks, serif)
  return group
}

function drawLegend(group: SVGElement, {legend}: ExportPlane): void {
  const ramp = child(group, 'linearGradient', {id: rampId})
  for (const [i, colour] of legend.stops.entries()) {
    child(ramp, 'stop', {offset: round(i / (legend.stops.length - 1)), 'stop-color': colour})
  }
  const {x, y, width, height} = legend
  child(group, 'rect', {...rounded({x, y, width, height}), fill: `url(#${rampId})`})
}

/** `weight` of its lines: 1 for the large one. */
function drawTile(group: SVGElement, tile: ExportTile, inks: Inks, weight: number): SVGElement {
  const {x, y, width, height, outline, cell, label} = tile
  const own = child(group, 'g', {transform: `translate(${round(x)},${round(y)})`})
  child(own, 'title', {}).textContent = label
  child(own, 'image', {
    width: round(width),
    height: round(height),
    preserveAspectRatio: 'none',
    'image-rendering': 'pixelated',
    href: pngAddress(group.ownerDocument, tile.bitmap)
  })
  child(own, 'rect', {
    width: round(width),
    height: round(height),
    fill: 'none',
    stroke: inks.line,
    'stroke-width': 0.75
  })
  if (outline !== '') {
    const line = {d: outline, fill: 'none', 'stroke-linecap': 'square'}
    child(own, 'path', {...line, stroke: inks.paper, 'stroke-width': 3 * weight})
    child(own, 'path', {...line, stroke: inks.ink, 'stroke-width': 1.25 * weight})
  }
  if (cell) {
    const box = {...rounded(cell), fill: 'none'}
    child(own, 'rect', {...box, stroke: inks.onMark, 'stroke-width': 4 * weight})
    child(own, 'rect', {...box, stroke: inks.mark, 'stroke-width': 2 * weight})
  }
  return own
}

function drawPoints(tile: SVGElement, {query, points, says}: NonNullable<ExportPlane['points']>, inks: Inks) {
  const group = child(tile, 'g', {id: 'sampling-points'})
  child(group, 'title', {}).textContent = says
  child(group, 'rect', {
    ...rounded(query),
    fill: 'none',
    stroke: inks.mark,
    'stroke-width': 1,
    'stroke-dasharray': '3 2'
  })
  for (const {x0, y0, x, y} of points) {
    const [fromX, fromY, toX, toY] = [x0, y0, x, y].map(round)
    child(group, 'path', {d: `M${fromX} ${fromY}L${toX} ${toY}`, fill: 'none', stroke: inks.paper})
    child(group, 'circle', {cx: fromX!, cy: fromY!, r: 1.3, fill: inks.paper})
  }
  for (const {x, y, radius, outside} of points) {
    child(group, 'circle', {
      cx: round(x),
      cy: round(y),
      r: round(radius),
      ...(outside ? {fill: 'none', stroke: inks.mark} : {fill: inks.mark, 'fill-opacity': 0.92, stroke: inks.onMark}),
      'stroke-width': 0.8
    })
  }
}

function drawWord(group: SVGElement, {text, x, y, width, line}: ExportWord, inks: Inks, serif: string): void {
  const look = {'font-size': 14.5, 'font-weight': 600, 'font-family': serif, fill: inks.ink}
  child(group, 'text', {x: round(x), y: round(y), ...look}).textContent = text
  if (!line) return
  const height = round(line.thickness)
  child(group, 'rect', {x: round(x), y: round(y + 5), width: round(width), height, fill: line.colour})
}

const rounded = ({x, y, width, height}: PlaneBox) => ({
  x: round(x),
  y: round(y),
  width: round(width),
  height: round(height)
})
