import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {
  extent,
  greatestAt,
  mean,
  pearson,
  quantile,
  quantileOf,
  ranks,
  softmax,
  sum,
  variance
} from '@/lib/core/statistics'

const numbers = fc.array(fc.double({min: -1e6, max: 1e6, noNaN: true}), {minLength: 1, maxLength: 30})

describe('mean, sum and variance', () => {
  it('mean of 1 2 3 6 is 3, variance 3.5 (divided by n)', () => {
    expect([mean([1, 2, 3, 6]), variance([1, 2, 3, 6]), sum([1, 2, 3, 6])]).toEqual([3, 3.5, 12])
  })

  it('mean of nothing is NaN, sum of nothing 0', () => {
    expect([mean([]), variance([]), sum([])]).toEqual([NaN, NaN, 0])
  })

  it('variance of values far from zero loses nothing', () => {
    expect(variance([1e9, 1e9 + 1, 1e9 + 2])).toBeCloseTo(2 / 3, 12)
  })
})

describe('extent', () => {
  it('gives the smallest and the largest', () => expect(extent([3, -1, 2])).toEqual([-1, 3]))
  it('does not hide a NaN, wherever it stands', () => {
    for (const values of [
      [NaN, 1],
      [1, NaN],
      [1, NaN, 2]
    ])
      expect(extent(values)).toEqual([NaN, NaN])
  })
  it('of nothing is [∞, −∞]', () => expect(extent([])).toEqual([Infinity, -Infinity]))
  it('takes a million values', () => expect(extent(new Float32Array(1_000_000).fill(2))).toEqual([2, 2]))
})

describe('greatestAt', () => {
  it('says where the largest value stands, and of equals the first', () => {
    expect([greatestAt([-3, -1, -2]), greatestAt([2, 5, 5, 1]), greatestAt(Float32Array.of(0, -0))]).toEqual([1, 1, 0])
  })
  it('takes infinities for what they are', () => {
    expect([greatestAt([1, Infinity, Infinity]), greatestAt([-Infinity, -Infinity])]).toEqual([1, 0])
  })
  it('does not hide a NaN, wherever it stands, and finds nothing in nothing', () => {
    expect([greatestAt([NaN, 1]), greatestAt([1, NaN]), greatestAt([])]).toEqual([null, null, null])
  })
  it('takes a million values', () => expect(greatestAt(new Float32Array(1_000_000).fill(2))).toBe(0))
  it('is where extent finds the largest, and nothing before it is as large', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const at = greatestAt(values)!
        expect(values[at]).toBe(extent(values)[1])
        expect(values.slice(0, at).every((value) => value < values[at]!)).toBe(true)
      })
    )
  })
})

describe('quantile', () => {
  it('is linear between order statistics, as numpy.quantile is', () => {
    const values = [15, 20, 35, 40, 50]
    expect([0, 0.05, 0.4, 0.5, 1].map((p) => quantile(values, p))).toEqual([15, 16, 29, 35, 50])
  })
  it('does not mind the order, and sorts numbers as numbers', () => expect(quantile([10, 9, 100], 0.5)).toBe(10))
  it('is NaN for nothing and for a NaN', () => expect([quantile([], 0.5), quantile([1, NaN], 0.5)]).toEqual([NaN, NaN]))
  it('lies within the values', () => {
    fc.assert(
      fc.property(numbers, fc.double({min: 0, max: 1, noNaN: true}), (values, p) => {
        const [min, max] = extent(values)
        const q = quantile(values, p)
        expect(q).toBeGreaterThanOrEqual(min - 1e-9)
        expect(q).toBeLessThanOrEqual(max + 1e-9)
      })
    )
  })
})

describe('quantileOf', () => {
  it('is always one of the values', () => {
    expect([0, 0.025, 0.5, 0.975, 1].map((p) => quantileOf([1, 2, 2, 7], p))).toEqual([1, 1, 2, 7, 7])
  })
})

describe('ranks', () => {
  it('gives 1 to the largest', () => expect(ranks([0.2, 0.9, 0.5])).toEqual([3, 1, 2]))
  it('ties share the better rank and use up the next', () => expect(ranks([5, 7, 5, 1])).toEqual([2, 1, 2, 4]))
  it('neighbours within the tolerance are tied', () => expect(ranks([1, 1 + 1e-9, 0.5], 1e-8)).toEqual([1, 1, 3]))
  it('NaN ranks as NaN and takes no place', () => expect(ranks([1, NaN, 3])).toEqual([2, NaN, 1]))
  it('each rank is one more than the number of larger values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({min: 0, max: 6}), {maxLength: 20}), (values) => {
        expect(ranks(values)).toEqual(values.map((value) => 1 + values.filter((other) => other > value).length))
      })
    )
  })
})

describe('pearson', () => {
  it('is 1 and −1 on lines', () => {
    expect(pearson([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 14)
    expect(pearson([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 14)
  })
  it('of 1 2 3 4 with 1 3 2 4 is 0.8', () => expect(pearson([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 14))
  it('is NaN for a constant side, for nothing, and for unequal lengths', () => {
    expect([pearson([1, 1], [1, 2]), pearson([], []), pearson([1, 2], [1, 2, 3])]).toEqual([NaN, NaN, NaN])
  })
  it('does not change when either side is scaled and shifted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({min: -99, max: 99}), fc.integer({min: -99, max: 99})), {minLength: 3}),
        (pairs) => {
          const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
          const r = pearson(xs, ys)
          fc.pre(!Number.isNaN(r))
          expect(
            pearson(
              xs.map((x) => 3 * x + 5),
              ys
            )
          ).toBeCloseTo(r, 9)
          expect(Math.abs(r)).toBeLessThanOrEqual(1)
        }
      )
    )
  })
})

describe('softmax', () => {
  it('of equal logits is uniform', () => expect(softmax([2, 2])).toEqual([0.5, 0.5]))
  it('does not overflow', () => expect(softmax([1000, 0])).toEqual([1, 0]))
  it('sums to 1', () => expect(sum(softmax([0.1, -3, 2.5]))).toBeCloseTo(1, 15))
  it('does not hide a NaN', () => expect(softmax([1, NaN])).toEqual([NaN, NaN]))
})
