import type {Explanation} from '@/lib/explain/explanation'
import type {Note} from '@/lib/views/note'
import {visibleLines} from '@/lib/views/noteText'

// Zero-width, direction and control characters: they can make a text read as another one.
const deceptive = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu

/** Words of a stranger as one line of visible characters. */
export const visibleLine = (text: string): string => text.replace(/\s+/gu, ' ').replace(deceptive, '').trim()

/** The same explanation with every text of it, names and sentences alike, as visible characters. */
export const visible = (explanation: Explanation): Explanation => visibleIn(explanation) as Explanation

/** The same notes with every text of them as visible characters; their lines stay lines. */
export const visibleNotes = (notes: readonly Note[]): readonly Note[] =>
  notes.map((note) => ({...note, text: visibleLines(note.text)}))

/** What came from elsewhere, with no character of its words hidden. Edits are numbers and have none. */
export const visibleRecord = <T extends {readonly explanation: Explanation; readonly notes: readonly Note[]}>(
  record: T
): T => ({...record, explanation: visible(record.explanation), notes: visibleNotes(record.notes)})

function visibleIn(value: unknown): unknown {
  if (typeof value === 'string') return visibleLine(value)
  if (Array.isArray(value)) return value.map(visibleIn)
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visibleIn(inner)]))
}
