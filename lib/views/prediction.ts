import {greatestAt} from '@/lib/core/statistics'

/** One class and how likely the model holds it to be. */
export interface PredictionBar {
  readonly class: number
  readonly name: string
  readonly probability: number
  /** The largest of all. */
  readonly best: boolean
  /** The class the input is labelled with. */
  readonly labelled: boolean
}

export interface PredictionBars {
  readonly bars: readonly PredictionBar[]
  /** Classes that were left out. */
  readonly hidden: number
}

/**
 * Bars of one input's class probabilities: in class order while they are few, else the `most` most likely first.
 * The labelled class is never left out.
 */
export function predictionBars(
  probabilities: readonly number[],
  {names = null, label = null, most = 10}: {names?: readonly string[] | null; label?: number | null; most?: number} = {}
): PredictionBars {
  const best = greatestAt(probabilities)
  const bar = (index: number): PredictionBar => ({
    class: index,
    name: names?.[index] ?? String(index),
    probability: probabilities[index]!,
    best: index === best,
    labelled: index === label
  })
  const classes = [...probabilities.keys()]
  if (classes.length <= most) return {bars: classes.map(bar), hidden: 0}
  const ranked = classes.sort((a, b) => probabilities[b]! - probabilities[a]!)
  const kept = ranked.slice(0, most)
  if (label !== null && label < probabilities.length && !kept.includes(label)) kept[most - 1] = label
  return {bars: kept.map(bar), hidden: probabilities.length - most}
}
