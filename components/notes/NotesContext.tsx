'use client'

import {createContext, useContext, useSyncExternalStore} from 'react'
import type {Notes, NotesStore} from '@/lib/state/notes'
import type {Note} from '@/lib/views/note'

/** A person's notes; null where none can be made, as in a part of the window shown alone. */
export const NotesContext = createContext<NotesStore | null>(null)

export const useNotesStore = (): NotesStore | null => useContext(NotesContext)

/** A part of the notes; renders again when it changes. `without` where there are none to be had. */
export function useNotes<T>(select: (notes: Notes) => T, without: T): T {
  const notes = useContext(NotesContext)
  const read = () => (notes ? select(notes.getState()) : without)
  return useSyncExternalStore(notes?.subscribe ?? deaf, read, () => without)
}

const deaf = () => () => {}
const none: readonly Note[] = []

/** The notes that stand. */
export const useNoteList = (): readonly Note[] => useNotes(({notes}) => notes, none)
