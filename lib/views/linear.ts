import {tickIncrement, ticks} from '@/lib/views/ticks'

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
    nice: (count: number) => linear(rounded(low, high, count), [start, stop])
  })
}

/** Widens until the ticks stay what they are; where they never do, as with few and small ones, leaves all as it was. */
function rounded(low: number, high: number, count: number): [number, number] {
  let [from, to, last] = [low, high, Number.NaN]
  for (let round = 0; round < 10; round++) {
    // Below one it is the inverse of the step, and negative.
    const step = tickIncrement(from, to, count)
    if (step === last) return [from, to]
    if (step > 0) [from, to] = [Math.floor(from / step) * step, Math.ceil(to / step) * step]
    else if (step < 0) [from, to] = [Math.ceil(from * step) / step, Math.floor(to * step) / step]
    else break
    last = step
  }
  return [low, high]
}
