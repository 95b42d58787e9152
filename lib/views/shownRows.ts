import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import {groupRows} from '@/lib/explain/groupRows'
import {mergedReading, readingOf, type Segment} from '@/lib/explain/reading'
import {capital} from '@/lib/explain/words'
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

/** A drawn row in words. */
export interface LineReading {
  /** `Layer 5`, or `Layers 5–8` where these are merged. */
  readonly title: string
  readonly merged: boolean
  /** Absent while there is no importance. */
  readonly row: LayerImportance | undefined
  readonly sentences: readonly Segment[]
}

/** What the row that a layer is drawn in says; a layer out of sight speaks for itself. Throws without an explanation. */
export function lineReading({explanation, whole, groups, labels, rowOf}: ShownRows, layer: number): LineReading {
  const all = whole ?? explanation!
  const name = capital(all.axes?.rowName ?? 'layer')
  const line = whole ? rowOf(layer) : -1
  const [from, to] = groups[line] ?? [layer, layer + 1]
  if (to - from < 2) {
    return {title: `${name} ${layer + 1}`, merged: false, row: all.layers[layer], sentences: readingOf(all, layer)}
  }
  const label = labels[line]!
  const sentences = mergedReading(explanation!, line, label)
  return {title: `${name}s ${label}`, merged: true, row: explanation!.layers[line], sentences}
}
