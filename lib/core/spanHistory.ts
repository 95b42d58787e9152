/** Consecutive samples summed up: for every series its least, its greatest, and what its mean is made of. */
export interface Span {
  /** When its first and its last sample came, ms. */
  readonly from: number
  readonly to: number
  readonly samples: number
  /** What all of its samples were said to come from; -1 where they differ. */
  readonly source: number
  readonly min: Float32Array
  readonly max: Float32Array
  readonly sum: Float64Array
  /** Samples of each series that were numbers. */
  readonly known: Uint32Array
}

/** A history of any length in bounded memory. */
export interface SpanHistory {
  /** Adds a sample, one number per series; NaN where there is none. Time never runs backwards: it is held back. */
  append(at: number, values: ArrayLike<number>, source?: number): void
  /** All spans, the oldest first. They change when a sample is appended. */
  spans(): Span[]
  /** Samples appended, spans held, and bytes that their numbers take. */
  readonly samples: number
  readonly held: number
  readonly bytes: number
}

export interface SpanHistoryShape {
  readonly series: number
  /** Spans of one length that are held: so many of the last samples stand alone. Even, at least 2. Default 256. */
  readonly perLevel?: number
  /** Lengths of spans: 1, 2, 4, … samples. The longest double in place when they become too many. Default 16. */
  readonly levels?: number
}

/** The mean of one series in a span; NaN where no sample had it. */
export const spanMean = ({sum, known}: Span, series: number): number => sum[series]! / known[series]!

/**
 * A history whose older spans merge pairwise, so that a minute ago is told finely, an hour ago coarsely, and no extreme
 * is ever lost: least and greatest of two spans are least and greatest of their union.
 */
export function spanHistory({series, perLevel = 256, levels = 16}: SpanHistoryShape): SpanHistory {
  const rooms: Writable[][] = Array.from({length: levels}, () => [])
  // Merging frees as many arrays as it fills, so a history that is full allocates nothing.
  const spare: Writable[] = []
  let samples = 0
  let last = -Infinity

  function settle() {
    for (let level = 0; level < levels; level++) {
      const room = rooms[level]!
      if (room.length <= perLevel) return
      if (level === levels - 1) {
        rooms[level] = pairs(room)
        return
      }
      const [older, newer] = room.splice(0, 2) as [Writable, Writable]
      rooms[level + 1]!.push(merge(older, newer))
    }
  }

  // Of an odd number the newest stays as it is.
  function pairs(room: readonly Writable[]): Writable[] {
    const merged: Writable[] = []
    for (let i = 0; i < room.length; i += 2) merged.push(i + 1 < room.length ? merge(room[i]!, room[i + 1]!) : room[i]!)
    return merged
  }

  function merge(older: Writable, newer: Writable): Writable {
    for (let i = 0; i < series; i++) {
      older.min[i] = least(older.min[i]!, newer.min[i]!)
      older.max[i] = greatest(older.max[i]!, newer.max[i]!)
      older.sum[i]! += newer.sum[i]!
      older.known[i]! += newer.known[i]!
    }
    older.to = newer.to
    older.samples += newer.samples
    if (older.source !== newer.source) older.source = -1
    spare.push(newer)
    return older
  }

  const held = () => rooms.reduce((total, room) => total + room.length, 0)

  return {
    append: (at, values, source = 0) => {
      last = Math.max(last, at)
      const span = spare.pop() ?? blank(series)
      span.from = span.to = last
      span.samples = 1
      span.source = source
      for (let i = 0; i < series; i++) {
        const value = values[i] ?? Number.NaN
        const known = Number.isFinite(value)
        span.min[i] = span.max[i] = known ? value : Number.NaN
        span.sum[i] = known ? value : 0
        span.known[i] = known ? 1 : 0
      }
      rooms[0]!.push(span)
      samples++
      settle()
    },
    spans: () => rooms.toReversed().flat(),
    get samples() {
      return samples
    },
    get held() {
      return held()
    },
    get bytes() {
      return (held() + spare.length) * series * bytesPerSeries
    }
  }
}

type Writable = {-readonly [key in keyof Span]: Span[key]}

const bytesPerSeries = 4 + 4 + 8 + 4

const blank = (series: number): Writable => ({
  from: 0,
  to: 0,
  samples: 0,
  source: 0,
  min: new Float32Array(series),
  max: new Float32Array(series),
  sum: new Float64Array(series),
  known: new Uint32Array(series)
})

// NaN is no extreme: the other one is.
const least = (a: number, b: number): number => (b < a || Number.isNaN(a) ? b : a)
const greatest = (a: number, b: number): number => (b > a || Number.isNaN(a) ? b : a)
