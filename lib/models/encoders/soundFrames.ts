import {ReaderError, ShapeError} from '@/lib/core/errors'
import {count} from '@/lib/core/number'
import type {SoundInput} from './description'
import {logMel} from './logMel'

/**
 * Log mel frames (frames, bands) of what an encoder hears. Throws ShapeError for a sound of another length, ReaderError
 * for one that is silent or holds what is no number.
 */
export function soundFrames(values: Float32Array, {samples, sampleRate, mel}: SoundInput): Float32Array {
  if (values.length !== samples)
    throw new ShapeError(
      `the encoder takes a sound of ${samples} samples at ${sampleRate} Hz; found ${values.length} values`,
      'This input does not fit the encoder'
    )
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0)
    throw new ReaderError(
      'Not a number',
      `Found ${values[bad]} at sample ${count(bad + 1)} of ${count(samples)}; needed a sound of finite numbers.`
    )
  const frames = logMel(values, sampleRate, mel)
  if (frames.every((value) => value === frames[0]))
    throw new ReaderError(
      'Silence',
      `Found silence: no band of any of the ${count(frames.length / mel.bands)} frames holds more than the least power, ${mel.floor}; needed a sound.`
    )
  return frames
}
