import {select} from 'd3'
import {headHue, headHues, type Theme} from '@/lib/core/colour'
import {drawAxis} from '@/lib/draw/axis'
import {round} from '@/lib/draw/round'
import {bandPath, strokePath, traceBand, tracePath} from '@/lib/draw/streamPath'
import type {StreamFlag, StreamName, StreamPlot, StreamStroke} from '@/lib/views/liveStream'
import {textWidth} from '@/lib/views/rowText'

/**
 * Draws thousands of points on `canvas`, which it sizes and places, and everything that is read into `svg`, which lies
 * over it. Calling it again with the same marks changes nothing.
 */
export function drawStream(canvas: HTMLCanvasElement, svg: SVGSVGElement, plot: StreamPlot, theme: Theme): void {
  paintStrokes(canvas, plot, theme)
  const root = select(svg).attr('width', plot.width).attr('height', plot.height)
  const g = root
    .selectAll<SVGGElement, StreamPlot>(':scope > g.stream-area')
    .data([plot])
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'stream-area')
      // Lines run out of the picture: a picture within it cuts them off.
      for (const part of ['stood', 'levels', 'time', 'pointed', 'kinds', 'flags', 'names'])
        entered.append(part === 'pointed' ? 'svg' : 'g').attr('class', `stream-${part}`)
      entered.append('text').attr('class', 'stream-title').attr('y', -22)
      entered.append('text').attr('class', 'stream-name-title').attr('y', -22)
      entered.append('g').attr('class', 'stream-key')
      entered.append('text').attr('class', 'stream-absent').attr('x', 0).attr('y', 24)
      return entered
    })
    .attr('transform', ({area}) => `translate(${area.x},${area.y})`)
  g.select('text.stream-title').attr('x', -plot.area.x).text(plot.levelTitle)
  g.select('text.stream-name-title')
    .attr('x', round(plot.area.width + 14))
    .text(plot.nameTitle)
  drawKey(g.select<SVGGElement>('g.stream-key').node()!, plot)
  g.select('text.stream-absent').text(plot.absent ?? '')
  g.select('svg.stream-pointed').attr('width', round(plot.area.width)).attr('height', round(plot.area.height))
  drawStood(g.select<SVGGElement>('g.stream-stood').node()!, plot)
  drawLevels(g.select<SVGGElement>('g.stream-levels').node()!, plot)
  drawAxis(g.select<SVGGElement>('g.stream-time').node()!, plot.axis)
  drawKinds(g.select<SVGGElement>('g.stream-kinds').node()!, plot)
  drawFlags(g.select<SVGGElement>('g.stream-flags').node()!, plot)
  drawNames(g.select<SVGGElement>('g.stream-names').node()!, plot)
}

/** Lets one line stand out, or none. The fast path: the canvas only steps back. */
export function pointStream(
  canvas: HTMLCanvasElement,
  svg: SVGSVGElement,
  plot: StreamPlot,
  line: number | null
): void {
  const stroke = plot.strokes.find((one) => one.line === line)
  canvas.classList.toggle('stepped-back', stroke !== undefined)
  const pointed = select(svg)
    .select<SVGSVGElement>('svg.stream-pointed')
    .selectAll<SVGGElement, StreamStroke>('g')
    .data(stroke ? [stroke] : [])
    .join((enter) => {
      const entered = enter.append('g')
      for (const part of ['head', 'band', 'casing', 'line']) entered.append('path').attr('class', part)
      return entered
    })
    .style('--hue', ({head}) => headHue(head))
  // Ranks between the first and the last of a head mostly belong to others.
  const head = plot.steps ? undefined : plot.heads.find((one) => one.head === stroke?.head)
  pointed.select('path.head').attr('d', head ? bandPath(plot, head) : '')
  pointed.select('path.band').attr('d', (d) => bandPath(plot, d))
  pointed.selectAll('path.casing, path.line').attr('d', stroke ? strokePath(plot, stroke) : '')
  select(svg)
    .selectAll<SVGGElement, StreamName>('g.stream-names > g')
    .classed('pointed', (d) => d.line === line)
}

function paintStrokes(canvas: HTMLCanvasElement, {area, x, strokes, steps, levels}: StreamPlot, theme: Theme): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const scale = canvas.ownerDocument.defaultView?.devicePixelRatio ?? 1
  // Setting the size clears it, also to the same size.
  canvas.width = Math.round(area.width * scale)
  canvas.height = Math.round(area.height * scale)
  Object.assign(canvas.style, {
    left: `${area.x}px`,
    top: `${area.y}px`,
    width: `${area.width}px`,
    height: `${area.height}px`
  })
  context.scale(scale, scale)
  context.lineJoin = 'round'
  context.lineCap = 'round'
  const hue = (head: number) => headHues[theme][head % 8]!
  // Behind the lines, or each would be cut.
  context.fillStyle = getComputedStyle(canvas).getPropertyValue('--hair')
  for (const {y} of levels) context.fillRect(0, Math.round(y), area.width, 1)
  context.lineWidth = 1
  for (const {head, top, bottom} of strokes) {
    context.beginPath()
    traceBand(context, {x, steps}, top, bottom)
    context.fillStyle = context.strokeStyle = hue(head)
    context.globalAlpha = 0.24
    context.fill()
    // The spike of one column is too thin to be seen as an area.
    context.globalAlpha = 0.5
    context.stroke()
  }
  context.globalAlpha = 1
  context.lineWidth = steps ? 2 : 1.5
  for (const {head, mean} of strokes) {
    context.beginPath()
    tracePath(context, {x, steps}, mean)
    context.strokeStyle = hue(head)
    context.stroke()
  }
}

function drawStood(g: SVGGElement, {stood, area}: StreamPlot): void {
  select(g)
    .selectAll<SVGRectElement, StreamPlot['stood'][number]>('rect')
    .data(stood)
    .join('rect')
    .attr('x', (d) => round(d.x))
    .attr('width', (d) => round(d.width))
    .attr('y', round(area.height - 5))
    .attr('height', 5)
  // Words where they fit.
  select(g)
    .selectAll<SVGTextElement, StreamPlot['stood'][number]>('text')
    .data(stood.filter(({width}) => width > 96))
    .join('text')
    .attr('x', (d) => round(d.x + 3))
    .attr('y', round(area.height - 8))
    .text('the view stood here')
}

function drawLevels(g: SVGGElement, {levels, area}: StreamPlot): void {
  const level = select(g)
    .selectAll<SVGGElement, StreamPlot['levels'][number]>('g')
    .data(levels)
    .join((enter) => {
      const entered = enter.append('g')
      entered.append('line').attr('x1', 0)
      entered.append('text').attr('x', -6).attr('y', 4)
      return entered
    })
    .classed('zero', (d) => d.zero)
    .attr('transform', (d) => `translate(0,${round(d.y)})`)
  level.select('line').attr('x2', (d) => (d.zero ? round(area.width) : 0))
  level.select('text').text((d) => d.text)
}

function drawKinds(g: SVGGElement, {kinds, area}: StreamPlot): void {
  const kind = select(g)
    .selectAll<SVGGElement, StreamPlot['kinds'][number]>('g')
    .data(kinds)
    .join((enter) => {
      const entered = enter.append('g')
      entered.append('line')
      entered.append('text').attr('x', 4)
      return entered
    })
    .attr('transform', (d) => `translate(${round(d.x)},0)`)
  kind.select('line').attr('y2', round(area.height))
  kind
    .select('text')
    .attr('y', round(area.height - 9))
    .text((d) => d.text)
}

function drawFlags(g: SVGGElement, {flags, area}: StreamPlot): void {
  const flag = select(g)
    .selectAll<SVGGElement, StreamFlag>('g')
    .data(flags, (d) => d.id)
    .join((enter) => {
      const entered = enter.append('g')
      entered.append('line').attr('y1', -16)
      entered.append('rect').attr('y', -16).attr('height', 15)
      entered.append('text').attr('y', -4)
      return entered
    })
    .attr('transform', (d) => `translate(${round(d.x)},0)`)
  flag.select('line').attr('y2', round(area.height))
  flag
    .select('rect')
    .attr('x', (d) => round(d.left))
    .attr('width', (d) => round(d.width))
  flag
    .select('text')
    .attr('x', (d) => round(d.left + 5))
    .text((d) => d.text)
}

// `Head 1 2 3 4`, each in its hue.
function drawKey(g: SVGGElement, {heads, levelTitle}: StreamPlot): void {
  // One hue tells nothing apart, and where a family has no heads there is none to name.
  const numbers = heads.map(({head}) => ({text: String(head + 1), hue: headHue(head)}))
  const words = heads.length > 1 ? [{text: 'Head', hue: 'var(--ink3)'}, ...numbers] : []
  // The word ends where the numbers begin, in whatever face it is set.
  const start = textWidth(levelTitle, 13) + 10
  select(g)
    .selectAll<SVGTextElement, (typeof words)[number]>('text')
    .data(words)
    .join('text')
    .attr('x', (_, i) => round(start + i * 16))
    .attr('text-anchor', (_, i) => (i === 0 ? 'end' : 'middle'))
    .attr('y', -22)
    .style('--hue', (d) => d.hue)
    .text((d) => d.text)
}

function drawNames(g: SVGGElement, {names, area}: StreamPlot): void {
  const name = select(g)
    .selectAll<SVGGElement, StreamName>('g')
    .data(names, (d) => d.line)
    .join((enter) => {
      const entered = enter.append('g')
      entered.append('path')
      entered.append('text').attr('x', 14)
      return entered
    })
    .style('--hue', ({head}) => headHue(head))
    .attr('transform', `translate(${round(area.width)},0)`)
  name.select('path').attr('d', (d) => `M2,${round(d.end)}L11,${round(d.y)}`)
  name
    .select('text')
    .attr('y', (d) => round(d.y + 4))
    .text((d) => d.text)
}
