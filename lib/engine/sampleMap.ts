import {ReaderError} from '@/lib/core/errors'
import {type Grid, grid} from '@/lib/core/grid'
import type {Accumulated} from '@/lib/explain/accumulate'
import {sampleMapOf} from '@/lib/explain/sampleMap'
import type {ByteSource} from '@/lib/formats/source'
import type {LoadedModel, MapAxes, Samples, Settings} from '@/lib/models/family'
import {readSamples} from './inputs'

/** Draws the density map (rows, cols) of one input, counted over all files. Throws ReaderError when there is none. */
export type SampleMap = (index: number) => Promise<Grid>

/** What it takes to run an input again. */
export interface Rerun {
  readonly model: LoadedModel
  readonly axes: MapAxes
  readonly files: readonly {readonly source: ByteSource; readonly count: number}[]
  readonly settings: Settings
}

export const noSampleMap: SampleMap = async (index) => {
  throw new ReaderError('No map of its own', `Found no map of input ${index + 1}; needed the inputs themselves.`)
}

/** Maps of single inputs: those that were kept, else from the model again. */
export function sampleMapFrom(numbers: Accumulated | null, rerun: Rerun | null): SampleMap {
  let last: {readonly source: ByteSource; readonly samples: Samples} | null = null
  return async (index) => {
    const keptMap = numbers && sampleMapOf(numbers, index)
    if (keptMap) return keptMap
    const place = rerun && placeOf(rerun.files, index)
    if (!place) return noSampleMap(index)
    const {model, axes, settings} = rerun
    // Walking through the inputs of one file reads it once.
    if (last?.source !== place.source) {
      last = {source: place.source, samples: await readSamples(place.source, model, settings)}
    }
    const {density} = await model.run(last.samples, place.within, place.within + 1)
    return grid(axes.rows, axes.cols, density)
  }
}

function placeOf(files: Rerun['files'], index: number): {source: ByteSource; within: number} | null {
  let first = 0
  for (const {source, count} of files) {
    if (index >= first && index < first + count) return {source, within: index - first}
    first += count
  }
  return null
}
