import type {LayerImportance} from '@/lib/explain/explanation'
import {mergedReading, readingOf, type Segment} from '@/lib/explain/reading'
import {capital} from '@/lib/explain/words'
import type {ShownRows} from '@/lib/views/shownRows'

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
