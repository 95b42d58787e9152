import type {Grid} from '@/lib/core/grid'
import type {Explanation} from '@/lib/explain/explanation'
import type {SamplePictures} from './protocol'

/**
 * The buffers of an explanation that are its own and may leave with it: its maps, and the pictures. Those of its
 * Gaussians are the model's, which stays to draw maps of single inputs.
 */
export function replyBuffers(explanation: Explanation, pictures: SamplePictures | null): ArrayBuffer[] {
  const {density, nullDensity, importance, densityVariance, classDensity = []} = explanation
  const grids = [density, nullDensity, importance, densityVariance, ...classDensity.map(({density}) => density)]
  const maps = grids.filter((map): map is Grid => Boolean(map)).map(({values}) => values)
  // Two maps may be one array: a buffer can leave once only.
  return [...new Set([...maps, ...(pictures ? [pictures.values] : [])].map(({buffer}) => buffer as ArrayBuffer))]
}
