import {type Selection, select} from 'd3'
import {count} from '@/lib/core/number'
import {drawAbsent} from '@/lib/draw/absent'
import {drawAxis} from '@/lib/draw/axis'
import {drawDotted} from '@/lib/draw/dotted'
import {whenZoomable} from '@/lib/draw/mapZoomLater'
import {round} from '@/lib/draw/round'
import type {Tick} from '@/lib/views/axis'
import {type Bitmap, bitmap} from '@/lib/views/bitmap'
import type {BoxedCell} from '@/lib/views/boxedCell'
import type {MapView} from '@/lib/views/cellWindow'
import type {ColourLegend} from '@/lib/views/colourScale'
import {columnEdges, type HeatmapMarks, type Overview} from '@/lib/views/heatmap'
import {textWidth} from '@/lib/views/rowText'

export interface HeatmapHandlers {
  /** The reader zoomed or moved. */
  readonly onZoom?: (view: MapView) => void
  /** Asked before cells are painted; true when they are painted elsewhere. */
  readonly paintsElsewhere?: (marks: HeatmapMarks) => boolean
}

/**
 * Draws the cells on `canvas`, which it sizes, and everything else of panel c into `g`, which lies over it. Calling it
 * again with the same marks changes nothing.
 */
export function drawHeatmap(
  canvas: HTMLCanvasElement,
  g: SVGGElement,
  marks: HeatmapMarks,
  {onZoom, paintsElsewhere}: HeatmapHandlers = {}
): void {
  if (!paintsElsewhere?.(marks)) paintCells(canvas, marks)
  drawSurface(g, marks, onZoom)
  drawDotted(g, marks.cells === null && marks.absent.length === 0 ? marks.rows : [], [0, marks.width])
  drawAbsent(g, marks.absent)
  drawLegend(g, marks.legend)
  drawAxis(g, marks.axis)
  drawRowTicks(g, marks.rowTicks)
  drawOverview(g, marks, 'cols', onZoom)
  drawOverview(g, marks, 'rows', onZoom)
  drawBox(g, marks.boxed, marks.captionY)
}

/** Two lines along a column and its name over them, or none. The fast path: nothing else is drawn again. */
export function pointColumn(g: SVGGElement, marks: HeatmapMarks, column: number | null): void {
  const edges = column === null ? null : columnEdges(marks, column)
  const hair = select(g)
    .selectAll<SVGGElement, readonly [number, number]>(':scope > g.crosshair')
    .data(edges ? [edges] : [])
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'crosshair')
      entered.append('line')
      entered.append('line')
      entered.append('text').attr('text-anchor', 'middle')
      return entered
    })
  hair
    .selectAll<SVGLineElement, number>('line')
    .data((d) => d)
    .attr('x1', round)
    .attr('x2', round)
    .attr('y1', -4)
    .attr('y2', round(marks.height + 2))
  const name = column === null ? '' : `${marks.colName} ${count(column + 1)}`
  // At the sides the name stays inside the panel.
  const half = textWidth(name, 12) / 2
  hair
    .select('text')
    .attr('x', (d) => round(Math.max(half, Math.min(marks.width - half, (d[0] + d[1]) / 2))))
    .attr('y', round(marks.captionY + 1))
    .text(name)
  select(g)
    .selectAll(':scope > g.boxed')
    .classed('stepped-back', edges !== null)
}

function paintCells(canvas: HTMLCanvasElement, marks: HeatmapMarks): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const painted = bitmap(marks, canvas.ownerDocument.defaultView?.devicePixelRatio ?? 1, spares.get(canvas))
  spares.set(canvas, painted)
  const {width, height, rgba} = painted
  // Setting a canvas's size clears it, even to the same size.
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  canvas.style.width = `${round(marks.width)}px`
  canvas.style.height = `${round(marks.height)}px`
  if (width > 0 && height > 0) context.putImageData(new ImageData(rgba, width, height), 0, 0)
}

// Four megabytes a frame would keep the collector busy.
const spares = new WeakMap<HTMLCanvasElement, Bitmap>()

// What wheel and finger take hold of.
function drawSurface(g: SVGGElement, marks: HeatmapMarks, onZoom: HeatmapHandlers['onZoom']): void {
  select(g)
    .selectAll<SVGRectElement, HeatmapMarks>(':scope > rect.surface')
    .data(marks.cells ? [marks] : [])
    .join((enter) => enter.insert('rect', ':first-child').attr('class', 'surface'))
    .classed('zoomed', marks.overview !== null || marks.rowOverview !== null)
    .attr('width', round(marks.width))
    .attr('height', round(marks.height))
    .each(function () {
      whenZoomable(this, ({mapZoom}) => mapZoom(this, marks, onZoom))
    })
}

function drawLegend(g: SVGGElement, legend: ColourLegend | null): void {
  // While a map is zoomed its colours stay.
  const said = JSON.stringify(legend)
  if (legends.get(g) === said && g.querySelector(':scope > g.legend')) return
  legends.set(g, said)
  const root = select(g)
    .selectAll<SVGGElement, ColourLegend>(':scope > g.legend')
    .data(legend ? [legend] : [])
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'legend')
      entered.append('linearGradient')
      entered.append('text').attr('class', 'low').attr('y', 4)
      entered.append('rect').attr('y', -4).attr('height', 8)
      entered.append('text').attr('class', 'high').attr('y', 4)
      return entered
    })
    .attr('transform', (d) => `translate(0,${round(d.y)})`)
  root
    .select('linearGradient')
    .attr('id', (d) => `ramp-${d.name}`)
    .selectAll<SVGStopElement, string>('stop')
    .data((d) => d.stops)
    .join('stop')
    .attr('offset', (_, i, all) => round(i / (all.length - 1)))
    .attr('stop-color', (d) => d)
  root.select('text.low').text((d) => d.low)
  root
    .select('rect')
    .attr('x', (d) => round(d.x))
    .attr('width', (d) => round(d.width))
    .attr('fill', (d) => `url(#ramp-${d.name})`)
  root
    .select('text.high')
    .attr('x', (d) => round(d.x + d.width + 6))
    .text((d) => `${d.high} ${d.text}`)
}

const legends = new WeakMap<SVGGElement, string>()

function drawRowTicks(g: SVGGElement, ticks: readonly Tick[]): void {
  select(g)
    .selectAll<SVGTextElement, Tick>(':scope > text.row-tick')
    .data(ticks)
    .join((enter) => enter.append('text').attr('class', 'row-tick').attr('x', -6))
    .attr('y', ({x}) => round(x + 4))
    .text(({text}) => text)
}

function drawOverview(
  g: SVGGElement,
  marks: HeatmapMarks,
  axis: 'cols' | 'rows',
  onZoom: HeatmapHandlers['onZoom']
): void {
  const shown = axis === 'cols' ? marks.overview : marks.rowOverview
  const [along, across] = axis === 'cols' ? (['width', 'height'] as const) : (['height', 'width'] as const)
  const strip: Selection<SVGGElement, Overview, SVGGElement, unknown> = select(g)
    .selectAll<SVGGElement, Overview>(`:scope > g.overview-${axis}`)
    .data(shown ? [shown] : [])
    .join((enter) => {
      const entered = enter.append('g').attr('class', `overview overview-${axis}`)
      entered.append('rect').attr('class', 'overview-all')
      entered.append('rect').attr('class', 'overview-window')
      // A finger is thicker than the strip.
      entered
        .append('rect')
        .attr('class', 'overview-grip')
        .attr(axis === 'cols' ? 'y' : 'x', -7)
        .attr(across, 20)
      return entered
    })
    .attr('transform', ({at}) => (axis === 'cols' ? `translate(0,${round(at)})` : `translate(${round(at)},0)`))
  strip.selectAll('rect').attr(along, round(shown?.length ?? 0))
  strip.select('rect.overview-all').attr(across, (d) => d.thickness)
  strip
    .select('rect.overview-window')
    .attr(axis === 'cols' ? 'x' : 'y', (d) => round(Math.min(d.start, d.length - 6)))
    .attr(along, (d) => round(Math.max(6, d.stop - d.start)))
    .attr(across, (d) => d.thickness)
  strip.select<SVGRectElement>('rect.overview-grip').each(function () {
    whenZoomable(this, ({overviewDrag}) => overviewDrag(this, marks, axis, onZoom))
  })
}

function drawBox(g: SVGGElement, boxed: BoxedCell | null, captionY: number): void {
  const root = select(g)
    .selectAll<SVGGElement, BoxedCell>(':scope > g.boxed')
    .data(boxed ? [boxed] : [])
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'boxed')
      entered.append('rect').attr('class', 'casing')
      entered.append('rect').attr('class', 'box')
      entered.append('path').attr('class', 'leader')
      entered.append('text')
      return entered
    })
  root
    .selectAll('rect')
    .attr('x', boxed ? round(boxed.x) : 0)
    .attr('y', boxed ? round(boxed.y) : 0)
    .attr('width', boxed ? round(boxed.width) : 0)
    .attr('height', boxed ? round(boxed.height) : 0)
  root
    .select('text')
    .attr('x', (d) => round(d.note?.x ?? 0))
    .attr('y', round(captionY))
    .attr('text-anchor', (d) => d.note?.anchor ?? 'start')
    .text((d) => d.note?.text ?? '')
  root.select('path.leader').attr('d', (d) => leader(d, captionY - 4))
}

// From beside the note to the column's middle, and down to the first row.
function leader({x, width, note}: BoxedCell, y: number): string {
  if (note === null) return ''
  const from = note.x + (note.anchor === 'end' ? 3 : -3)
  return `M${round(from)},${round(y)}H${round(x + width / 2)}V-2`
}
