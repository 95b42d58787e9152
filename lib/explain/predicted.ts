import {greatestAt} from '@/lib/core/statistics'
import type {SampleSummary} from './explanation'

/** The most probable class of an input, by index; null where nothing was predicted, or no number. */
export const predictedClass = ({probabilities}: Pick<SampleSummary, 'probabilities'>): number | null =>
  greatestAt(probabilities ?? [])
