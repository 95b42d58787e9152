import type {Explanation} from '@/lib/explain/explanation'
import {groupRows} from '@/lib/explain/groupRows'
import type {RowGroup} from '@/lib/views/cellRow'

/** More rows than this are drawn merged. */
export const mostRows = 64

/** Which drawn row stands for which layer: the same numbers, until a map has too many rows. */
export interface ShownRows {
  /** As its rows are drawn. */
  readonly explanation: Explanation | null
  /** With all its rows, where not each is drawn; else null. */
  readonly whole: Explanation | null
  /** The rows behind each drawn one; empty when each is its own. */
  readonly groups: readonly RowGroup[]
  /** What merged rows are called; empty when none are. */
  readonly labels: readonly string[]
  rowOf: (layer: number) => number
  layerOf: (row: number) => number
}

/** The rows that are drawn of an explanation; of more than `mostRows` those in the window, merged as need be. */
export function shownRows(
  explanation: Explanation | null,
  window: readonly [start: number, stop: number] | null = null
): ShownRows {
  const same = (n: number) => n
  const count = explanation?.axes?.rows ?? 0
  if (explanation === null || count <= mostRows)
    return {explanation, whole: null, groups: [], labels: [], rowOf: same, layerOf: same}
  // Rows come and go whole, so that every panel has the same ones.
  const [start, stop] = (window ?? [0, count]).map(Math.round) as [number, number]
  const shown = [Math.min(start, count - 1), Math.min(count, Math.max(stop, start + 1))] as const
  const grouped = groupRows(explanation, mostRows, {window: shown, wholeMaps: true})
  return {
    ...grouped,
    whole: explanation,
    rowOf: (layer) => grouped.groups.findIndex(([from, to]) => layer >= from && layer < to),
    layerOf: (row) => grouped.groups[row]![0]
  }
}
