import {nice, ticks} from 'd3'

/** A straight way from a span of numbers to a span of places. */
export interface Linear {
  (value: number): number
  domain(): [low: number, high: number]
  range(): [start: number, stop: number]
  /** About `count` round numbers within the domain. */
  ticks(count: number): number[]
  /** The same with its domain widened to round numbers, about `count` of which it holds. */
  nice(count: number): Linear
}

/**
 * d3's linear scale of two numbers, which would bring colours, dates and number formats along. A domain of one value
 * goes to the middle.
 */
export function linear([low, high]: readonly [number, number], [start, stop]: readonly [number, number]): Linear {
  const scale = (value: number) => {
    const t = high === low ? 0.5 : (value - low) / (high - low)
    return start * (1 - t) + stop * t
  }
  return Object.assign(scale, {
    domain: (): [number, number] => [low, high],
    range: (): [number, number] => [start, stop],
    ticks: (count: number) => ticks(low, high, count),
    nice: (count: number) => linear(nice(low, high, count), [start, stop])
  })
}
