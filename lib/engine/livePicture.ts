import {extent} from '@/lib/core/statistics'
import type {TensorValues} from '@/lib/formats/archive'
import type {LivePicture} from './protocol'

/** A spectrogram (1, bands, frames), low bands first, as a picture of (bands, frames) with low bands below. */
export function livePicture({shape, values}: TensorValues): LivePicture | null {
  const [channels, height = 0, width = 0] = shape
  if (shape.length !== 3 || channels !== 1) return null
  const powers = Float32Array.from(values as ArrayLike<number>)
  const [low, high] = extent(powers)
  const drawn = new Uint8Array(height * width)
  for (const [i, power] of powers.entries()) {
    const row = height - 1 - Math.floor(i / width)
    drawn[row * width + (i % width)] = high > low ? Math.round(((power - low) / (high - low)) * 255) : 0
  }
  return {width, height, values: drawn}
}
