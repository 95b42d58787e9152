import {type Selection, select} from 'd3'
import {drawDotted} from '@/lib/draw/dotted'
import {drawGaussians, pointGaussian} from '@/lib/draw/gaussians'
import {drawControls, drawHeads, type HeadHandlers} from '@/lib/draw/heads'
import {drawHeatmap, type HeatmapHandlers, pointColumn} from '@/lib/draw/heatmap'
import {drawImportance} from '@/lib/draw/importance'
import {drawLearned} from '@/lib/draw/learned'
import {drawMeasures} from '@/lib/draw/measures'
import {drawReader} from '@/lib/draw/reader'
import {round} from '@/lib/draw/round'
import {drawSignal} from '@/lib/draw/signal'
import {drawHairs, drawSpine} from '@/lib/draw/spine'
import type {FigureMarks} from '@/lib/views/figure'
import type {PanelLetter} from '@/lib/views/frame'
import type {FigureSection, PanelPlace} from '@/lib/views/layout'
import {type Reader, readerMarks} from '@/lib/views/readerMarks'

/** What the figure's own controls do, and what panels c and d do with a wheel or a drag. */
export interface FigureHandlers extends HeadHandlers, HeatmapHandlers {}

/**
 * The drawing's layers, bottom to top: the heatmap's bitmap, the reader's bands, the hairlines, panels, and what lies
 * over them. They are made on the first call and kept.
 */
interface Stage {
  readonly canvas: HTMLCanvasElement
  readonly svg: SVGSVGElement
  readonly back: SVGGElement
  readonly front: SVGGElement
  readonly controls: HTMLDivElement
}

/** Draws the figure into `root`. Calling it again with the same marks changes nothing. */
export function drawFigure(root: HTMLElement, marks: FigureMarks, handlers: FigureHandlers = {}): void {
  const stage = stageOf(root)
  const {layout} = marks
  root.style.setProperty('--figure-least', `${Math.ceil(layout.leastHeight)}px`)
  root.dataset.density = layout.density
  root.dataset.form = layout.form
  select(stage.svg)
    .attr('viewBox', `0 0 ${round(layout.width)} ${round(layout.height)}`)
    .attr('width', round(layout.width))
    .attr('height', round(layout.height))
  drawHeads(group(stage.svg, 'heads'), marks.heads)
  const sections = select(group(stage.svg, 'sections'))
    .selectAll<SVGGElement, FigureSection>('g.section')
    .data(layout.sections)
    .join('g')
    .attr('class', 'section')
    .attr('transform', (d) => `translate(0,${round(d.top)})`)
  sections.each(function (section) {
    drawHairs(group(this, 'hairs'), marks.spine, layout.width)
    drawSpine(group(this, 'spine'), marks.spine, section.panels[0]!.frame.captionY)
  })
  drawPanels(sections, stage, marks, handlers)
  drawScrubs(root, marks)
  drawControls(stage.controls, marks.heads, handlers)
}

/**
 * Draws panel c alone, and where its rows moved the spines beside it: for another window of its map, every frame while
 * a reader zooms.
 */
export function drawMap(
  root: HTMLElement,
  marks: FigureMarks,
  handlers: FigureHandlers = {},
  {feature, rowsMoved}: {readonly feature: number | null; readonly rowsMoved: boolean}
): void {
  const map = panelGroup(root, 'c')
  if (map && marks.heatmap) {
    drawHeatmap(stageOf(root).canvas, map, marks.heatmap, handlers)
    pointColumn(map, marks.heatmap, feature)
  }
  if (!rowsMoved) return
  select(root)
    .selectAll<SVGGElement, FigureSection>('g.section')
    .each(function ({panels}) {
      drawHairs(group(this, 'hairs'), marks.spine, marks.layout.width)
      drawSpine(group(this, 'spine'), marks.spine, panels[0]!.frame.captionY)
    })
}

/** Draws what the reader's hand adds: bands, rules, chips, veils, a column's cross. The panels are left alone. */
export function drawReaderMarks(root: HTMLElement, figure: FigureMarks, reader: Reader): void {
  const {back, front} = stageOf(root)
  const marks = readerMarks(figure, reader)
  drawReader(back, front, marks)
  select(root)
    .selectAll<SVGElement, {readonly layer: number}>('.figure-picture :is(g.row, text.layer)')
    .classed('hushed', (d) => marks.hushed.has(d.layer))
  const map = panelGroup(root, 'c')
  if (map && figure.heatmap) pointColumn(map, figure.heatmap, reader.feature)
  const curves = panelGroup(root, 'd')
  if (curves && figure.gaussians) pointGaussian(curves, figure.gaussians, reader.layer ?? reader.pinned, reader.feature)
}

const panelGroup = (root: HTMLElement, letter: PanelLetter): SVGGElement | null =>
  root.querySelector<SVGGElement>(`g.panel[data-letter="${letter}"]`)

function drawPanels(
  sections: Selection<SVGGElement, FigureSection, SVGGElement, unknown>,
  {canvas}: Stage,
  marks: FigureMarks,
  handlers: FigureHandlers
): void {
  const map = marks.layout.sections.flatMap((section) =>
    section.panels.filter(({letter}) => letter === 'c' && marks.heatmap?.cells).map((panel) => ({section, panel}))
  )[0]
  select(canvas)
    .attr('hidden', map ? null : '')
    .style('left', `${round(map?.panel.x ?? 0)}px`)
    .style('top', `${round(map?.section.top ?? 0)}px`)
  sections
    .selectAll<SVGGElement, PanelPlace>('g.panel')
    .data(
      ({panels}) => panels,
      (d) => d.letter
    )
    .join((enter) => enter.append('g').attr('class', 'panel'))
    .attr('data-letter', (d) => d.letter)
    .attr('transform', (d) => `translate(${round(d.x)},0)`)
    .each(function ({letter}) {
      drawPanel(this, canvas, letter, marks, handlers)
    })
}

function drawPanel(
  g: SVGGElement,
  canvas: HTMLCanvasElement,
  letter: PanelLetter,
  {importance, learned, heatmap, gaussians, measures, signal, dotted, shifts}: FigureMarks,
  handlers: FigureHandlers
): void {
  const waiting = dotted.find((panel) => panel.letter === letter)
  // What had something to show and has nothing now begins anew, and so does what waited.
  const states = {waiting: waiting !== undefined, measuring: letter === 'd' && measures !== null}
  if (Object.entries(states).some(([name, is]) => g.classList.contains(name) !== is)) g.replaceChildren()
  for (const [name, is] of Object.entries(states)) g.classList.toggle(name, is)
  if (waiting) drawDotted(g, waiting.rows, [waiting.x0, waiting.x1])
  else if (letter === 'a' && importance) drawImportance(g, importance)
  else if (letter === 'b' && learned) drawLearned(g, learned)
  else if (letter === 'c' && heatmap) drawHeatmap(canvas, g, heatmap, handlers)
  else if (letter === 'd' && measures) drawMeasures(g, measures)
  else if (letter === 'd' && gaussians) {
    drawGaussians(g, gaussians)
    shift<{readonly layers: readonly number[]}>(g, 'svg.block', shifts, ({layers}) => layers[0]!)
  } else if (letter === 'e' && signal) {
    drawSignal(g, signal)
    shift<{readonly layer: number}>(g, 'g.signal', shifts, ({layer}) => layer)
  }
}

// What is bound to a row goes along with it, until it is drawn in place.
function shift<Row>(g: SVGGElement, selector: string, by: FigureMarks['shifts'], layerOf: (row: Row) => number): void {
  select(g)
    .selectAll<SVGElement, Row>(`:scope > ${selector}`)
    .attr('transform', (row) => (by ? `translate(0,${round(by.get(layerOf(row)) ?? 0)})` : null))
}

// A finger on the spine moves through the layers and must not scroll the page.
function drawScrubs(root: HTMLElement, {layout}: FigureMarks): void {
  select(root)
    .selectAll<HTMLDivElement, FigureSection>(':scope > div.scrub')
    .data(layout.known ? layout.sections : [])
    .join('div')
    .attr('class', 'scrub')
    // As in holdPage: the next tap would be lost.
    .on('touchmove', (event: TouchEvent) => event.preventDefault())
    .style('top', (d) => `${round(d.top)}px`)
    .style('width', `${layout.spine.width}px`)
    .style('height', `${round(layout.rowsHeight)}px`)
}

function stageOf(root: HTMLElement): Stage {
  const svg = child(root, 'svg.figure-picture', () =>
    select(root).append('svg').attr('class', 'figure-picture').attr('aria-hidden', 'true').node()
  )
  const canvas = child(root, 'canvas.figure-map', () =>
    select(root).insert('canvas', ':first-child').attr('class', 'figure-map').attr('aria-hidden', 'true').node()
  )
  const back = group(svg, 'back')
  for (const name of ['heads', 'sections']) group(svg, name)
  const front = group(svg, 'front')
  const controls = child(root, 'div.figure-controls', () =>
    select(root).append('div').attr('class', 'figure-controls').node()
  )
  return {canvas, svg, back, front, controls}
}

function child<E extends Element>(parent: Element, selector: string, make: () => E | null): E {
  return parent.querySelector<E>(`:scope > ${selector}`) ?? make()!
}

const group = (parent: SVGElement, name: string): SVGGElement =>
  child(parent, `g.${name}`, () => select(parent).append('g').attr('class', name).node())
