import type {SampleSummary} from './explanation'

/** The most probable class of an input, by index; null where nothing was predicted, or no number. */
export function predictedClass({probabilities}: Pick<SampleSummary, 'probabilities'>): number | null {
  const best = probabilities?.length ? probabilities.indexOf(Math.max(...probabilities)) : -1
  return best < 0 ? null : best
}
