import {ReaderError} from '@/lib/core/errors'
import {fixed} from '@/lib/core/number'
import {loudest, mono} from '@/lib/core/sound'
import type {SoundInput} from '@/lib/models/encoders/description'

/**
 * The loudest `samples` of a sound file (WAV, FLAC, MP3, Ogg and whatever else the browser decodes) at `sampleRate`.
 * Throws ReaderError for what it does not decode, and for less than one window of sound.
 */
export async function soundOf(
  name: string,
  bytes: ArrayBuffer,
  {sampleRate, samples, mel}: Pick<SoundInput, 'sampleRate' | 'samples'> & {readonly mel: {readonly window: number}}
): Promise<Float32Array<ArrayBuffer>> {
  // What an offline context decodes it also brings to its own rate.
  const context = new OfflineAudioContext(1, 1, sampleRate)
  const decoded = await context.decodeAudioData(bytes).catch(() => {
    throw new ReaderError(
      'Not a sound',
      `Found nothing in ${name} that this browser decodes; needed a sound, as WAV, FLAC, MP3 or Ogg.`
    )
  })
  if (decoded.length < mel.window) {
    const ms = (count: number) => fixed((count / sampleRate) * 1000, 0)
    throw new ReaderError(
      'Too short',
      `Found ${ms(decoded.length)} ms of sound in ${name}; needed ${ms(mel.window)} ms, one window of the spectrogram.`
    )
  }
  const channels = Array.from({length: decoded.numberOfChannels}, (_, channel) => decoded.getChannelData(channel))
  return new Float32Array(loudest(mono(channels), samples))
}
