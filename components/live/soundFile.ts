import {ReaderError} from '@/lib/core/errors'
import {loudest, mono} from '@/lib/core/sound'

/**
 * The loudest `samples` of a sound file, in whatever format the browser decodes, at `sampleRate`. Throws ReaderError
 * for what it does not decode.
 */
export async function soundOf(
  name: string,
  bytes: ArrayBuffer,
  {sampleRate, samples}: {readonly sampleRate: number; readonly samples: number}
): Promise<Float32Array<ArrayBuffer>> {
  // What an offline context decodes it also brings to its own rate.
  const context = new OfflineAudioContext(1, 1, sampleRate)
  const decoded = await context.decodeAudioData(bytes).catch(() => {
    throw new ReaderError('Not a sound', `Found nothing in ${name} that this browser decodes; needed a sound file.`)
  })
  const channels = Array.from({length: decoded.numberOfChannels}, (_, channel) => decoded.getChannelData(channel))
  return new Float32Array(loudest(mono(channels), samples))
}
