'use client'

import {useEffect} from 'react'
import type {Room} from '@/components/room'
import {type Stores, shownExplanation, useStores, visibleWork} from '@/components/stores'
import type {Order} from '@/lib/state/lens'

/**
 * Keys of the whole window. Those with Ctrl work everywhere; bare ones only while nothing but the figure or the page
 * itself has the focus, so that they never steal from a control. What the figure takes itself it has prevented.
 */
export function useKeys(room: Room): void {
  const stores = useStores()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || somethingFloats()) return
      const act = event.ctrlKey || event.metaKey ? withCtrl(event, stores, room) : bare(event, stores, room)
      if (!act) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [stores, room])
}

type Act = (() => void) | null

function withCtrl({key, shiftKey, target}: KeyboardEvent, {session}: Stores, {pick}: Room): Act {
  if (key.toLowerCase() === 'o' && !shiftKey) return pick
  const {canUndo, undo} = session.getState()
  return key.toLowerCase() === 'z' && !shiftKey && canUndo && !isField(target) ? undo : null
}

function bare(event: KeyboardEvent, {session, lens}: Stores, {show}: Room): Act {
  const {key, target} = event
  if (key === 'Escape') return letGo({session, lens})
  if (key === '?' && !isField(target)) return () => show('help')
  if (!isFigure(target) && target !== document.body) return null
  const hasFigure = shownExplanation(session.getState()) !== null
  if (key.toLowerCase() === 't') return hasFigure ? () => show('data') : null
  if (key.toLowerCase() === 'e') return session.getState().explanation ? () => show('export') : null
  if (key.toLowerCase() === 'o') return hasFigure ? () => nextOrder({session, lens}) : null
  return null
}

/** Lets go of what is held, else stops the work that is shown, else puts a message away. */
function letGo({session, lens}: Pick<Stores, 'session' | 'lens'>): Act {
  const {pinned, solo, enlarged, layer, release} = lens.getState()
  if (pinned !== null || solo !== null || enlarged !== null) return release
  const {cancel, trouble, dismissTrouble} = session.getState()
  if (visibleWork(session.getState())) return cancel
  if (trouble) return dismissTrouble
  return layer === null ? null : release
}

function nextOrder({session, lens}: Pick<Stores, 'session' | 'lens'>) {
  const layers = shownExplanation(session.getState())?.layers ?? []
  const orders: Order[] = ['model']
  if (layers.length > 0) orders.push('importance')
  if (layers.some(({untrained}) => untrained !== null)) orders.push('learned')
  const {order, setOrder} = lens.getState()
  setOrder(orders[(orders.indexOf(order) + 1) % orders.length]!)
}

const somethingFloats = () => document.querySelector('dialog[open], :popover-open') !== null
const isField = (target: EventTarget | null) =>
  target instanceof Element && target.matches('input:not([type=radio]), select, textarea, [contenteditable]')
const isFigure = (target: EventTarget | null) => target instanceof Element && target.closest('.figure') !== null
