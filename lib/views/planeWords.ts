import {type Ramp, rampColour} from '@/lib/core/colour'
import type {Interval} from '@/lib/explain/explanation'
import type {MapPlane} from '@/lib/models/family'
import {placeName, placesOf} from '@/lib/views/planeCells'

/** One word, and the line under it: as thick and as dark as the row attends to it. */
export interface PlaneWord {
  /** Column of the map. */
  readonly column: number
  readonly text: string
  readonly line: {readonly thickness: number; readonly colour: string} | null
}

/** px of the line under the word with the most attention. */
const thickest = 6

/**
 * The words of an input in their order, with a row's attention to each; none where the map has no columns for words,
 * since the question itself stands over its prediction. `said` holds the words of the input that is shown; the map may
 * have room for more.
 */
export function planeWords(
  plane: MapPlane,
  row: Float32Array | null,
  said: readonly string[] | null,
  {domain: [low, high], ramp}: {readonly domain: Interval; readonly ramp: Ramp}
): PlaneWord[] {
  const {after} = plane
  if (!after) return []
  const first = placesOf(plane)
  const most = row ? Math.max(...row.subarray(first)) : 0
  const shown = said ? Math.min(said.length, after.length) : after.length
  return Array.from({length: shown}, (_, i) => {
    const density = row?.[first + i] ?? Number.NaN
    const share = high > low ? (density - low) / (high - low) : 0
    return {
      column: first + i,
      text: said?.[i] ?? placeName(plane, first + i),
      line: Number.isFinite(density)
        ? {
            thickness: most > 0 ? Math.max(1, (thickest * density) / most) : 1,
            colour: rampColour(ramp, Math.max(0.3, share))
          }
        : null
    }
  })
}

/** A question cut into words as a sentence: "is 7 above 3 ?" has no space before its mark. */
export const questionText = (words: string): string => words.trim().replace(/\s+(?=\?$)/, '')
