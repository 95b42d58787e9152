import {ShapeError} from '@/lib/core/errors'
import type {FramesDescription} from './description'
import type {EncoderSample} from './embedInput'
import {soundFrames} from './soundFrames'

/** An encoder of no layer: what comes out is (n, 1, bands, frames), low bands first. Nothing of it is on the device. */
export function melFront(description: FramesDescription) {
  const {input, frames} = description
  const {bands, floor, mean, deviation} = input.mel
  const silent = (Math.log(floor) - mean) / deviation

  function spectrogram(sample: EncoderSample): Float32Array {
    if (!('values' in sample))
      throw new ShapeError('the encoder takes a sound; found token ids', 'This input does not fit the encoder')
    const found = soundFrames(sample.values, input)
    return Float32Array.from({length: bands * frames}, (_, i) => {
      const [band, frame] = [Math.floor(i / frames), i % frames]
      return found[frame * bands + band] ?? silent
    })
  }

  return {
    description,
    stateShape: [1, bands, frames],
    parameters: 0,
    async states(samples: readonly EncoderSample[]) {
      const all = new Float32Array(samples.length * bands * frames)
      for (const [n, sample] of samples.entries()) all.set(spectrogram(sample), n * bands * frames)
      return all
    },
    // There is no block to leave any.
    hiddenStates: async (_: EncoderSample) => ({shape: [0, frames, bands], values: new Float32Array(0)}),
    dispose: () => {}
  }
}
