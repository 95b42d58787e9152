import {pointer} from 'd3'
import {type FigureLayout, placeOf, rowAt} from '@/lib/views/layout'

/** Where the pointer is: the row, the map's column, and the place in the figure, px. */
export interface Pointed {
  readonly layer: number | null
  readonly feature: number | null
  readonly x: number
  readonly y: number
}

/** What the pointer needs to know of the figure, asked anew each time. */
export interface PointingGround {
  readonly layout: () => FigureLayout | null
  /** The map's column at this x of panel c, or null outside. */
  readonly columnAt: (x: number) => number | null
}

/** What the pointer does. */
export interface PointingHandlers {
  /** Null when the pointer leaves. */
  readonly onPoint: (at: Pointed | null) => void
  readonly onPin: (layer: number) => void
  readonly onSolo: (layer: number) => void
  /** A finger draws along the spine. */
  readonly onScrub: (layer: number) => void
  /** With Shift the pointer draws across the map's columns: from one feature to another, in either order. */
  readonly onBrush: (from: number, to: number) => void
}

/** Pixels that a finger may stray and still tap. */
const tapSlack = 8

/** Listens to the pointer over `root`. Returns how to stop. */
export function listenToPointer(root: HTMLElement, ground: PointingGround, handlers: PointingHandlers): () => void {
  const over = new AbortController()
  const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) =>
    root.addEventListener(type, listener, {signal: over.signal})
  let brush: {readonly id: number; readonly from: number} | null = null
  let scrub: {readonly id: number; readonly y: number; moved: boolean} | null = null

  on('pointermove', (event) => {
    if (brush?.id === event.pointerId) {
      const {feature} = pointed(event, root, ground)
      if (feature !== null) handlers.onBrush(brush.from, feature)
    } else if (scrub?.id === event.pointerId) {
      const at = pointed(event, root, ground)
      scrub.moved ||= Math.abs(at.y - scrub.y) > tapSlack
      if (scrub.moved && at.layer !== null) handlers.onScrub(at.layer)
    } else if (event.pointerType !== 'touch') {
      handlers.onPoint(isControl(event) ? null : pointed(event, root, ground))
    }
  })
  on('pointerleave', (event) => {
    if (event.pointerType !== 'touch') handlers.onPoint(null)
  })
  on('pointerdown', (event) => {
    const at = pointed(event, root, ground)
    const layout = ground.layout()
    if (event.shiftKey && event.button === 0 && at.feature !== null && !isControl(event)) {
      brush = {id: event.pointerId, from: at.feature}
      root.setPointerCapture(event.pointerId)
      return handlers.onBrush(at.feature, at.feature)
    }
    if (event.pointerType !== 'touch' || layout === null || at.x > layout.spine.width || at.layer === null) return
    scrub = {id: event.pointerId, y: at.y, moved: false}
    root.setPointerCapture(event.pointerId)
  })
  // Else the text that is brushed over would be selected.
  on('mousedown', (event) => {
    if (brush) event.preventDefault()
  })
  on('pointercancel', () => {
    scrub = null
    brush = null
  })
  on('click', (event) => {
    const scrubbed = scrub?.moved === true || brush !== null
    scrub = null
    brush = null
    const {layer} = pointed(event, root, ground)
    if (!scrubbed && layer !== null && !isControl(event)) handlers.onPin(layer)
  })
  on('dblclick', (event) => {
    const {layer} = pointed(event, root, ground)
    if (layer !== null && !isControl(event)) handlers.onSolo(layer)
  })
  return () => over.abort()
}

const isControl = (event: Event): boolean =>
  event.target instanceof Element && event.target.closest('button, [role="slider"], a') !== null

function pointed(event: MouseEvent, root: HTMLElement, {layout: ask, columnAt}: PointingGround): Pointed {
  const [x, y] = pointer(event, root)
  const layout = ask()
  const layer = layout?.known ? (rowAt(layout, y)?.layer ?? null) : null
  const map = layout && placeOf(layout, 'c')
  const inMap =
    map && layer !== null && x >= map.panel.x && y >= map.section.top && y < map.section.top + layout.rowsHeight
  return {layer, feature: inMap ? columnAt(x - map.panel.x) : null, x, y}
}
