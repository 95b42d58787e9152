import type {Explanation} from './explanation'
import {isEditable} from './isEditable'

/** What stands where Gaussians would, and why no row can be left out alone. */
const instead: Partial<Record<Explanation['model']['family'], string>> = {
  'stacked-latent':
    'Attention here is a softmax of learned projections. Nor is there a mask for a hop: what it gives is part of what ' +
    'the next one asks, so without it the others would be asked something else.',
  'deformable-audio':
    'Attention here is a softmax of queries and keys, at places that the model chooses itself. Nor is there a mask for a ' +
    'block: every block works on what the one before it gives.',
  'layer-weights': 'Each layer has one weight, which is its importance.'
}

/** Why “what if” can be asked of nothing here, as sentences; null where Gaussians can be moved. */
export function whyNotEditable(explanation: Explanation): string | null {
  if (isEditable(explanation)) return null
  const {model, heads} = explanation
  if (heads.length > 0) return 'These Gaussians cannot be moved here, and nothing can be masked.'
  return ['There are no Gaussians to drag.', instead[model.family] ?? ''].join(' ').trim()
}
