import type {Detection} from './family'

/** All that speaks against a detection, as sentences: what disagrees, then what is missing. */
export const complaintsOf = ({disagreements = [], missing}: Pick<Detection, 'disagreements' | 'missing'>): string[] => [
  ...disagreements,
  ...missing
]
