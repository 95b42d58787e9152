/** Ends what is heard now: two sounds at once could not be told apart. */
let hush: (() => void) | null = null

/**
 * Plays seconds from..to of a sound, and calls back once it is over: at its end, when another begins, or when the page
 * is shown no more. Returns how to stop it.
 */
export function playSound(
  sound: AudioBuffer,
  [from, to]: readonly [number, number],
  ended: () => void = () => {}
): () => void {
  hush?.()
  const context = new AudioContext()
  const source = new AudioBufferSourceNode(context, {buffer: sound})
  source.connect(context.destination)
  const playing = new AbortController()
  const {signal} = playing
  const end = () => {
    if (signal.aborted) return
    playing.abort()
    void context.close()
    // Nothing is kept of it.
    hush = null
    ended()
  }
  const stop = () => {
    if (!signal.aborted) source.stop()
    end()
  }
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && stop(), {signal})
  addEventListener('pagehide', stop, {signal})
  source.addEventListener('ended', end, {signal})
  source.start(0, from, to - from)
  hush = stop
  return stop
}

/** Samples as something to be played. */
export function audible(values: Float32Array<ArrayBuffer>, sampleRate: number): AudioBuffer {
  const sound = new AudioBuffer({length: values.length, sampleRate})
  sound.copyToChannel(values, 0)
  return sound
}
