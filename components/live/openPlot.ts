import type {Theme} from '@/lib/core/colour'
import {holdPage, isAcross} from '@/lib/draw/holdPage'
import {drawStream, pointStream} from '@/lib/draw/liveStream'
import {redrawPace} from '@/lib/draw/redrawPace'
import {dragStrip, drawStrip} from '@/lib/draw/streamStrip'
import type {LensStore} from '@/lib/state/lens'
import type {LiveStream, LiveStreamStore} from '@/lib/state/liveStream'
import {type StreamPlot, streamPlot, strokeAt} from '@/lib/views/liveStream'
import {type StreamOverview, streamOverview} from '@/lib/views/streamOverview'

/** The elements that the plot is drawn on. */
export interface PlotPlace {
  /** Takes the pointer and the keyboard. */
  readonly host: HTMLElement
  readonly canvas: HTMLCanvasElement
  readonly svg: SVGSVGElement
  readonly strip: HTMLCanvasElement
}

export interface PlotLook {
  readonly width: number
  readonly height: number
  readonly theme: Theme
}

export interface OpenPlot {
  look: (look: PlotLook) => void
  close: () => void
}

const stripHeight = 30
const perSecond = 10

/**
 * Keeps a live plot drawn: at most ten times a second, once a second for those who want no motion. Pointer and keys go
 * to the stream and the lens, and back from there, without React. `onDrawn` is told each picture's sentence.
 */
export function openPlot(
  place: PlotPlace,
  stream: LiveStreamStore,
  lens: LensStore,
  onDrawn: (plot: StreamPlot) => void
): OpenPlot {
  let shown: PlotLook | null = null
  let plot: StreamPlot | null = null
  let strip: StreamOverview | null = null
  /** A picture that stands is not drawn again for what is not in it. */
  let stale = true

  const draw = () => {
    if (shown === null || shown.width === 0) return
    const {record, measure, rowName, drew} = stream.getState()
    const now = record()
    if (stale || plot === null) {
      plot = streamPlot(now, {width: shown.width, height: shown.height, measure, rowName})
      drawStream(place.canvas, place.svg, plot, shown.theme)
      point()
      stale = false
    }
    // Ranks say nothing of all lines together.
    strip = streamOverview(now, measure === 'rank' ? 'importance' : measure, shown.width, stripHeight)
    drawStrip(place.strip, strip)
    drew()
    onDrawn(plot)
  }
  const pace = redrawPace(draw, matchMedia('(prefers-reduced-motion: reduce)').matches ? 1 : perSecond)

  const lineOf = (layer: number | null) => {
    if (layer === null) return null
    const line = stream
      .getState()
      .lines()
      .findIndex(({rows: [start, stop]}) => layer >= start && layer < stop)
    return line < 0 ? null : line
  }
  const point = () => {
    const {layer, pinned, solo} = lens.getState()
    if (plot) pointStream(place.canvas, place.svg, plot, lineOf(layer ?? solo ?? pinned))
  }

  const leaveStream = stream.subscribe((now, was) => {
    stale ||= now.view === null || !onlyCame(now, was)
    if (wantsDrawing(now, was)) pace.ask()
  })
  const leaveLens = lens.subscribe(point)
  const quiet = [
    dragStrip(
      place.strip,
      () => strip,
      (view) => stream.getState().look(view)
    ),
    listenToPointer(place, () => plot, stream, lens),
    listenToKeys(place.host, stream, lens, lineOf)
  ]

  return {
    look: (look) => {
      shown = look
      stale = true
      draw()
    },
    close: () => {
      pace.stop()
      leaveStream()
      leaveLens()
      for (const stop of quiet) stop()
    }
  }
}

const onlyCame = (now: LiveStream, was: LiveStream): boolean =>
  now.view === was.view && now.measure === was.measure && now.marks === was.marks && now.name === was.name

// What was drawn is counted in the same store: that is no news. That all was forgotten is.
const wantsDrawing = (now: LiveStream, was: LiveStream): boolean =>
  now.received < was.received || (now.drawn === was.drawn && now.waiting === was.waiting && now.shown === was.shown)

function listenToPointer(
  {host, svg}: PlotPlace,
  plot: () => StreamPlot | null,
  stream: LiveStreamStore,
  lens: LensStore
): () => void {
  const over = new AbortController()
  const layerAt = (event: MouseEvent): number | null => {
    const now = plot()
    if (now === null) return null
    const {left, top} = svg.getBoundingClientRect()
    const line = strokeAt(now, event.clientX - left - now.area.x, event.clientY - top - now.area.y)
    return line === null ? null : (stream.getState().lines()[line]?.rows[0] ?? null)
  }
  const on = (type: 'pointermove' | 'pointerleave' | 'click', act: (event: MouseEvent) => void) =>
    host.addEventListener(type, act, {signal: over.signal})
  on('pointermove', (event) => lens.getState().point(layerAt(event)))
  on('pointerleave', () => lens.getState().point(null))
  holdPage(host, isAcross, over)
  on('click', (event) => {
    const layer = layerAt(event)
    if (layer !== null) lens.getState().pin(layer)
  })
  return () => over.abort()
}

function listenToKeys(
  host: HTMLElement,
  stream: LiveStreamStore,
  lens: LensStore,
  lineOf: (layer: number | null) => number | null
): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== host) return
    const act = keyAct(event, stream.getState(), lens, lineOf)
    if (!act) return
    event.preventDefault()
    act()
  }
  host.addEventListener('keydown', press)
  return () => host.removeEventListener('keydown', press)
}

const measures = ['importance', 'learned', 'rank'] as const

function keyAct(
  {key, shiftKey}: KeyboardEvent,
  now: LiveStream,
  lens: LensStore,
  lineOf: (layer: number | null) => number | null
): (() => void) | null {
  const step = shiftKey ? 0.5 : 0.1
  if (key === ' ') return now.view === null ? now.pause : now.resume
  if (key === 'ArrowLeft') return () => now.scrub(-step)
  if (key === 'ArrowRight') return () => now.scrub(step)
  if (key === 'Home') return now.rewind
  if (key === 'End') return now.resume
  if (key === '+' || key === '=') return () => now.scale(0.5)
  if (key === '-') return () => now.scale(2)
  if (key.toLowerCase() === 'm') return () => now.mark()
  const measure = measures[Number(key) - 1]
  if (measure) return () => now.choose(measure)
  const {layer, pinned, point, pin} = lens.getState()
  if (key === 'Enter') return layer === null ? null : () => pin(layer)
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return null
  const lines = now.lines()
  const at = lineOf(layer ?? pinned)
  const by = key === 'ArrowUp' ? -1 : 1
  const next = at === null ? 0 : Math.max(0, Math.min(lines.length - 1, at + by))
  return () => point(lines[next]?.rows[0] ?? null)
}
