'use client'

import {useEffect, useId, useRef} from 'react'
import {useNotes, useNotesStore} from '@/components/notes/NotesContext'
import {NoteText} from '@/components/notes/NoteText'
import {useNoteKeys} from '@/components/notes/useNoteKeys'
import {shownExplanation, useLens, useSession, useStores} from '@/components/stores'
import {count} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import type {LensStore} from '@/lib/state/lens'
import type {NoteDraft, NotesStore} from '@/lib/state/notes'
import {
  mostNoteCharacters,
  mostNotes,
  type Note,
  type NotePlace,
  noteFits,
  notePlaces,
  notePlaceText,
  sameNotePlace
} from '@/lib/views/note'

/** What was noted, beside the figure and over nothing that is read: N begins a note where the reader points. */
export function NotesPanel() {
  const store = useNotesStore()
  const explanation = useSession(shownExplanation)
  const open = useNotes((notes) => notes.open, false)
  useNoteKeys(store)
  if (!store || !explanation || !open) return null
  return <List store={store} explanation={explanation} />
}

interface Given {
  readonly store: NotesStore
  readonly explanation: Explanation
}

function List({store, explanation}: Given) {
  const title = useId()
  const {lens} = useStores()
  const panel = useRef<HTMLElement>(null)
  const notes = useNotes(({notes}) => notes, [])
  const draft = useNotes(({draft}) => draft, null)
  const lasting = useNotes(({lasting}) => lasting, false)
  const canUndo = useNotes(({canUndo}) => canUndo, false)
  const {show, write, undo} = store.getState()
  const begin = () => write(notePlaces(explanation, lens.getState())[0]!)
  const close = () => {
    show(false)
    document.querySelector<HTMLElement>('.notes-button')?.focus()
  }
  return (
    <aside
      ref={panel}
      className="notes-panel"
      aria-labelledby={title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        close()
      }}
    >
      <header>
        <h2 id={title}>Notes</h2>
        {canUndo && (
          <button type="button" className="link" onClick={undo}>
            Undo
          </button>
        )}
        <button type="button" className="close" aria-label="Close the notes" onClick={close}>
          <span aria-hidden="true">×</span>
        </button>
      </header>
      {notes.length > 0 && (
        <ol>
          {notes.map((note, i) =>
            draft?.index === i ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a note is known by its place
              <li key={i}>
                <Editor store={store} explanation={explanation} draft={draft} />
              </li>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: a note is known by its place
              <Item key={i} store={store} explanation={explanation} note={note} index={i} />
            )
          )}
        </ol>
      )}
      {draft && draft.index === null ? (
        <Editor store={store} explanation={explanation} draft={draft} />
      ) : (
        <p className="notes-add">
          {notes.length === 0 &&
            (lasting
              ? 'Nothing is noted yet. Notes stay in this browser until you share or save them. '
              : 'Nothing is noted yet. Notes stay in this page until you share or save them. ')}
          {notes.length < mostNotes ? (
            <button type="button" className="link" onClick={begin}>
              Add a note (N)
            </button>
          ) : (
            `${count(mostNotes)} notes are as many as one explanation carries.`
          )}
        </p>
      )}
    </aside>
  )
}

function Item({store, explanation, note, index}: Given & {note: Note; index: number}) {
  const {lens} = useStores()
  const here = useLens(({pinned}) => isAt(note.at, pinned, explanation))
  const name = notePlaceText(explanation, note.at)
  return (
    <li className={here ? 'here' : undefined}>
      <header>
        {note.at.on === 'figure' || !noteFits(explanation, note.at) ? (
          <b>{name}</b>
        ) : (
          <button type="button" className="note-place" onClick={() => pointAt(lens, note.at, explanation)}>
            {name}
          </button>
        )}
        <button type="button" className="link" onClick={() => store.getState().rewrite(index)}>
          Edit<span className="visually-hidden"> the note on {name}</span>
        </button>
        <button type="button" className="link" onClick={() => store.getState().remove(index)}>
          Delete<span className="visually-hidden"> the note on {name}</span>
        </button>
      </header>
      <NoteText text={note.text} />
    </li>
  )
}

function isAt(at: NotePlace, pinned: number | null, {layers}: Explanation): boolean {
  if (pinned === null) return false
  if (at.on === 'head') return layers[pinned]?.head === at.head
  return (at.on === 'layer' || at.on === 'cell') && at.layer === pinned
}

/** Pins what a note is about, so that it is seen where it is. */
function pointAt(lens: LensStore, at: NotePlace, {layers}: Explanation) {
  const {selectSample} = lens.getState()
  if (at.on === 'sample') selectSample(at.sample)
  else if (at.on === 'layer') lens.setState({pinned: at.layer, pinnedFeature: null})
  else if (at.on === 'cell') lens.setState({pinned: at.layer, pinnedFeature: at.feature})
  else if (at.on === 'head') lens.setState({pinned: layers.find(({head}) => head === at.head)?.layer ?? null})
  else if (at.on === 'feature') lens.setState({pinned: lens.getState().pinned ?? 0, pinnedFeature: at.feature})
}

function Editor({store, explanation, draft}: Given & {draft: NoteDraft}) {
  const {lens} = useStores()
  const field = useRef<HTMLTextAreaElement>(null)
  const where = useId()
  const {draw, keep, abandon} = store.getState()
  const offered = notePlaces(explanation, lens.getState())
  const places = offered.some((place) => sameNotePlace(place, draft.at)) ? offered : [draft.at, ...offered]
  useEffect(() => {
    const {current} = field
    current?.focus()
    current?.setSelectionRange(current.value.length, current.value.length)
  }, [])
  return (
    <form
      className="note-editor"
      onSubmit={(event) => {
        event.preventDefault()
        keep()
      }}
    >
      <label htmlFor={where}>
        On{' '}
        <select
          id={where}
          value={places.findIndex((place) => sameNotePlace(place, draft.at))}
          onChange={({target}) => draw({at: places[Number(target.value)]!})}
        >
          {places.map((place, i) => (
            <option key={JSON.stringify(place)} value={i}>
              {notePlaceText(explanation, place)}
            </option>
          ))}
        </select>
      </label>
      <textarea
        ref={field}
        aria-label="Note"
        rows={4}
        maxLength={mostNoteCharacters}
        value={draft.text}
        placeholder="What do you see here?"
        onChange={({target}) => draw({text: target.value})}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            keep()
          } else if (event.key === 'Escape') {
            event.preventDefault()
            abandon()
          }
        }}
      />
      <p className="actions">
        <button type="submit" className="button primary" disabled={draft.text.trim() === ''}>
          Keep <kbd>Ctrl Enter</kbd>
        </button>
        <button type="button" className="button" onClick={abandon}>
          Cancel
        </button>
        <span className="note-hint">**bold**, *italic*, `code`, lists, links</span>
      </p>
    </form>
  )
}
