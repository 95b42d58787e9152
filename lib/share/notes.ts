import {type Codec, integer, list, oneOf, optional, record, refuse, text} from '@/lib/core/codec'
import {mostNoteCharacters, mostNotes, type Note, type NotePlace} from '@/lib/views/note'
import {jsonBytes, readJson} from './jsonSection'

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

const codec = record<{readonly notes: readonly Note[]}>({
  notes: list(record<Note>({at: place, text: text(mostNoteCharacters)}), mostNotes)
})

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

/** Notes as bytes of JSON. */
export const noteBytes = (notes: readonly Note[]): Uint8Array => jsonBytes(codec.write({notes}))

/** Notes back. Throws FormatError for what is none, for more than 200, and for one of more than 2,000 characters. */
export const readNotes = (bytes: Uint8Array): readonly Note[] => readJson(codec, bytes, mostBytes).notes
