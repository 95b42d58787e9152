import type {Explanation} from '@/lib/explain/explanation'
import {predictedClass} from '@/lib/explain/predicted'

/** Which single inputs go along. */
export type InputChoice = 'none' | 'selected' | 'wrong' | 'first' | 'all'

/** How many inputs `first` stands for: as many as are seen at once. */
export const firstInputs = 24

/** The inputs that each choice stands for, by index and ascending; `selected` is the one that is looked at. */
export function inputsBy(
  {samples}: Pick<Explanation, 'samples'>,
  selected: number | null
): Readonly<Record<InputChoice, readonly number[]>> {
  const all = samples.map((_, index) => index)
  const wrong = all.filter((index) => {
    const {label, probabilities} = samples[index]!
    return label !== null && probabilities?.length && predictedClass({probabilities}) !== label
  })
  return {
    none: [],
    selected: selected !== null && selected < samples.length ? [selected] : [],
    wrong,
    first: all.slice(0, firstInputs),
    all
  }
}
