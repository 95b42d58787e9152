import {resampled} from '@/components/live/resampled'
import {ReaderError} from '@/lib/core/errors'
import {loudest} from '@/lib/core/sound'
import {soundWindow} from '@/lib/state/soundWindow'

export interface MicrophoneWish {
  /** Samples per second, and how many of them a window holds. */
  readonly sampleRate: number
  readonly samples: number
  /** Null where only the span is wanted. */
  readonly onWindow: ((values: Float32Array<ArrayBuffer>) => void) | null
  /** It was unplugged, or the leave to use it was taken back. */
  readonly onEnd: () => void
  /** Aborted: wanted no more, at whatever step it is. */
  readonly signal: AbortSignal
}

/** A microphone that listens. */
export interface Listening {
  /** The loudest window of what was heard since it began, of its last ten seconds; null when nothing was. */
  span(): Promise<Float32Array<ArrayBuffer> | null>
}

/** Windows overlap: each second is read four times. */
const everyMs = 250
const longestSpan = 10
/** What was said last is still on its way from the device. */
const tailMs = 150

/**
 * Asks for the microphone, and gives a window of its sound four times a second until `signal` is aborted: then its
 * tracks are stopped. Throws ReaderError where there is none or it may not be used.
 */
export async function listenToMicrophone({
  sampleRate,
  samples,
  onWindow,
  onEnd,
  signal
}: MicrophoneWish): Promise<Listening> {
  const stream = await askForMicrophone()
  const stopTracks = () => {
    for (const track of stream.getTracks()) track.stop()
  }
  if (signal.aborted) {
    stopTracks()
    return silence
  }
  signal.addEventListener('abort', stopTracks)
  for (const track of stream.getTracks()) track.addEventListener('ended', onEnd)
  const context = new AudioContext()
  signal.addEventListener('abort', () => void context.close())
  await context.audioWorklet.addModule('/worklets/samples.js')
  if (signal.aborted) return silence
  const window = Math.ceil((samples / sampleRate) * context.sampleRate)
  const heard = soundWindow(Math.max(window, longestSpan * context.sampleRate))
  const node = new AudioWorkletNode(context, 'samples')
  node.port.onmessage = ({data}: MessageEvent<Float32Array>) => heard.add(data)
  context.createMediaStreamSource(stream).connect(node)
  // Its output is silence; a node that leads nowhere is not run.
  node.connect(context.destination)
  // Closed before it ran: wanted no more.
  context.resume().catch(() => {})
  const timer = setInterval(async () => {
    if (heard.heard === 0 || !onWindow) return
    const values = await resampled(heard.last(window), context.sampleRate, {sampleRate, samples})
    if (!signal.aborted) onWindow(values)
  }, everyMs)
  signal.addEventListener('abort', () => clearInterval(timer))
  return {
    span: async () => {
      await new Promise((go) => setTimeout(go, tailMs))
      const count = Math.min(heard.heard, heard.length)
      if (count === 0) return null
      const whole = Math.ceil((count / context.sampleRate) * sampleRate)
      const values = await resampled(heard.last(count), context.sampleRate, {sampleRate, samples: whole})
      return new Float32Array(loudest(values, samples))
    }
  }
}

/** Of a microphone that was wanted no more before it was given. */
const silence: Listening = {span: async () => null}

async function askForMicrophone(): Promise<MediaStream> {
  // The sound is read as it is: what makes calls pleasant would change it.
  const audio = {channelCount: 1, echoCancellation: false, noiseSuppression: false}
  const title = 'No microphone'
  if (!navigator.mediaDevices)
    throw new ReaderError(title, 'Found no microphone that this page may ask for; needed an address that is https.')
  try {
    return await navigator.mediaDevices.getUserMedia({audio})
  } catch (error) {
    const denied = error instanceof DOMException && error.name === 'NotAllowedError'
    throw new ReaderError(
      title,
      denied
        ? 'Found no leave to use the microphone; give it in the browser’s own settings of this page, or read a sound file.'
        : 'Found no microphone; needed one, or a sound file.'
    )
  }
}
