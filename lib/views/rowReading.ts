import {fixed, ordinal, percent, signed} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {rowName} from '@/lib/explain/rowName'
import {rowsTie} from '@/lib/explain/tiedRows'
import {capital, range} from '@/lib/explain/words'
import {importanceName} from '@/lib/views/importanceName'

/** What the pointer reads off the figure: a title and a few facts. */
export interface PointReading {
  readonly title: string
  readonly rows: readonly {readonly label: string; readonly value: string}[]
}

/**
 * What a tooltip says about a whole row: where it stands, what is left of it untrained, how much it carries. `label`
 * names merged rows.
 */
export function rowReading(
  {axes, layers, heads, provenance}: Explanation,
  layer: number,
  label?: string
): PointReading {
  const row = layers.find((l) => l.layer === layer)
  const noun = capital(axes?.rowName ?? 'layer')
  const own = axes && label === undefined ? capital(rowName(axes, layer)) : `${noun} ${label ?? layer + 1}`
  const name = label?.includes('–') ? `${noun}s ${label}` : own
  if (row === undefined || !Number.isFinite(row.importance)) {
    return {title: row && heads.length > 0 ? `${name}, head ${row.head + 1}` : name, rows: []}
  }
  const {untrained, interval} = row
  const tie = rowsTie({axes, layers})
  const inHead = layers.filter(({head}) => head === row.head).length
  const facts: [label: string, value: string | null][] = [
    [
      interval ? 'IF, 95 %' : capital(importanceName({provenance}).short),
      `${fixed(row.importance, 2)}${interval ? ` (${range(interval, 2)})` : ''}`
    ],
    tie
      ? ['Rank', `tied with every ${axes!.rowName}`]
      : [untrained ? 'Rank, untrained' : 'Rank', `${row.rank}${untrained ? `, ${untrained.rank}` : ''}`],
    ['Rank in head', heads.length > 0 ? `${row.rankInHead} of ${inHead}` : null],
    ['Learned part', untrained && signed(untrained.learned, 3)],
    tie ? ['Share', percent(row.share)] : ['Share, rank by share', `${percent(row.share)}, ${ordinal(row.rankByShare)}`]
  ]
  return {
    title: heads.length > 0 ? `${name}, head ${row.head + 1}` : name,
    rows: facts.flatMap(([label, value]) => (value === null ? [] : [{label, value}]))
  }
}
