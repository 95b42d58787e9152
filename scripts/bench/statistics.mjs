/** The middle value; of an even number of them the mean of the two. Throws RangeError for none. */
export function median(values) {
  if (values.length === 0) throw new RangeError('median: there are no values; needed one at least')
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/** What is kept of the times of one contender, in ms. */
export function summary(times) {
  return {ms: median(times), fastest: Math.min(...times), slowest: Math.max(...times), runs: times.length, times}
}

/** Summaries of the same contenders at several times, by name, as one of all their runs. */
export function pooled(sittings) {
  const names = new Set(sittings.flatMap((sitting) => Object.keys(sitting)))
  const timesOf = (name) => sittings.flatMap((sitting) => sitting[name]?.times ?? [])
  return Object.fromEntries([...names].map((name) => [name, {...sittings[0][name], ...summary(timesOf(name))}]))
}

/**
 * How many runs fit into `budget` ms when one takes `ms`: no more than `most`, no fewer than `least`. Work that takes
 * half a minute cannot be repeated as often as what takes a frame.
 */
export function affordableRuns(ms, {budget, least, most}) {
  return Math.max(least, Math.min(most, Math.floor(budget / ms)))
}
