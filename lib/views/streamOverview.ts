import {linear} from '@/lib/views/linear'
import {streamColumns} from '@/lib/views/streamColumns'
import type {Measure} from '@/lib/views/streamLines'
import type {StreamRecord, TimeSpan} from '@/lib/views/streamRecord'

/** The whole history as one band, and in it what the plot shows. px. */
export interface StreamOverview {
  readonly width: number
  readonly height: number
  readonly x: Float32Array
  readonly top: Float32Array
  readonly bottom: Float32Array
  readonly window: {readonly x: number; readonly width: number} | null
  readonly marks: readonly number[]
  /** The times at its two ends, ms. */
  readonly extent: TimeSpan | null
}

const leastWindow = 6

/** The strip under the plot: what all lines together went through, from the first sample to the last. */
export function streamOverview(record: StreamRecord, measure: Measure, width: number, height: number): StreamOverview {
  const {extent, seen} = record
  const nothing = {x: new Float32Array(), top: new Float32Array(), bottom: new Float32Array()}
  if (extent === null || seen === null) return {...nothing, width, height, window: null, marks: [], extent}
  const time = linear(extent, [0, width])
  const {x, curves} = streamColumns(record, extent, measure, time)
  const [low, high] = [new Float32Array(x.length).fill(Infinity), new Float32Array(x.length).fill(-Infinity)]
  for (const curve of curves)
    for (let column = 0; column < x.length; column++) {
      if (curve.low[column]! < low[column]!) low[column] = curve.low[column]!
      if (curve.high[column]! > high[column]!) high[column] = curve.high[column]!
    }
  const level = linear([low.reduce(lesser, Infinity), high.reduce(greater, -Infinity)], [height - 3, 3])
  const from = time(seen[0])
  const wide = Math.max(leastWindow, time(seen[1]) - from)
  return {
    width,
    height,
    x: Float32Array.from(x),
    top: high.map((value) => level(value)),
    bottom: low.map((value) => level(value)),
    window: extent[1] > extent[0] ? {x: Math.min(from, width - wide), width: wide} : {x: 0, width},
    marks: record.marks.map(({at}) => time(at)).filter((at) => at >= 0 && at <= width),
    extent
  }
}

const lesser = (a: number, b: number) => (b < a ? b : a)
const greater = (a: number, b: number) => (b > a ? b : a)
