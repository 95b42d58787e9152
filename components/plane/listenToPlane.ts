import type {PlaneHandlers, PlaneShown} from '@/components/plane/planeShown'
import {holdPage, isAcross} from '@/lib/draw/holdPage'
import type {LensStore} from '@/lib/state/lens'
import {mostAttended} from '@/lib/views/plane'
import {columnAtShare, columnBeside, placesOf} from '@/lib/views/planeCells'
import {hasTime, spanBetween} from '@/lib/views/planeSpan'

export interface PlaneSource extends PlaneHandlers {
  readonly shown: () => PlaneShown | null
  /** The row that is read now. */
  readonly row: () => number
}

/** Turns pointer and keys over the panel into wishes for the lens, and drags across time into spans. Returns how to stop. */
export function listenToPlane(root: HTMLElement, lens: LensStore, source: PlaneSource): () => void {
  let drag: {readonly id: number; readonly from: number; moved: boolean} | null = null
  /** Where a span that keys widen began. */
  let anchor: number | null = null

  function at(event: PointerEvent | MouseEvent): {readonly row: number; readonly column: number | null} | null {
    const target = event.target as Element
    const word = target.closest<HTMLElement>('.plane-words > [data-column]')
    if (word) return {row: source.row(), column: Number(word.dataset.column)}
    const tile = target.closest<HTMLElement>('figure.plane-tile')
    const plane = source.shown()?.scene.axes.plane
    if (!tile || !plane) return null
    const {left, top, width, height} = tile.querySelector('.plane-picture')!.getBoundingClientRect()
    const own = tile.dataset.row
    const focused = tile.parentElement?.matches('.plane-focus')
    return {
      row: focused || own === undefined ? source.row() : Number(own),
      column: columnAtShare(plane, (event.clientX - left) / width, (event.clientY - top) / height)
    }
  }

  const across = (column: number) => column % source.shown()!.scene.axes.plane.width

  function move(event: PointerEvent) {
    const found = at(event)
    if (!found) return lens.getState().point(null)
    lens.getState().point(found.row, found.column)
    if (drag?.id !== event.pointerId || found.column === null) return
    const to = across(found.column)
    if (to !== drag.from) drag.moved = true
    if (drag.moved) source.onSpan(spanBetween(drag.from, to))
  }

  function down(event: PointerEvent) {
    const plane = source.shown()?.scene.axes.plane
    const found = at(event)
    const onFocus = (event.target as Element).closest('.plane-focus')
    if (event.button !== 0 || !plane || !hasTime(plane) || !onFocus || found?.column == null) return
    if (found.column < placesOf(plane)) drag = {id: event.pointerId, from: across(found.column), moved: false}
  }

  function click(event: MouseEvent) {
    const dragged = drag?.moved
    drag = null
    const found = at(event)
    if (!found || dragged) return
    source.onSpan(null)
    lens.getState().point(found.row, found.column)
    lens.getState().pin(found.row)
  }

  function key(event: KeyboardEvent) {
    const shown = source.shown()
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return
    const focus = (event.target as Element).closest<HTMLElement>('.plane-focus')
    // The span's own button goes with it.
    if (event.key === 'Escape' && shown.span) root.querySelector<HTMLElement>('.plane-focus')!.focus()
    else if (!focus) return
    if (turn(shown, event)) event.preventDefault()
  }

  /** Whether the key was taken. */
  function turn({scene, span}: PlaneShown, {key: name, shiftKey}: KeyboardEvent): boolean {
    const {plane, rows} = scene.axes
    const {feature, pinnedFeature, point, pin, release} = lens.getState()
    const row = source.row()
    const known = feature ?? pinnedFeature
    const column = known !== null && known < placesOf(plane) ? known : null
    const next = column === null ? null : columnBeside(plane, column, name)
    if (!span) anchor = null
    if (name.startsWith('Arrow')) {
      const to = next ?? mostAttended(scene, row)
      point(row, to)
      if (!shiftKey || !hasTime(plane)) anchor = null
      else {
        anchor ??= across(column ?? to)
        source.onSpan(spanBetween(anchor, across(to)))
      }
    } else if (name === 'PageUp' || name === 'PageDown') {
      point(Math.max(0, Math.min(rows - 1, row + (name === 'PageUp' ? -1 : 1))), known)
    } else if (name === 'Enter') pin(row)
    else if (name === ' ' && span) source.onPlay()
    else if (name === 'Escape') {
      if (span) source.onSpan(null)
      else release()
    } else return false
    return true
  }

  const leave = () => {
    if (!drag) lens.getState().point(null)
  }
  const end = () => {
    // The click that follows a drag has to know of it.
    setTimeout(() => {
      drag = null
    })
  }
  const listening = new AbortController()
  const {signal} = listening
  root.addEventListener('pointermove', move, {signal})
  holdPage(root.querySelector<HTMLElement>('.plane-focus')!, (gone) => drag !== null && isAcross(gone), {signal})
  root.addEventListener('pointerdown', down, {signal})
  root.addEventListener('pointerup', end, {signal})
  root.addEventListener('pointercancel', end, {signal})
  root.addEventListener('pointerleave', leave, {signal})
  root.addEventListener('click', click, {signal})
  root.addEventListener('keydown', key, {signal})
  return () => listening.abort()
}
