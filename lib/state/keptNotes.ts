import type {FileIdentity} from '@/lib/explain/explanation'
import type {Note} from '@/lib/views/note'
import {type BrowserTable, openTable} from './browserTable'
import type {NotesStore} from './notes'
import type {Session, SessionStore} from './session'

/** Notes on a checkpoint, as this browser keeps them between visits. */
export interface KeptNotes {
  /** Its SHA-256, or its name and size where it is not hashed. */
  readonly id: string
  readonly name: string
  /** In bytes. */
  readonly size: number
  readonly notes: readonly Note[]
}

/** What the browser keeps of a person's notes; nothing of it is ever sent. */
export interface NotesKeeper {
  /** Puts notes aside as they are written, and brings them back with their checkpoint. Returns how to stop. */
  readonly begin: () => () => void
  /** Lets go of the notes on a file, or on all of them. */
  readonly forget: (file: Pick<KeptNotes, 'name' | 'size'> | null) => Promise<void>
}

export interface NotesKeeperParts {
  readonly session: SessionStore
  readonly notes: NotesStore
  readonly table?: () => Promise<BrowserTable<KeptNotes>>
}

const openNotes = () => openTable<KeptNotes>('density-lens-notes', 'notes')

/** Keeps the notes of one page. */
export function createNotesKeeper({session, notes, table = openNotes}: NotesKeeperParts): NotesKeeper {
  let opened: Promise<BrowserTable<KeptNotes>> | null = null
  /** One step after the other: what is read comes before what is written over it. */
  let last: Promise<unknown> = Promise.resolve()
  /** Rises with what is open: late replies about what was open before are dropped. */
  let visit = 0
  /** The last of them whose kept notes are among those that are shown. */
  let whole = -1

  function step(work: (table: BrowserTable<KeptNotes>) => Promise<void>): Promise<void> {
    opened ??= table()
    const found = opened
    const done = last.then(async () => work(await found))
    // What storage refuses costs the memory of it and nothing else.
    last = done.catch(() => notes.setState({lasting: false}))
    return done.catch(() => {})
  }

  const bringBack = (file: FileIdentity) => {
    const here = visit
    return step(async (kept) => {
      notes.setState({lasting: kept.lasting})
      const found = await kept.get(idOf(file))
      if (here !== visit) return
      whole = here
      if (found) notes.getState().restore(found.notes)
    })
  }

  const putAside = (file: FileIdentity) => {
    const {name, size} = file
    const id = idOf(file)
    const here = visit
    const written = whole === here ? notes.getState().notes : null
    return step(async (kept) => {
      // Begun before those of an earlier visit were brought back: they are among them by now.
      const now = written ?? (whole === here ? notes.getState().notes : null)
      if (now) await (now.length > 0 ? kept.put({id, name, size, notes: now}) : kept.remove(id))
    })
  }

  return {
    begin: () => {
      const open = (state: Session) => {
        visit++
        const file = ownFile(state)
        if (notes.getState().notes.length > 0) whole = visit
        else if (file) void bringBack(file)
      }
      open(session.getState())
      const leave = [
        session.subscribe((now, was) => {
          if (now.explanation !== was.explanation || now.shared !== was.shared) open(now)
        }),
        notes.subscribe((now, was) => {
          const file = ownFile(session.getState())
          if (now.changes !== was.changes && file) void putAside(file)
        })
      ]
      return () => {
        for (const stop of leave) stop()
      }
    },

    forget: (file) =>
      step(async (kept) => {
        for (const {id, name, size} of await kept.all())
          if (file === null || (file.name === name && file.size === size)) await kept.remove(id)
      })
  }
}

/** The checkpoint whose notes are a person's own; none where somebody else's came with what they shared. */
const ownFile = ({explanation, files, shared}: Session): FileIdentity | null =>
  explanation && files && (shared === null || shared.verdict?.kind === 'other-file')
    ? explanation.provenance.checkpoint
    : null

const idOf = ({sha256, name, size}: FileIdentity): string => sha256 ?? JSON.stringify([name, size])
