/** What each part that a record may go without is called in a sentence. */
export const partNames = {
  gaussians: 'the Gaussians',
  density: 'the density map',
  nullDensity: 'the untrained map',
  densityVariance: 'the variance map',
  classDensity: 'the maps by class',
  signal: 'the signal',
  samples: 'the inputs',
  pictures: 'the pictures of the inputs',
  lists: 'the names of tensors that were not used'
} as const

/** What a record may go without. */
export type Part = keyof typeof partNames
