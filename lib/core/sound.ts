/** The mean of a sound's channels, which are of one length. */
export function mono(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels
  return first.map((_, i) => channels.reduce((sum, channel) => sum + channel[i]!, 0) / channels.length)
}

/** The stretch of `count` samples that holds most energy; with silence on both sides where the sound is shorter. */
export function loudest(values: Float32Array, count: number): Float32Array {
  if (values.length <= count) {
    const padded = new Float32Array(count)
    padded.set(values, Math.floor((count - values.length) / 2))
    return padded
  }
  let energy = 0
  let best = {start: 0, energy: -1}
  for (const [i, value] of values.entries()) {
    energy += value ** 2 - (i >= count ? values[i - count]! ** 2 : 0)
    if (i >= count - 1 && energy > best.energy) best = {start: i - count + 1, energy}
  }
  return values.slice(best.start, best.start + count)
}
