import {type D3ZoomEvent, drag, pointer, select, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity} from 'd3'
import {type ColumnWindow, clampWindow, fewestColumns, movedWindow} from '@/lib/views/columnWindow'
import type {HeatmapMarks} from '@/lib/views/heatmap'

type OnZoom = ((window: ColumnWindow | null) => void) | undefined
type Ground = Pick<HeatmapMarks, 'width' | 'height' | 'cols' | 'window'>

interface Hold {
  readonly behaviour: ZoomBehavior<SVGRectElement, unknown>
  ground: Ground
  onZoom: OnZoom
}

const holds = new WeakMap<SVGRectElement, Hold>()

/**
 * Lets wheel and pinch zoom the columns and a drag move them. A wheel with shift, or one that goes sideways, moves
 * them too. What is fully zoomed out leaves the wheel and a single finger to the page.
 */
export function columnZoom(surface: SVGRectElement, ground: Ground, onZoom: OnZoom): void {
  const hold = holds.get(surface) ?? takeHold(surface, ground, onZoom)
  hold.ground = ground
  hold.onZoom = onZoom
  const {width, height, cols} = ground
  const whole: [[number, number], [number, number]] = [
    [0, 0],
    [width, height]
  ]
  hold.behaviour
    .extent(whole)
    .translateExtent(whole)
    .scaleExtent([1, cols / fewestColumns(cols, width)])
  // d3 keeps a gesture's state on the element; the window may have been moved by other hands.
  select(surface).property('__zoom', transformOf(ground))
}

function takeHold(surface: SVGRectElement, ground: Ground, onZoom: OnZoom): Hold {
  const behaviour = zoom<SVGRectElement, unknown>()
    .clickDistance(4)
    .filter((event: Event) => isOurs(event, hold.ground))
    .on('zoom', ({sourceEvent, transform}: D3ZoomEvent<SVGRectElement, unknown>) => {
      if (sourceEvent) hold.onZoom?.(windowOf(transform, hold.ground))
    })
  const hold: Hold = {behaviour, ground, onZoom}
  select(surface)
    .on('wheel.move', (event: WheelEvent) => moveByWheel(event, hold))
    .call(behaviour)
    // A double click is the reader's: it singles out a layer.
    .on('dblclick.zoom', null)
    .style('touch-action', 'pan-y')
  holds.set(surface, hold)
  return hold
}

const isZoomed = ({window, cols}: Ground): boolean => window[1] - window[0] < cols
const isSideways = (event: WheelEvent): boolean => event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)

function isOurs(event: Event, ground: Ground): boolean {
  if (event instanceof WheelEvent) return !isSideways(event) && (event.deltaY < 0 || isZoomed(ground))
  if (event.type.startsWith('touch')) return isZoomed(ground) || (event as TouchEvent).touches.length > 1
  return isZoomed(ground) && (event as MouseEvent).button === 0 && !(event as MouseEvent).ctrlKey
}

function moveByWheel(event: WheelEvent, {ground, onZoom}: Hold): void {
  if (!isSideways(event) || !isZoomed(ground)) return
  event.preventDefault()
  const {cols, width, window} = ground
  // Some systems turn a wheel with shift into a sideways one, some do not. Lines count as 20 px.
  const pixels = (event.deltaX || event.deltaY) * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1)
  onZoom?.(movedWindow(window, cols, width, (pixels / width) * (window[1] - window[0])))
}

function transformOf({window, cols, width}: Ground): ZoomTransform {
  const scale = cols / (window[1] - window[0])
  return zoomIdentity.translate(-(window[0] / cols) * width * scale, 0).scale(scale)
}

function windowOf(transform: ZoomTransform, {cols, width}: Ground): ColumnWindow | null {
  const column = (x: number) => (transform.invertX(x) / width) * cols
  return clampWindow([column(0), column(width)], cols, width)
}

/** Lets the overview's window be dragged; a press beside it brings it there. */
export function overviewDrag(grip: SVGRectElement, {window, cols, width}: Ground, onZoom: OnZoom): void {
  const extent = window[1] - window[0]
  const columnOf = (event: {sourceEvent: Event}) => (pointer(event, grip)[0] / width) * cols
  const behaviour = drag<SVGRectElement, unknown>()
    .container(() => grip.ownerSVGElement ?? grip)
    .on('start', function (event) {
      const at = columnOf(event)
      const inside = at >= window[0] && at < window[1]
      // Where in the window it was taken; kept while the drag lasts, over all the redraws it causes.
      select(this).property('__held', inside ? at - window[0] : extent / 2)
      if (!inside) onZoom?.(clampWindow([at - extent / 2, at + extent / 2], cols, width))
    })
    .on('drag', function (event) {
      const start = columnOf(event) - Number(select(this).property('__held'))
      onZoom?.(clampWindow([start, start + extent], cols, width))
    })
  select(grip).call(behaviour)
}
