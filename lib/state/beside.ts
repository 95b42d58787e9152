import type {Engine} from '@/lib/engine/protocol'
import {createEdits, type EditsStore, followEdits} from './edits'
import {createNotesKeeper} from './keptNotes'
import {createLibrary, type LibraryStore} from './library'
import {createLive, followLive, type LiveStore} from './live'
import {createLiveStream, type LiveStreamStore} from './liveStream'
import {createNotes, followNotes, type NotesStore} from './notes'
import type {SessionStore} from './session'
import {streamReadings, streamRunningMeans} from './streamSources'
import {streamVersions} from './streamVersions'
import {createWatch, type WatchStore} from './watch'

/** The stores beside session and lens, which no first picture needs. */
export interface Beside {
  readonly library: LibraryStore
  readonly watch: WatchStore
  readonly live: LiveStore
  readonly stream: LiveStreamStore
  readonly edits: EditsStore
  readonly notes: NotesStore
  /** Follows the session from what is open now. Returns how to stop. */
  readonly follow: () => () => void
}

/** Makes them for one session. */
export function createBeside({engine, session}: {engine: Engine; session: SessionStore}): Beside {
  const notes = createNotes()
  const keeper = createNotesKeeper({session, notes})
  const library = createLibrary({session, forgotten: keeper.forget})
  const watch = createWatch({engine, session})
  const live = createLive({engine, session})
  const stream = createLiveStream()
  const edits = createEdits({engine, session})
  const follow = () => {
    const leave = [
      library.getState().begin(),
      followLive(session, live),
      followEdits(session, edits),
      followNotes(session, notes),
      keeper.begin(),
      streamRunningMeans(session, stream),
      streamReadings(live, stream),
      streamVersions(watch, stream),
      () => watch.getState().stop()
    ]
    return () => {
      for (const stop of leave) stop()
    }
  }
  return {library, watch, live, stream, edits, notes, follow}
}
