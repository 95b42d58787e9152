/** The last seconds of a sound that goes on: a ring of samples. */
export interface SoundWindow {
  add(samples: Float32Array): void
  /** The last `count` samples, oldest first; silence before the first one. At most as many as the window holds. */
  last(count: number): Float32Array<ArrayBuffer>
  /** How many it holds. */
  readonly length: number
  /** Samples added so far. */
  readonly heard: number
}

/** A window on a sound, `length` samples long. */
export function soundWindow(length: number): SoundWindow {
  const ring = new Float32Array(length)
  let heard = 0
  return {
    add(samples) {
      for (const sample of samples.subarray(Math.max(0, samples.length - length))) ring[heard++ % length] = sample
    },
    last(count) {
      const taken = new Float32Array(Math.min(count, length))
      const known = Math.min(taken.length, heard)
      for (let i = 0; i < known; i++) taken[taken.length - 1 - i] = ring[(heard - 1 - i) % length]!
      return taken
    },
    length,
    get heard() {
      return heard
    }
  }
}
