'use client'

import {useLibrary, useLibraryStore} from '@/components/library/LibraryContext'
import {useRoom} from '@/components/room'
import {bytes} from '@/lib/core/number'
import {httpAddress} from '@/lib/formats/http/httpAddress'
import type {LibraryStore} from '@/lib/state/library'
import type {LibraryEntry} from '@/lib/state/libraryEntry'

/** The checkpoints that were opened before, as lines of the file menu. */
export function Recent() {
  const library = useLibraryStore()
  return library && <RecentList library={library} />
}

function RecentList({library}: {library: LibraryStore}) {
  const entries = useLibrary(library, ({entries}) => entries)
  const lasting = useLibrary(library, ({lasting}) => lasting)
  if (entries.length === 0) return null
  return (
    <section className="menu-recent" aria-label="Recent">
      <h2>Recent</h2>
      <ul>
        {entries.map((entry) => (
          <RecentLine key={entry.id} entry={entry} library={library} />
        ))}
      </ul>
      <p className="menu-note">
        {lasting
          ? 'Names, sizes, times and your notes are remembered, in this browser; a file itself only where you keep it.'
          : 'This browser keeps nothing between visits; the list ends with this page.'}
      </p>
      <ul>
        <li>
          <button type="button" data-stay onClick={() => library.getState().clear()}>
            Forget all of them
          </button>
        </li>
      </ul>
    </section>
  )
}

function RecentLine({entry, library}: {entry: LibraryEntry; library: LibraryStore}) {
  const {pick} = useRoom()
  const {reopen, canReopen, canKeep, keep, forget} = library.getState()
  const copying = useLibrary(library, ({copying}) => copying === entry.id)
  const {id, name, size, title, openedAt} = entry
  // Without its bytes a file can only be chosen again, which the picker is for.
  const mustPick = !canReopen(id)
  return (
    <li>
      <button type="button" onClick={() => (mustPick ? pick() : reopen(id))}>
        <b>{name}</b>
        <span>
          {title}, {bytes(size)}, {dayOf(openedAt)}
        </span>
        <span>{wayBack(entry, mustPick)}</span>
      </button>
      {canKeep(id) && (
        <button type="button" data-stay disabled={copying} aria-label={`Keep ${name}`} onClick={() => keep(id)}>
          {copying ? 'Copying…' : 'Keep'}
        </button>
      )}
      <button type="button" data-stay aria-label={`Forget ${name}`} onClick={() => forget(id)}>
        <span aria-hidden="true">×</span>
      </button>
    </li>
  )
}

function wayBack({from, size, parts}: LibraryEntry, mustPick: boolean): string {
  if (from.kind === 'address') return `Asks ${hostsOf(from.addresses)} again`
  if (from.kind === 'handle') return 'Read where it lies, once you allow it again'
  if (from.kind === 'copy') return `From the copy kept here, ${bytes(size)}`
  if (parts) {
    return mustPick
      ? `Choose its ${parts} files again, together`
      : `${parts} files, given during this visit; only a checkpoint of one file can be kept`
  }
  return mustPick ? 'Choose the file again' : 'Given during this visit'
}

function hostsOf(addresses: readonly string[]): string {
  const hosts = addresses.map((address) => httpAddress(address).host)
  return [...new Set(hosts)].join(' and ')
}

const dayOf = (time: number) =>
  new Date(time).toLocaleDateString('en-GB', {day: 'numeric', month: 'long', year: 'numeric'})
