import {count} from '@/lib/core/number'
import type {BinnedCounts} from '@/lib/core/summary'

export interface HistogramMarks {
  readonly bars: readonly {readonly x: number; readonly y: number; readonly width: number; readonly height: number}[]
  /** What stands under both ends. */
  readonly low: string
  readonly high: string
  /** One sentence for those who do not see the picture. */
  readonly label: string
}

const number = (value: number) => String(Number(value.toPrecision(4))).replace('-', '\u2212')

/** Counts per bin as bars on the bottom line of a box; a bin with anything in it keeps a pixel. */
export function histogramMarks({edges, counts}: BinnedCounts, width: number, height: number): HistogramMarks {
  const most = Math.max(1, ...counts)
  const step = width / counts.length
  const low = number(edges[0] ?? 0)
  const high = number(edges.at(-1) ?? 0)
  const tallest = counts.indexOf(most)
  return {
    bars: counts.flatMap((n, i) => {
      const own = n === 0 ? 0 : Math.max(1, (n / most) * height)
      return own === 0 ? [] : [{x: i * step, y: height - own, width: Math.max(1, step - 1), height: own}]
    }),
    low,
    high,
    label: `Histogram from ${low} to ${high}; most, ${count(most)}, from ${number(edges[tallest] ?? 0)} to ${number(edges[tallest + 1] ?? 0)}.`
  }
}
