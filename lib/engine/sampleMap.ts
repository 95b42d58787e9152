import {ReaderError} from '@/lib/core/errors'
import {type Grid, grid} from '@/lib/core/grid'
import type {Accumulated} from '@/lib/explain/accumulate'
import {sampleMapOf} from '@/lib/explain/sampleMap'
import type {TensorArchive} from '@/lib/formats/archive'
import {openArchive} from '@/lib/formats/openArchive'
import type {LoadedModel, MapAxes, Samples, Settings} from '@/lib/models/family'
import {type InputPlace, readPlace} from './inputs'

/** Draws the density map (rows, cols) of one input, counted over all files. Throws ReaderError when there is none. */
export type SampleMap = (index: number) => Promise<Grid>

/** What it takes to run an input again. */
export interface Rerun {
  readonly model: LoadedModel
  readonly axes: MapAxes
  /** Where the inputs stand, in their order. */
  readonly places: readonly InputPlace[]
  readonly settings: Settings
}

export const noSampleMap: SampleMap = async (index) => {
  throw new ReaderError('No map of its own', `Found no map of input ${index + 1}; needed the inputs themselves.`)
}

/** Maps of single inputs: those that were kept, else from the model again. */
export function sampleMapFrom(numbers: Accumulated | null, rerun: Rerun | null): SampleMap {
  let archive: TensorArchive | null = null
  let last: {readonly place: InputPlace; readonly samples: Samples} | null = null
  return async (index) => {
    const keptMap = numbers && sampleMapOf(numbers, index)
    if (keptMap) return keptMap
    const found = rerun && placeOf(rerun.places, index)
    if (!found) return noSampleMap(index)
    const {model, axes, settings} = rerun
    const {place, within} = found
    // Walking through the inputs of one file opens it once, and reads each slice of it once.
    if (last?.place !== place) {
      if (archive?.source !== place.source) archive = await openArchive(place.source)
      last = {place, samples: await readPlace(archive, place, model, settings)}
      place.source.release?.()
    }
    const {density} = await model.run(last.samples, within, within + 1)
    return grid(axes.rows, axes.cols, density)
  }
}

function placeOf(places: readonly InputPlace[], index: number): {place: InputPlace; within: number} | null {
  let first = 0
  for (const place of places) {
    if (index >= first && index < first + place.count) return {place, within: index - first}
    first += place.count
  }
  return null
}
