import type {TensorArchive} from '@/lib/formats/archive'
import {openArchive} from '@/lib/formats/openArchive'
import type {LoadedModel, MapAxes, Samples, Settings} from '@/lib/models/family'
import {type InputPlace, readPlace} from './inputs'

/** What it takes to run an input again. */
export interface Rerun {
  readonly model: LoadedModel
  readonly axes: MapAxes
  /** Where the inputs stand, in their order. */
  readonly places: readonly InputPlace[]
  readonly settings: Settings
}

/** Samples, and which of them is meant. */
export interface Reread {
  readonly samples: Samples
  readonly within: number
}

/** Reads inputs again by their number over all files; null for one that is not there. Keeps the slice it read last. */
export function rereadInput({model, places, settings}: Rerun): (index: number) => Promise<Reread | null> {
  let archive: TensorArchive | null = null
  let last: {readonly place: InputPlace; readonly samples: Samples} | null = null
  return async (index) => {
    const found = placeOf(places, index)
    if (!found) return null
    const {place, within} = found
    // Walking through the inputs of one file opens it once, and reads each slice of it once.
    if (last?.place !== place) {
      if (archive?.source !== place.source) archive = await openArchive(place.source)
      last = {place, samples: await readPlace(archive, place, model, settings)}
      place.source.release?.()
    }
    return {samples: last.samples, within}
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
