import type {FramesDescription} from './description'

/**
 * The seconds of a sound that its frames stand for: each lies around the middle of its window and is a hop wide, so that
 * the first may begin before the sound, and the last end before it or after.
 */
export function framesStretch({
  input: {mel, sampleRate},
  frames
}: FramesDescription): readonly [from: number, to: number] {
  const middle = mel.center ? 0 : mel.fft / 2
  const first = middle - mel.hop / 2
  return [first / sampleRate, (first + frames * mel.hop) / sampleRate]
}
