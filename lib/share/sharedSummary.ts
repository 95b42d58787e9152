import {fixed, plural, signed} from '@/lib/core/number'
import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import {mostNoteCharacters, type Note, notePlaceText} from '@/lib/views/note'
import {noteWords} from '@/lib/views/noteText'
import {editsInWords, type ShownAs} from './shownAs'
import {visibleLine} from './visible'

/** A shared explanation in words: what a preview and a reader without scripts are given. */
export interface SharedSummary {
  readonly title: string
  readonly caveat: string
  /** One sentence of facts: model, size of the map, inputs. */
  readonly description: string
  /** The ranking as a table, the most important first; no rows where there is none. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Rows that are not shown. */
  readonly more: number
  /** What was changed by hand before it was shared, a few words each. */
  readonly edits: readonly string[]
  /** What was noted, and where. */
  readonly notes: readonly {readonly place: string; readonly text: string}[]
  /** Edits and notes that are not shown. */
  readonly moreBeside: number
  readonly caveats: readonly string[]
  /** Name and SHA-256 of each file it was computed from. */
  readonly files: readonly {readonly name: string; readonly sha256: string | null}[]
}

const mostRows = 50
/** Of edits, and of notes. */
const mostBeside = 50
const mostCharacters = 300

/** Words of a stranger as one line of visible characters, at most 300 of them, or as many as are said. */
export function visibleText(text: string, most = mostCharacters): string {
  const line = visibleLine(text)
  const characters = [...line]
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line
}

/** What is shared beside an explanation and can be said in words. */
interface SaidBeside {
  readonly notes?: readonly Note[]
  readonly shownAs?: ShownAs | null
}

/** Sums up an explanation from anywhere; every text in the result is safe to be read, though not to be believed. */
export function sharedSummary(explanation: Explanation, {notes = [], shownAs = null}: SaidBeside = {}): SharedSummary {
  const edits = editsInWords(explanation, shownAs)
  const {finding, layers, heads, measures = [], caveats, provenance, axes} = explanation
  const ranked = [...layers].sort((a, b) => a.rank - b.rank)
  return {
    title: visibleText(finding.title),
    caveat: visibleText(finding.caveat),
    description: `${sharedFacts(explanation)}. Whoever has the same files can check it by computing it again.`,
    columns: [
      'Rank',
      axes?.rowName ?? 'layer',
      ...(heads.length > 0 ? ['Head'] : []),
      'Importance Factor',
      '95 % interval',
      'Untrained',
      'Learned',
      ...measures.map(({title, unit}) => `${title}, ${unit}`)
    ].map((text) => capital(visibleText(text))),
    rows: ranked.slice(0, mostRows).map((row) => cells(explanation, row)),
    more: Math.max(0, ranked.length - mostRows),
    edits: edits.slice(0, mostBeside).map((text) => visibleText(text)),
    notes: notes.slice(0, mostBeside).map(({at, text}) => ({
      place: visibleText(notePlaceText(explanation, at)),
      text: visibleText(noteWords(text), mostNoteCharacters)
    })),
    moreBeside: Math.max(0, edits.length - mostBeside) + Math.max(0, notes.length - mostBeside),
    caveats: caveats.map(({text}) => visibleText(text)),
    files: [provenance.checkpoint, ...provenance.inputs].map(({name, sha256}) => ({
      name: visibleText(name),
      sha256: sha256 ?? null
    }))
  }
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)

/** What it is of: model, size of the map, inputs. */
export function sharedFacts({model, axes, provenance}: Explanation): string {
  const size = axes ? [`${plural(axes.rows, axes.rowName)} × ${plural(axes.cols, axes.colName)}`] : []
  const inputs = provenance.samples > 0 ? [plural(provenance.samples, 'input')] : []
  return visibleText(
    [capital(model.title), ...(model.heads > 0 ? [plural(model.heads, 'head')] : []), ...size, ...inputs].join(', ')
  )
}

const interval = (found: readonly [number, number] | null) =>
  found ? `${fixed(found[0], 3)} to ${fixed(found[1], 3)}` : ''

function cells({heads, measures = [], axes}: Explanation, row: LayerImportance): string[] {
  const {rank, layer, head, importance, interval: range, untrained} = row
  const label = axes?.rowLabels?.[layer]
  return [
    String(rank),
    visibleText(label ? `${layer + 1}, ${label}` : String(layer + 1)),
    ...(heads.length > 0 ? [String(head + 1)] : []),
    fixed(importance, 3),
    interval(range),
    ...(untrained ? [fixed(untrained.importance, 3), signed(untrained.learned, 4)] : ['', '']),
    ...measures.map(({means}) => (means[layer] == null ? '' : String(Number(means[layer].toPrecision(4)))))
  ]
}
