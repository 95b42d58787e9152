'use client'

import {useEffect} from 'react'
import type {Explanation} from '@/lib/explain/explanation'
import type {EditsStore} from '@/lib/state/edits'
import type {LensStore} from '@/lib/state/lens'

/**
 * Ctrl Z and Ctrl Shift Z (or Y) for edits, before they mean files; in the figure M, H and F mask the layer, head or
 * feature that is pointed at, and B shows the original while it is held.
 */
export function useEditKeys(edits: EditsStore | null, lens: LensStore, explanation: Explanation | null): void {
  useEffect(() => {
    if (!edits || !explanation) return
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return
      const act = event.ctrlKey || event.metaKey ? history(event, edits) : inFigure(event, edits, lens, explanation)
      if (!act) return
      event.preventDefault()
      act()
    }
    const release = () => {
      if (edits.getState().comparing) edits.getState().compare(false)
    }
    addEventListener('keydown', press, true)
    addEventListener('keyup', release, true)
    addEventListener('blur', release)
    return () => {
      removeEventListener('keydown', press, true)
      removeEventListener('keyup', release, true)
      removeEventListener('blur', release)
    }
  }, [edits, lens, explanation])
}

type Act = (() => void) | null

function history({key, shiftKey, target}: KeyboardEvent, edits: EditsStore): Act {
  if (target instanceof Element && target.matches('input:not([type=radio], [type=range]), textarea')) return null
  const {canUndo, canRedo, undo, redo} = edits.getState()
  const name = key.toLowerCase()
  if (name === 'z' && !shiftKey) return canUndo ? undo : null
  return (name === 'z' || name === 'y') && canRedo ? redo : null
}

function inFigure(event: KeyboardEvent, edits: EditsStore, lens: LensStore, {layers, samples}: Explanation): Act {
  if (event.shiftKey || !(event.target instanceof Element) || !event.target.closest('.figure')) return null
  const {compare, toggleMask} = edits.getState()
  const name = event.key.toLowerCase()
  if (name === 'b') return () => compare(true)
  if (!samples.some(({logits}) => logits !== null)) return null
  const now = lens.getState()
  const layer = now.layer ?? now.pinned
  const feature = now.feature ?? now.pinnedFeature
  if (name === 'm' && layer !== null) return () => toggleMask('layer', layer)
  const head = layers.find((row) => row.layer === layer)?.head
  if (name === 'h' && head !== undefined) return () => toggleMask('head', head)
  return name === 'f' && feature !== null ? () => toggleMask('feature', feature) : null
}
