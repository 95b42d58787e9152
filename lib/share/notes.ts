import {type Codec, integer, list, oneOf, optional, record, refuse, text} from '@/lib/core/codec'
import {mostNoteCharacters, mostNotes, type Note, type NotePlace} from '@/lib/views/note'
import {jsonBytes, readJson, strangersOf} from './jsonSection'
import type {Strangers} from './strangerKeys'

/** Of JSON, before it is read. */
const mostBytes = 2 ** 20

type Flat = {readonly on: NotePlace['on']} & {
  readonly [K in 'layer' | 'head' | 'feature' | 'sample']?: number
}

const index = optional(integer(0, 1_000_000))
const flat = record<Flat>({
  on: oneOf('figure', 'layer', 'head', 'feature', 'cell', 'sample'),
  layer: index,
  head: index,
  feature: index,
  sample: index
} as {[K in keyof Flat]-?: Codec<Flat[K]>})

const place: Codec<NotePlace> = {
  write: (value) => flat.write(value),
  read: (value, path) => placeOf(flat.read(value, path), path)
}

/** How notes are written wherever they travel as JSON. */
export const notesCodec = list(record<Note>({at: place, text: text(mostNoteCharacters)}), mostNotes)

const codec = record<{readonly notes: readonly Note[]}>({notes: notesCodec})

function placeOf({on, layer, head, feature, sample}: Flat, path: string): NotePlace {
  const needed = (value: number | undefined, name: string): number =>
    value ?? refuse(`${path}.${name}`, 'a place', value)
  switch (on) {
    case 'figure':
      return {on}
    case 'layer':
      return {on, layer: needed(layer, 'layer')}
    case 'head':
      return {on, head: needed(head, 'head')}
    case 'feature':
      return {on, feature: needed(feature, 'feature')}
    case 'cell':
      return {on, layer: needed(layer, 'layer'), feature: needed(feature, 'feature')}
    case 'sample':
      return {on, sample: needed(sample, 'sample')}
  }
}

/** What a later version says of notes beyond what is known here, with the notes that it says it of. */
export interface StrangeNotes {
  readonly notes: readonly Note[]
  readonly strangers: Strangers
}

/** Notes as bytes of JSON; what a later version said of them goes along with each that is still as it was. */
export const noteBytes = (notes: readonly Note[], strange: StrangeNotes | null = null): Uint8Array =>
  jsonBytes(codec.write({notes}), strange && strangersNow(notes, strange))

/** What a later version says of them. Throws FormatError where that is more than is carried on. */
export function strangeNotes(bytes: Uint8Array, notes: readonly Note[]): StrangeNotes | null {
  const strangers = strangersOf(bytes, codec.write({notes}))
  return strangers === null ? null : {notes, strangers}
}

// Notes are known by what they say: others may have been deleted or written before them.
function strangersNow(now: readonly Note[], {notes, strangers}: StrangeNotes): Strangers {
  const texts = notes.map((note) => JSON.stringify(note))
  const {notes: within, ...beside} = Object(strangers) as {readonly notes?: Readonly<Record<number, unknown>>}
  const own = now.flatMap((note, i) => {
    const was = within?.[texts.indexOf(JSON.stringify(note))]
    return was === undefined ? [] : [[i, was] as const]
  })
  return {...beside, notes: Object.fromEntries(own)}
}

/** Notes back. Throws FormatError for what is none, for more than 200, and for one of more than 2,000 characters. */
export const readNotes = (bytes: Uint8Array): readonly Note[] => readJson(codec, bytes, mostBytes).notes
