import {createStore, type StoreApi} from 'zustand/vanilla'
import type {Explanation} from '@/lib/explain/explanation'
import {mostNoteCharacters, mostNotes, type Note, type NotePlace} from '@/lib/views/note'
import {sameSubject} from './followSession'
import type {Session, SessionStore} from './session'

/** A note that is being written: a new one, or one that stands already. */
export interface NoteDraft extends Note {
  /** Which note it becomes; null for a new one. */
  readonly index: number | null
}

/** What a person has noted on what is open. */
export interface Notes {
  readonly notes: readonly Note[]
  readonly draft: NoteDraft | null
  /** Whether the notes are shown as a list. */
  readonly open: boolean
  readonly canUndo: boolean
  /** Rises with each change that a person makes to the list. */
  readonly changes: number
  /** Whether this browser keeps the list when the page is left. */
  readonly lasting: boolean

  show: (open: boolean) => void
  /** Begins a note; another that was begun is let go when nothing is in it, else goes on. */
  write: (at: NotePlace) => void
  rewrite: (index: number) => void
  /** Changes what is being written. */
  draw: (change: Partial<Note>) => void
  /** Keeps what is being written; a note without words is none. */
  keep: () => void
  abandon: () => void
  remove: (index: number) => void
  /** Takes the last change of the list back. */
  undo: () => void
  /** These instead of all, as another explanation brings them. */
  take: (notes: readonly Note[]) => void
  /** These before all that was written since the page came: they were kept from an earlier visit. */
  restore: (kept: readonly Note[]) => void
}

export type NotesStore = StoreApi<Notes>

/** Steps that can be undone. */
const steps = 50

/** The store of notes. */
export function createNotes(): NotesStore {
  return createStore<Notes>()((set, get) => {
    let past: (readonly Note[])[] = []

    function change(notes: readonly Note[]) {
      past = [...past, get().notes].slice(-steps)
      set({notes, canUndo: true, changes: get().changes + 1})
    }

    return {
      notes: [],
      draft: null,
      open: false,
      canUndo: false,
      changes: 0,
      lasting: false,

      show: (open) => set(open ? {open} : {open, draft: null}),

      write: (at) => {
        const {draft, notes} = get()
        if (draft?.text.trim()) return set({open: true})
        set({open: true, draft: notes.length < mostNotes ? {at, text: '', index: null} : null})
      },

      rewrite: (index) => {
        const note = get().notes[index]
        if (note) set({open: true, draft: {...note, index}})
      },

      draw: (changed) => {
        const {draft} = get()
        if (!draft) return
        const text = (changed.text ?? draft.text).slice(0, mostNoteCharacters)
        set({draft: {...draft, ...changed, text}})
      },

      keep: () => {
        const {draft, notes} = get()
        if (!draft) return
        const {at, index} = draft
        const note = {at, text: draft.text.trim()}
        set({draft: null})
        if (note.text === '') return
        change(index === null ? [...notes, note] : notes.map((old, i) => (i === index ? note : old)))
      },

      abandon: () => set({draft: null}),

      remove: (index) => {
        const {notes, draft} = get()
        if (!notes[index]) return
        // What is being written knows its note by its place.
        if (draft && draft.index !== null) set({draft: null})
        change(notes.filter((_, i) => i !== index))
      },

      undo: () => {
        const before = past.pop()
        if (before) set({notes: before, draft: null, canUndo: past.length > 0, changes: get().changes + 1})
      },

      take: (notes) => {
        past = []
        set({notes, draft: null, canUndo: false, open: notes.length > 0})
      },

      restore: (kept) => {
        const {notes, draft} = get()
        const withKept = (written: readonly Note[]) => [...kept, ...written].slice(0, mostNotes)
        past = past.map(withKept)
        const moved = draft && draft.index !== null ? {...draft, index: draft.index + kept.length} : draft
        set({notes: withKept(notes), draft: moved})
      }
    }
  })
}

/**
 * Lets notes go along with what they are about: a shared explanation brings its own, another subject begins without, and
 * whoever turns back finds theirs. Returns how to stop.
 */
export function followNotes(session: SessionStore, notes: NotesStore): () => void {
  const known = new WeakMap<Explanation, readonly Note[]>()
  const brought = recordOf(session.getState())?.notes ?? []
  if (brought.length > 0) notes.getState().take(brought)
  return session.subscribe((now, was) => {
    if (now.explanation === was.explanation || now.explanation === null) return
    if (was.explanation) known.set(was.explanation, notes.getState().notes)
    const record = recordOf(now)
    const same = sameSubject(now.explanation, was.explanation) || now.version !== null
    // Computed again, its files may be called otherwise here.
    if (record ? record === recordOf(was) : same) return
    notes.getState().take(known.get(now.explanation) ?? record?.notes ?? [])
  })
}

// Other files than those that were shared are another subject.
const recordOf = ({shared}: Pick<Session, 'shared'>) =>
  shared?.verdict?.kind === 'other-file' ? undefined : shared?.record
