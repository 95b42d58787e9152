import {type D3DragEvent, drag, pointer, select} from 'd3'
import {type CellWindow, clampWindow, type MapView, zoomOf} from '@/lib/views/cellWindow'
import {isZoomed, type MapGround, movedView, viewOf, zoomedView} from '@/lib/views/mapGround'

type OnZoom = ((view: MapView) => void) | undefined

interface Hold {
  ground: MapGround
  onZoom: OnZoom
  /** Where the two fingers of a pinch are, while there are two. */
  pinch: Pinch | null
}

interface Pinch {
  readonly x: number
  readonly y: number
  readonly apart: number
}

const holds = new WeakMap<SVGRectElement, Hold>()

/**
 * Lets wheel and pinch zoom a map and a drag move it: its columns, and its rows where there are more of them than
 * lines. A wheel with shift, or one that goes sideways, moves the columns. What is fully zoomed out leaves the wheel
 * and a single finger to the page, and a double click is the reader's: it singles out a layer.
 */
export function mapZoom(surface: SVGRectElement, ground: MapGround, onZoom: OnZoom): void {
  const hold = holds.get(surface) ?? takeHold(surface, {ground, onZoom, pinch: null})
  hold.ground = ground
  hold.onZoom = onZoom
  // A finger scrolls the page up and down over a map whose rows all stand.
  select(surface).style('touch-action', viewOf(ground).rows ? 'none' : 'pan-y')
}

function takeHold(surface: SVGRectElement, hold: Hold): Hold {
  const on = <K extends keyof SVGElementEventMap>(type: K, listener: (event: SVGElementEventMap[K]) => void) =>
    surface.addEventListener(type, listener, {passive: false})
  on('wheel', (event) => wheel(event, surface, hold))
  for (const type of ['touchstart', 'touchend', 'touchcancel'] as const)
    on(type, (event) => {
      hold.pinch = pinchOf(event, surface)
      if (hold.pinch) event.preventDefault()
    })
  on('touchmove', (event) => pinch(event, surface, hold))
  select(surface).call(dragOf(surface, hold))
  holds.set(surface, hold)
  return hold
}

function wheel(event: WheelEvent, surface: SVGRectElement, {ground, onZoom}: Hold): void {
  // Lines count as 20 px.
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    if (!viewOf(ground).cols) return
    event.preventDefault()
    // Some systems turn a wheel with shift into a sideways one, some do not.
    onZoom?.(movedView(ground, {x: (event.deltaX || event.deltaY) * unit, y: 0}))
    return
  }
  if (event.deltaY > 0 && !isZoomed(ground)) return
  event.preventDefault()
  const [x, y] = pointer(event, surface)
  // A pinch on a touchpad comes as a wheel with control, in smaller steps.
  const factor = 2 ** (-event.deltaY * unit * 0.002 * (event.ctrlKey ? 10 : 1))
  onZoom?.(zoomedView(ground, factor, {x, y}))
}

function pinchOf({touches}: TouchEvent, surface: SVGRectElement): Pinch | null {
  const [a, b] = [...touches]
  if (!a || !b) return null
  const {left, top} = surface.getBoundingClientRect()
  return {
    x: (a.clientX + b.clientX) / 2 - left,
    y: (a.clientY + b.clientY) / 2 - top,
    apart: Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY))
  }
}

function pinch(event: TouchEvent, surface: SVGRectElement, hold: Hold): void {
  const [was, now] = [hold.pinch, pinchOf(event, surface)]
  if (!was || !now) return
  event.preventDefault()
  hold.pinch = now
  hold.onZoom?.(zoomedView(hold.ground, now.apart / was.apart, was))
  // What was between the fingers goes with them; the zoom above has been drawn by now.
  hold.onZoom?.(movedView(hold.ground, {x: was.x - now.x, y: was.y - now.y}))
}

// With Shift a drag brushes features.
const mayDrag = ({button, ctrlKey, shiftKey}: MouseEvent): boolean => button === 0 && !ctrlKey && !shiftKey

// Each drag counts from where it began, so that a window stopped by the map's end comes back with the hand.
function dragOf(surface: SVGRectElement, hold: Hold) {
  let from: {readonly ground: MapGround; readonly x: number; readonly y: number} | null = null
  return drag<SVGRectElement, unknown>()
    .container(() => surface.ownerSVGElement ?? surface)
    .clickDistance(4)
    .filter((event: Event) => {
      if (!isZoomed(hold.ground)) return false
      if (event.type.startsWith('touch')) return (event as TouchEvent).touches.length === 1
      return mayDrag(event as MouseEvent)
    })
    .on('start', ({x, y}: D3DragEvent<SVGRectElement, unknown, unknown>) => {
      from = {ground: hold.ground, x, y}
    })
    .on('drag', ({x, y}: D3DragEvent<SVGRectElement, unknown, unknown>) => {
      if (from && !hold.pinch) hold.onZoom?.(movedView(from.ground, {x: from.x - x, y: from.y - y}))
    })
}

/** Lets the window on an overview's strip be dragged; a press beside it brings it there. */
export function overviewDrag(grip: SVGRectElement, ground: MapGround, axis: 'cols' | 'rows', onZoom: OnZoom): void {
  const hold = grips.get(grip)
  if (hold) Object.assign(hold, {ground, onZoom})
  else {
    const taken = {ground, onZoom}
    grips.set(grip, taken)
    select(grip).call(dragOfGrip(grip, taken, axis))
  }
}

const grips = new WeakMap<SVGRectElement, Pick<Hold, 'ground' | 'onZoom'>>()

function dragOfGrip(grip: SVGRectElement, hold: Pick<Hold, 'ground' | 'onZoom'>, axis: 'cols' | 'rows') {
  // Where in the window it was taken.
  let held = 0
  const cellOf = (event: {sourceEvent: Event}) => {
    const {cells, length} = axisOf(hold.ground, axis)
    return (pointer(event, grip)[axis === 'cols' ? 0 : 1] / length) * cells
  }
  const show = (start: number) => {
    const {window, cells, length} = axisOf(hold.ground, axis)
    const stop = start + window[1] - window[0]
    hold.onZoom?.({...viewOf(hold.ground), [axis]: clampWindow([start, stop], cells, length)})
  }
  return drag<SVGRectElement, unknown>()
    .container(() => grip.ownerSVGElement ?? grip)
    .on('start', (event) => {
      const {window} = axisOf(hold.ground, axis)
      const at = cellOf(event)
      const inside = at >= window[0] && at < window[1]
      held = inside ? at - window[0] : (window[1] - window[0]) / 2
      if (!inside) show(at - held)
    })
    .on('drag', (event) => show(cellOf(event) - held))
}

function axisOf({window, cols, width, rowZoom, height}: MapGround, axis: 'cols' | 'rows') {
  if (axis === 'cols' || !rowZoom) return {window, cells: cols, length: width}
  return {
    window: zoomOf(rowZoom.window, rowZoom.rows) ?? ([0, rowZoom.rows] as CellWindow),
    cells: rowZoom.rows,
    length: height
  }
}
