import {ReaderError} from '@/lib/core/errors'
import {type Grid, grid} from '@/lib/core/grid'
import type {Accumulated} from '@/lib/explain/accumulate'
import {sampleMapOf} from '@/lib/explain/sampleMap'
import {type Rerun, rereadInput} from './rereadInput'

/** Draws the density map (rows, cols) of one input, counted over all files. Throws ReaderError when there is none. */
export type SampleMap = (index: number) => Promise<Grid>

export const noSampleMap: SampleMap = async (index) => {
  throw new ReaderError('No map of its own', `Found no map of input ${index + 1}; needed the inputs themselves.`)
}

/** Maps of single inputs: those that were kept, else from the model again. */
export function sampleMapFrom(numbers: Accumulated | null, rerun: Rerun | null): SampleMap {
  const reread = rerun && rereadInput(rerun)
  return async (index) => {
    const keptMap = numbers && sampleMapOf(numbers, index)
    if (keptMap) return keptMap
    const found = await reread?.(index)
    if (!found || !rerun) return noSampleMap(index)
    const {model, axes} = rerun
    const {density} = await model.run(found.samples, found.within, found.within + 1)
    return grid(axes.rows, axes.cols, density)
  }
}
