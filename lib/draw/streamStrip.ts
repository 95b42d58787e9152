import {holdPage, isAcross} from '@/lib/draw/holdPage'
import {round} from '@/lib/draw/round'
import {traceBand} from '@/lib/draw/streamPath'
import type {StreamOverview} from '@/lib/views/streamOverview'
import type {TimeSpan} from '@/lib/views/streamRecord'

/** Draws the whole history as one grey band, the reader's window and marks over it. Twice is the same as once. */
export function drawStrip(canvas: HTMLCanvasElement, overview: StreamOverview): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const {width, height, x, top, bottom, window, marks} = overview
  const scale = canvas.ownerDocument.defaultView?.devicePixelRatio ?? 1
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const style = getComputedStyle(canvas)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  context.scale(scale, scale)
  // All of it is no window.
  if (window && window.width < width - 1) {
    context.fillStyle = colour('--markband')
    context.fillRect(round(window.x), 0, round(window.width), height)
  }
  context.beginPath()
  traceBand(context, {x, steps: false}, top, bottom)
  context.fillStyle = context.strokeStyle = colour('--nullbar')
  context.fill()
  // A band that is flat, or one column wide, is still seen.
  context.stroke()
  context.fillStyle = colour('--ink')
  for (const at of marks) context.fillRect(round(at - 0.5), 0, 1, height)
  if (!window) return
  context.strokeStyle = colour('--markink')
  context.lineWidth = 1.25
  context.strokeRect(round(window.x + 0.6), 0.6, Math.max(0, round(window.width - 1.2)), height - 1.2)
}

/**
 * Lets the pointer drag the window along a strip, or draw a new one beside it. `overview` is asked when a drag begins:
 * while a hand holds it, a strip that grows does not move under it. Returns how to stop.
 */
export function dragStrip(
  strip: HTMLElement,
  overview: () => StreamOverview | null,
  onLook: (view: TimeSpan) => void
): () => void {
  const over = new AbortController()
  const on = (
    type: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel',
    act: (event: PointerEvent) => void
  ) => strip.addEventListener(type, act, {signal: over.signal})
  let hold: {id: number; from: number; scale: number; start: number; window: TimeSpan | null} | null = null

  on('pointerdown', (event) => {
    const now = overview()
    if (event.button !== 0 || !now?.extent || !now.window) return
    const x = event.clientX - strip.getBoundingClientRect().left
    const scale = (now.extent[1] - now.extent[0]) / now.width
    const time = now.extent[0] + x * scale
    const {window} = now
    const inside = x >= window.x - 4 && x <= window.x + window.width + 4 && window.width < now.width - 1
    const shown: TimeSpan = [now.extent[0] + window.x * scale, now.extent[0] + (window.x + window.width) * scale]
    hold = {id: event.pointerId, from: event.clientX, scale, start: time, window: inside ? shown : null}
    strip.setPointerCapture(event.pointerId)
  })
  on('pointermove', (event) => {
    if (hold?.id !== event.pointerId) return
    const by = (event.clientX - hold.from) * hold.scale
    // A hand that trembles draws no window.
    if (Math.abs(event.clientX - hold.from) < 3) return
    if (hold.window) onLook([hold.window[0] + by, hold.window[1] + by])
    else onLook(by < 0 ? [hold.start + by, hold.start] : [hold.start, hold.start + by])
  })
  const letGo = () => {
    hold = null
  }
  on('pointerup', letGo)
  on('pointercancel', letGo)
  holdPage(strip, (gone) => hold !== null && isAcross(gone), over)
  return () => over.abort()
}
