'use client'

import {useEffect} from 'react'
import {shownExplanation, useStores} from '@/components/stores'
import type {NotesStore} from '@/lib/state/notes'
import {notePlaces} from '@/lib/views/note'

/** N begins a note on what is pinned, else on what is pointed at; in the figure or with the focus nowhere. */
export function useNoteKeys(store: NotesStore | null): void {
  const {session, lens} = useStores()
  useEffect(() => {
    if (!store) return
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key.toLowerCase() !== 'n' || !isFree(event.target)) return
      const explanation = shownExplanation(session.getState())
      if (!explanation) return
      event.preventDefault()
      store.getState().write(notePlaces(explanation, lens.getState())[0]!)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [store, session, lens])
}

const isFree = (target: EventTarget | null) =>
  document.querySelector('dialog[open], :popover-open') === null &&
  (target === document.body || (target instanceof Element && target.closest('.figure') !== null))
