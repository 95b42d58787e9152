import {describe, expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {mean, variance} from '@/lib/core/statistics'

const drawn = (seed: number, count: number) => {
  const {next} = random(seed)
  return Array.from({length: count}, next)
}

describe('random(seed)', () => {
  it('gives the same numbers for the same seed, on every machine', () => {
    expect(drawn(1, 3).map((x) => x * 2 ** 32)).toEqual(firstOfSeedOne)
    expect(drawn(42, 50)).toEqual(drawn(42, 50))
  })

  it('gives other numbers for another seed, also for a neighbouring one', () => {
    const [a, b] = [drawn(1, 1000), drawn(2, 1000)]
    expect(a.filter((x, i) => x === b[i])).toEqual([])
  })

  it('is uniform in [0, 1): mean 1/2, variance 1/12, every tenth equally full', () => {
    const values = drawn(7, 100_000)
    expect(values.every((x) => x >= 0 && x < 1)).toBe(true)
    expect(mean(values)).toBeCloseTo(1 / 2, 2)
    expect(variance(values)).toBeCloseTo(1 / 12, 3)
    const tenths = Array.from({length: 10}, (_, tenth) => values.filter((x) => Math.floor(x * 10) === tenth).length)
    // Nine degrees of freedom: chi-square passes 27.9 once in a thousand seeds.
    expect(tenths.reduce((total, n) => total + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9)
  })

  it('integer(below) reaches every whole number under it and no other', () => {
    const {integer} = random(3)
    expect([...new Set(Array.from({length: 500}, () => integer(5)))].sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('normal() has mean 0, variance 1 and 4.6 % beyond two deviations', () => {
    const {normal} = random(5)
    const values = Array.from({length: 100_000}, normal)
    expect(values.every(Number.isFinite)).toBe(true)
    expect(mean(values)).toBeCloseTo(0, 1)
    expect(variance(values)).toBeCloseTo(1, 1)
    expect(values.filter((x) => Math.abs(x) > 2).length / 100_000).toBeCloseTo(0.0455, 2)
  })
})

// From the same algorithm written in Python with 32-bit masks.
const firstOfSeedOne = [2420951833, 2513034076, 3847892949]
