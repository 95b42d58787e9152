import type {SampleSummary} from '@/lib/explain/explanation'
import {predictedClass} from '@/lib/explain/predicted'

/** Which inputs are shown: all, those predicted wrongly, or those predicted as one class. */
export type InputFilter =
  | {readonly kind: 'all'}
  | {readonly kind: 'wrong'}
  | {readonly kind: 'class'; readonly class: number}

/** One input on the page. */
export interface InputTile {
  /** Index into the explanation's samples. */
  readonly index: number
  /** The class with the largest probability, or null without a classifier. */
  readonly predicted: number | null
  readonly label: number | null
  /** Null when either side is unknown. */
  readonly correct: boolean | null
}

/** A page of inputs and what the filters would hold. */
export interface InputPage {
  readonly tiles: readonly InputTile[]
  /** Inputs that pass the filter. */
  readonly count: number
  readonly page: number
  readonly pages: number
  readonly total: number
  /** Null when no input carries a label. */
  readonly wrong: number | null
  /** Predicted class → number of inputs, every class that occurs. */
  readonly byClass: ReadonlyMap<number, number>
}

const tileOf = ({label, probabilities}: SampleSummary, index: number): InputTile => {
  const predicted = predictedClass({probabilities})
  return {
    index,
    predicted,
    label,
    correct: label === null || !probabilities?.length ? null : predicted === label
  }
}

const passes = (filter: InputFilter, tile: InputTile): boolean =>
  filter.kind === 'all' || (filter.kind === 'wrong' ? tile.correct === false : tile.predicted === filter.class)

/** The inputs that `filter` lets through, cut into pages of `perPage`; a page past the end becomes the last. */
export function inputPage(
  samples: readonly SampleSummary[],
  filter: InputFilter,
  page: number,
  perPage = 24
): InputPage {
  const all = samples.map(tileOf)
  const passing = all.filter((tile) => passes(filter, tile))
  const pages = Math.max(1, Math.ceil(passing.length / perPage))
  const shown = Math.min(Math.max(0, page), pages - 1)
  const byClass = new Map<number, number>()
  for (const {predicted} of all) if (predicted !== null) byClass.set(predicted, (byClass.get(predicted) ?? 0) + 1)
  return {
    tiles: passing.slice(shown * perPage, (shown + 1) * perPage),
    count: passing.length,
    page: shown,
    pages,
    total: all.length,
    wrong: all.some((tile) => tile.correct !== null) ? all.filter((tile) => tile.correct === false).length : null,
    byClass: new Map([...byClass].sort(([a], [b]) => a - b))
  }
}
