import type {SamplePictures} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {Note} from '@/lib/views/note'
import type {SharedView} from './sharedView'

/** What speaks of single inputs. */
export interface WithInputs {
  readonly explanation: Explanation
  readonly pictures: SamplePictures | null
  readonly notes: readonly Note[]
  readonly view: SharedView
}

/**
 * The same with these inputs alone, by index and ascending: with their pictures, and with the notes on them; notes on
 * other inputs stay behind.
 */
export function withInputs({explanation, pictures, notes, view}: WithInputs, chosen: readonly number[]): WithInputs {
  const {samples} = explanation
  if (chosen.length === samples.length) return {explanation, pictures, notes, view}
  const placeOf = new Map(chosen.map((index, place) => [index, place]))
  return {
    explanation: {...explanation, samples: chosen.map((index) => samples[index]!)},
    pictures: pictures && picturesOf(pictures, chosen),
    notes: notes.flatMap((note) => {
      if (note.at.on !== 'sample') return [note]
      const sample = placeOf.get(note.at.sample)
      return sample === undefined ? [] : [{...note, at: {on: 'sample', sample} as const}]
    }),
    view: {...view, sample: placeOf.get(view.sample ?? -1) ?? null}
  }
}

// Inputs past those that have pictures have none here either: they stand at the end.
function picturesOf({width, height, values, count}: SamplePictures, chosen: readonly number[]): SamplePictures | null {
  const pictured = chosen.filter((index) => index < count)
  if (pictured.length === 0) return null
  const size = width * height
  const kept = new Uint8Array(pictured.length * size)
  for (const [i, index] of pictured.entries()) kept.set(values.subarray(index * size, (index + 1) * size), i * size)
  return {count: pictured.length, width, height, values: kept}
}
