import type {SamplingPoints} from '@/lib/models/family'
import {type Rerun, rereadInput} from './rereadInput'

/**
 * Where the place under a column of the map looks, in one row of one input, counted over all files; null where that row
 * samples no points, or there is no such input. Throws RangeError beyond the map.
 */
export type PointsOf = (index: number, row: number, column: number) => Promise<SamplingPoints | null>

export const noPoints: PointsOf = async () => null

/** The points of single inputs, from the model again; none of a family that samples none. */
export function samplingPointsFrom(rerun: Rerun): PointsOf {
  const {points} = rerun.model
  if (!points) return noPoints
  const reread = rereadInput(rerun)
  return async (index, row, column) => {
    const found = await reread(index)
    return found && points(found.samples, found.within, row, column)
  }
}
