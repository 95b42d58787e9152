/** Plays samples from..to of a sound, and calls back when it ends by itself. Returns how to stop it. */
export function playSpan(sound: AudioBuffer, [from, to]: readonly [number, number], ended: () => void): () => void {
  const context = new AudioContext()
  const source = new AudioBufferSourceNode(context, {buffer: sound})
  source.connect(context.destination)
  let over = false
  const end = () => {
    if (over) return
    over = true
    void context.close()
    ended()
  }
  source.onended = end
  source.start(0, from / sound.sampleRate, Math.max(1, to - from) / sound.sampleRate)
  return () => {
    if (!over) source.stop()
    end()
  }
}
