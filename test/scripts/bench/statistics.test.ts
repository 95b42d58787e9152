import {describe, expect, it} from 'vitest'
import {affordableRuns, median, pooled, summary} from '@/scripts/bench/statistics.mjs'

describe('median', () => {
  it('is the middle value, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([100, 20, 3])).toBe(20)
  })

  it('lies half way between the middle two of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5)
  })

  it('leaves the values in their order', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })

  it('does not exist without values', () => {
    expect(() => median([])).toThrow('needed one at least')
  })
})

it('keeps the median, the extremes, the number of runs and each of them', () => {
  expect(summary([30, 10, 20])).toEqual({ms: 20, fastest: 10, slowest: 30, runs: 3, times: [30, 10, 20]})
})

it('takes what ran at several times as one, and what ran once as it was', () => {
  const sittings = [{a: {...summary([1, 9]), error: 2}, b: summary([5])}, {a: summary([4])}]
  expect(pooled(sittings)).toEqual({a: {...summary([1, 9, 4]), error: 2}, b: summary([5])})
})

it.each([
  ['quick work as often as is wanted', 20, 9],
  ['slow work as often as the time allows', 5000, 4],
  ['the slowest work no fewer times than is honest', 30_000, 2]
])('repeats %s', (_, ms, runs) => {
  expect(affordableRuns(ms, {budget: 24_000, least: 2, most: 9})).toBe(runs)
})
