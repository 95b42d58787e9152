'use client'

import {useNotes, useNotesStore} from '@/components/notes/NotesContext'
import {notesText} from '@/lib/views/note'

/** Opens the list of notes, and says how many there are. */
export function NotesButton() {
  const store = useNotesStore()
  const count = useNotes(({notes}) => notes.length, 0)
  const open = useNotes((notes) => notes.open, false)
  if (!store) return null
  return (
    <button
      type="button"
      className={count > 0 ? 'link notes-button some' : 'link notes-button'}
      aria-expanded={open}
      title="N begins a note"
      onClick={() => store.getState().show(!open)}
    >
      {count > 0 ? notesText(count) : 'Notes'}
    </button>
  )
}
