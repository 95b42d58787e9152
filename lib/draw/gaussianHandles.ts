import {select} from 'd3'
import {headHue} from '@/lib/core/colour'
import {holdPage} from '@/lib/draw/holdPage'
import {round} from '@/lib/draw/round'
import {type GaussianHandle, movedBy} from '@/lib/views/gaussianHandles'

type Change = ReturnType<typeof movedBy>

/** What a hand on a handle does. */
export interface HandleActions {
  /** Shift and scale in force where the hand takes hold. */
  readonly changeOf: (handle: GaussianHandle) => {readonly shift: number; readonly scale: number}
  readonly change: (handle: GaussianHandle, to: Change) => void
  readonly begin: () => void
  readonly end: () => void
  readonly abandon: () => void
}

/** One press of an arrow, and of a page key: z for an offset, a share of the deviation for a spread. */
const steps = {arrow: 0.05, page: 0.25} as const

/** Draws handles into `host`: sliders, so that hands and keys both reach them. The same handles twice change nothing. */
export function drawGaussianHandles(
  host: HTMLElement,
  handles: readonly GaussianHandle[],
  actions: HandleActions
): void {
  select(host)
    .selectAll<HTMLDivElement, GaussianHandle>('div.gaussian-handle')
    .data(handles, (d) => d.key)
    .join((enter) => {
      const entered = enter.append('div').attr('class', 'gaussian-handle').attr('role', 'slider').attr('tabindex', 0)
      entered.each(function () {
        listen(this, actions)
      })
      return entered
    })
    .attr('data-kind', (d) => d.kind)
    .attr('aria-label', (d) => d.label)
    .attr('aria-orientation', 'horizontal')
    .attr('aria-valuemin', (d) => (d.kind === 'offset' ? -10 : 0))
    .attr('aria-valuemax', 10)
    .attr('aria-valuenow', (d) => round(d.value))
    .attr('aria-valuetext', (d) => d.valueText)
    .attr('title', (d) => `${d.label}: ${d.valueText}. Drag, or use the arrow keys.`)
    .style('left', (d) => `${round(d.x)}px`)
    .style('top', (d) => `${round(d.y)}px`)
    .style('--hue', (d) => headHue(d.moved.head))
}

interface Hold {
  readonly pointer: number
  readonly x: number
  readonly handle: GaussianHandle
  readonly from: {readonly shift: number; readonly scale: number}
}

function listen(element: HTMLDivElement, actions: HandleActions): void {
  const handle = () => select<HTMLDivElement, GaussianHandle>(element).datum()
  let hold: Hold | null = null

  const letGo = (end: () => void) => {
    if (hold === null) return
    hold = null
    element.classList.remove('held')
    end()
  }
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    if (hold) return event.preventDefault()
    // A drag must neither select text nor pin the row beneath.
    event.preventDefault()
    event.stopPropagation()
    element.focus({preventScroll: true})
    element.setPointerCapture(event.pointerId)
    element.classList.add('held')
    hold = {pointer: event.pointerId, x: event.clientX, handle: handle(), from: actions.changeOf(handle())}
    actions.begin()
  })
  element.addEventListener('pointermove', (event) => {
    if (hold?.pointer !== event.pointerId) return
    const z = (event.clientX - hold.x) * hold.handle.zPerPixel
    actions.change(hold.handle, movedBy(hold.handle, z, hold.from))
  })
  // A palm that leaves lets go of nothing.
  const ifHeld = (end: () => void) => (event: PointerEvent) => {
    if (hold?.pointer === event.pointerId) letGo(end)
  }
  element.addEventListener('pointerup', ifHeld(actions.end))
  element.addEventListener('lostpointercapture', ifHeld(actions.end))
  element.addEventListener('pointercancel', ifHeld(actions.abandon))
  holdPage(element)
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && hold) {
      event.preventDefault()
      event.stopPropagation()
      letGo(actions.abandon)
      return
    }
    const to = hold ? null : keyChange(event, handle(), actions.changeOf(handle()))
    if (!to) return
    event.preventDefault()
    event.stopPropagation()
    actions.change(handle(), to)
  })
}

// Arrows move what the handle is for; with Shift the offset's handle widens.
function keyChange(
  {key, shiftKey}: KeyboardEvent,
  handle: GaussianHandle,
  from: {readonly shift: number; readonly scale: number}
): Change | null {
  const kind = shiftKey ? 'spread' : handle.kind
  if (key === 'Home') return kind === 'offset' ? {shift: 0} : {scale: 1}
  const way = /^(Arrow(Right|Up)|PageUp)$/.test(key) ? 1 : /^(Arrow(Left|Down)|PageDown)$/.test(key) ? -1 : 0
  if (way === 0) return null
  const step = key.startsWith('Page') ? steps.page : steps.arrow
  if (kind === 'offset') return {shift: from.shift + way * step}
  return {scale: from.scale * (1 + step) ** (way * handle.power)}
}
