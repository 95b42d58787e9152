import {plural} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {capital} from '@/lib/explain/words'

/** What a note is pinned to; every index from 0. */
export type NotePlace =
  | {readonly on: 'figure'}
  | {readonly on: 'layer'; readonly layer: number}
  | {readonly on: 'head'; readonly head: number}
  | {readonly on: 'feature'; readonly feature: number}
  | {readonly on: 'cell'; readonly layer: number; readonly feature: number}
  | {readonly on: 'sample'; readonly sample: number}

/** A remark of a person on a part of the figure, in Markdown without HTML. */
export interface Note {
  readonly at: NotePlace
  readonly text: string
}

/** Notes that one explanation carries. */
export const mostNotes = 200
/** Characters of one note. */
export const mostNoteCharacters = 2_000

/** Where a note is pinned, in words: `Layer 5, feature 17`. */
export function notePlaceText({axes}: Pick<Explanation, 'axes'>, at: NotePlace): string {
  const row = axes?.rowName ?? 'layer'
  const col = axes?.colName ?? 'feature'
  switch (at.on) {
    case 'figure':
      return 'The whole figure'
    case 'layer':
      return `${capital(row)} ${at.layer + 1}`
    case 'head':
      return `Head ${at.head + 1}`
    case 'feature':
      return `${capital(col)} ${at.feature + 1}`
    case 'cell':
      return `${capital(row)} ${at.layer + 1}, ${col} ${at.feature + 1}`
    case 'sample':
      return `Input ${at.sample + 1}`
  }
}

/** Whether what a note is pinned to is there. */
export function noteFits({axes, heads, provenance, samples}: Explanation, at: NotePlace): boolean {
  const rows = axes?.rows ?? 0
  const cols = axes?.cols ?? 0
  switch (at.on) {
    case 'figure':
      return true
    case 'layer':
      return at.layer < rows
    case 'head':
      return heads.some(({head}) => head === at.head)
    case 'feature':
      return at.feature < cols
    case 'cell':
      return at.layer < rows && at.feature < cols
    case 'sample':
      return at.sample < Math.max(samples.length, provenance.samples)
  }
}

export const sameNotePlace = (a: NotePlace, b: NotePlace): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What the reader points at or holds, as the lens has it. */
export interface NoteReader {
  readonly pinned: number | null
  readonly pinnedFeature: number | null
  readonly layer: number | null
  readonly feature: number | null
  readonly sample: number | null
}

/** The places that a note can be pinned to from where the reader stands, the likeliest first; always one at least. */
export function notePlaces(explanation: Explanation, reader: NoteReader): readonly NotePlace[] {
  const layer = reader.pinned ?? reader.layer
  const feature = reader.pinned === null ? reader.feature : (reader.pinnedFeature ?? reader.feature)
  const head = layer === null ? undefined : explanation.layers.find((row) => row.layer === layer)?.head
  const cell = layer !== null && feature !== null
  const places: NotePlace[] = [
    ...(cell ? [{on: 'cell', layer, feature} as const] : []),
    ...(layer === null ? [] : [{on: 'layer', layer} as const]),
    ...(head === undefined ? [] : [{on: 'head', head} as const]),
    ...(feature === null ? [] : [{on: 'feature', feature} as const]),
    ...(layer === null ? [{on: 'figure'} as const] : []),
    ...(reader.sample === null ? [] : [{on: 'sample', sample: reader.sample} as const]),
    ...(layer === null ? [] : [{on: 'figure'} as const])
  ]
  return places.filter((place) => noteFits(explanation, place))
}

/** `3 notes`. */
export const notesText = (count: number): string => plural(count, 'note')
