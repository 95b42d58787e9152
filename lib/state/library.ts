import {createStore, type StoreApi} from 'zustand/vanilla'
import {ReaderError} from '@/lib/core/errors'
import {fileBehind, handleOf} from './fileHandles'
import {browserCopies, type LibraryCopies} from './libraryCopies'
import {entryId, type LibraryEntry, originOf} from './libraryEntry'
import {type LibraryShelf, memoryShelf, openShelf} from './libraryShelf'
import type {Session, SessionStore} from './session'
import {troubleOf} from './trouble'

/** The checkpoints that were opened here before. */
export interface Library {
  /** The last opened first. */
  readonly entries: readonly LibraryEntry[]
  /** False where nothing outlives the page. */
  readonly lasting: boolean
  /** The entry whose bytes are being copied. */
  readonly copying: string | null

  /** Opens it again: its addresses are asked again, its file read where it lies or from its copy. */
  reopen: (id: string) => Promise<void>
  /** Whether `reopen` needs nothing from the person: no file has to be chosen again. */
  canReopen: (id: string) => boolean
  /** Whether `keep` can do something: it is one file, given during this visit. Of several files none is kept. */
  canKeep: (id: string) => boolean
  /** Keeps the way to its file, or a copy of it where browsers have no such way. */
  keep: (id: string) => Promise<void>
  /** Forgets it, and its copy. */
  forget: (id: string) => Promise<void>
  clear: () => Promise<void>
  /** Follows what the session opens, from what is open and what earlier visits left. Returns how to stop. */
  begin: () => () => void
}

export type LibraryStore = StoreApi<Library>

export interface LibraryParts {
  readonly session: SessionStore
  readonly shelf?: () => Promise<LibraryShelf>
  readonly copies?: LibraryCopies | null
  readonly now?: () => number
  /** Told which file is forgotten, or that all are: null. What else was kept of it goes, too. */
  readonly forgotten?: (file: Pick<LibraryEntry, 'name' | 'size'> | null) => Promise<void>
}

/** Those without kept bytes; the oldest give way. */
const mostEntries = 20

/** The store of what was opened before. Nothing is kept but names, sizes and times, unless the person asks for more. */
export function createLibrary({
  session,
  shelf = openShelf,
  copies,
  now = Date.now,
  forgotten
}: LibraryParts): LibraryStore {
  return createStore<Library>()((set, get) => {
    let kept: Promise<LibraryShelf> = Promise.resolve(memoryShelf())
    /** Files of this visit, by the entries they belong to. */
    const given = new Map<string, readonly File[]>()
    const store = copies === undefined ? browserCopies : () => copies

    const find = (id: string) => get().entries.find((entry) => entry.id === id)
    const fail = (error: unknown) =>
      session.setState({
        trouble: troubleOf(error, session.getState().explanation ? 'Your figure is unchanged.' : 'Nothing is open yet.')
      })

    /** What storage refuses costs the memory of it and nothing else. */
    async function write(change: (shelf: LibraryShelf) => Promise<void>): Promise<void> {
      await change(await kept).catch(() => set({lasting: false}))
    }

    async function put(entry: LibraryEntry): Promise<void> {
      const others = get().entries.filter(({id}) => id !== entry.id)
      const entries = [entry, ...others].sort((a, b) => b.openedAt - a.openedAt)
      const spare = entries.filter(({from}) => from.kind === 'file' || from.kind === 'address').slice(mostEntries)
      set({entries: entries.filter((each) => !spare.includes(each))})
      await write((shelf) => shelf.put(entry))
      for (const {id} of spare) await write((shelf) => shelf.remove(id))
    }

    async function letGo({id, from}: LibraryEntry): Promise<void> {
      given.delete(id)
      if (from.kind === 'copy') await store()?.remove(from.copy)
      await write((shelf) => shelf.remove(id))
    }

    function remember() {
      const {files, explanation} = session.getState()
      const id = files && entryId(files)
      if (!files || !id || !explanation) return
      const {checkpoint} = files
      if (checkpoint.kind === 'file') given.set(id, [checkpoint.file])
      if (checkpoint.kind === 'set') given.set(id, checkpoint.files)
      const {name, size} = explanation.provenance.checkpoint
      const before = find(id)?.from
      // A copy or a way to the file stays; addresses are those of this time.
      const from = before && before.kind !== 'address' ? before : originOf(files)
      const parts = checkpoint.kind === 'set' ? {parts: checkpoint.files.length} : {}
      void put({id, name, size, title: explanation.model.title, openedAt: now(), from, ...parts})
    }

    return {
      entries: [],
      lasting: true,
      copying: null,

      reopen: async (id) => {
        const entry = find(id)
        if (!entry) return
        const {openAddresses, openFiles} = session.getState()
        const {from} = entry
        if (from.kind === 'address') return openAddresses(from.addresses)
        try {
          await openFiles(await filesOf(entry, given.get(id), store()))
        } catch (error) {
          fail(error)
        }
      },

      canReopen: (id) => find(id)?.from.kind !== 'file' || given.has(id),

      canKeep: (id) => {
        const [file, ...others] = given.get(id) ?? []
        return find(id)?.from.kind === 'file' && file !== undefined && others.length === 0 && keepable(file, store())
      },

      keep: async (id) => {
        const [file, ...others] = given.get(id) ?? []
        const entry = find(id)
        if (!file || others.length > 0 || !entry || entry.from.kind !== 'file') return
        try {
          const handle = handleOf(file)
          if (handle) return await put({...entry, from: {kind: 'handle', handle}})
          set({copying: id})
          const copy = await store()!.keep(file)
          // Forgotten while it was copied.
          const still = find(id)
          if (still) await put({...still, from: {kind: 'copy', copy, lastModified: file.lastModified}})
          else await store()?.remove(copy)
        } catch (error) {
          fail(error)
        } finally {
          set({copying: null})
        }
      },

      forget: async (id) => {
        const entry = find(id)
        if (!entry) return
        set({entries: get().entries.filter((each) => each !== entry)})
        await letGo(entry)
        await forgotten?.(entry)
      },

      clear: async () => {
        const {entries} = get()
        set({entries: []})
        for (const entry of entries) await letGo(entry)
        await forgotten?.(null)
      },

      begin: () => {
        kept = shelf()
        kept.then(async (found) => {
          const before = await found.all().catch(() => [])
          const here = get().entries
          const older = before.filter(({id}) => !here.some((entry) => entry.id === id))
          const entries = [...here, ...older].sort((a, b) => b.openedAt - a.openedAt)
          set({entries, lasting: found.lasting})
        })
        // Each version of a watched file would take a place of its own.
        const lasts = ({example, version}: Session) => example === null && version === null
        if (lasts(session.getState())) remember()
        return session.subscribe((is, was) => {
          const opened = is.explanation !== was.explanation || is.files !== was.files
          if (opened && lasts(is)) remember()
        })
      }
    }
  })
}

const keepable = (file: File, copies: LibraryCopies | null) => handleOf(file) !== null || copies !== null

async function filesOf(
  {name, from}: LibraryEntry,
  given: readonly File[] | undefined,
  copies: LibraryCopies | null
): Promise<readonly File[]> {
  if (from.kind === 'copy' && copies) return [await copies.open(from.copy, name, from.lastModified)]
  if (from.kind === 'handle') {
    const file = await fileBehind(from.handle).catch(() => {
      throw new ReaderError(
        'The file is not where it was',
        `${name}: it was moved, renamed or deleted; needed it where it lay, or opened again from its new place.`
      )
    })
    if (file) return [file]
    throw new ReaderError(
      'Not opened',
      `${name}: this page was not allowed to read it again; your permission is needed, or the file itself.`
    )
  }
  if (given) return given
  throw new ReaderError('Not opened', `${name}: this browser keeps its name and no bytes; choose the file again.`)
}
