import {describe, expect, it} from 'vitest'
import {CancelledError} from '@/lib/core/errors'
import {random} from '@/lib/core/random'
import {mean, quantile, quantileOf} from '@/lib/core/statistics'
import {rowMeansOf} from '@/lib/explain/accumulate'
import {bootstrap} from '@/lib/explain/bootstrap'
import {plausibleExtremes} from '@/lib/explain/cellRecord'
import {layerImportances, onScale} from '@/lib/explain/importance'
import {rowRanks} from '@/lib/explain/rowRanks'
import {axesOf, numbersOf} from './maps'

const axes = axesOf(6, 10, 2)

// Each cell has its own level; one input moves all cells of a row together, and each a little by itself.
function inputs(count: number, seed: number): number[][] {
  const {normal} = random(seed)
  const levels = Array.from({length: 60}, (_, i) => 0.5 + 0.03 * (i % 7) + 0.05 * Math.sin(i))
  return Array.from({length: count}, () => {
    const rows = Array.from({length: 6}, () => 0.02 * normal())
    return levels.map((level, i) => level + rows[Math.floor(i / 10)]! + 0.02 * normal())
  })
}

/** The slow, plain way: whole maps averaged anew in every draw. */
function plainly(maps: number[][], resamples: number, seed: number) {
  const singles = maps.map((map) => map.map(Math.fround))
  const {integer} = random(seed)
  const draws = Array.from({length: resamples}, () => {
    const drawn = singles.map(() => singles[integer(singles.length)]!)
    const density = drawn[0]!.map((_, cell) => mean(drawn.map((map) => map[cell]!)))
    const rows = rowMeansOf(density, 6)
    const scale = [Math.min(...density), Math.max(...density)] as const
    return {importance: Array.from(rows, (value) => onScale(value, scale)), rank: rowRanks(rows)}
  })
  const ends = (values: number[], at: typeof quantile) => [at(values, 0.025), at(values, 0.975)]
  return Array.from({length: 6}, (_, row) => ({
    importance: ends(
      draws.map((draw) => draw.importance[row]!),
      quantile
    ),
    rank: ends(
      draws.map((draw) => draw.rank[row]!),
      quantileOf
    )
  }))
}

describe('bootstrap', () => {
  const maps = inputs(25, 1)

  it('gives the intervals that averaging whole maps anew in every draw gives', async () => {
    const {intervals} = (await bootstrap(numbersOf(axes, maps), {resamples: 200, seed: 9}))!
    plainly(maps, 200, 9).forEach((wanted, row) => {
      for (const end of [0, 1]) {
        expect(intervals.importance[row]![end]).toBeCloseTo(wanted.importance[end]!, 10)
        expect(intervals.rank[row]![end]).toBe(wanted.rank[end])
      }
    })
  })

  it('gives the same intervals when memory held only the cells that may be extreme', async () => {
    const many = inputs(120, 2)
    const [whole, narrow] = [numbersOf(axes, many), numbersOf(axes, many, null, 60 * 60 * 4)]
    expect(narrow.cells!.indices.length).toBeLessThan(60)
    expect(narrow.cells!.indices.length).toBeGreaterThan(0)
    expect(await bootstrap(narrow, {resamples: 100})).toEqual(await bootstrap(whole, {resamples: 100}))
  })

  it('gives no importance interval, rather than one too narrow, when the extreme cells were not kept', async () => {
    const {intervals} = (await bootstrap(numbersOf(axes, maps, null, 16), {resamples: 50}))!
    expect(intervals.importance).toEqual(new Array(6).fill(null))
    expect(intervals.rank.every((interval) => interval !== null)).toBe(true)
  })

  it('gives the same for the same seed and says which; another seed moves the ends a little', async () => {
    const numbers = numbersOf(axes, maps)
    const [a, b, c] = [
      await bootstrap(numbers),
      await bootstrap(numbers, {seed: 1}),
      await bootstrap(numbers, {seed: 2})
    ]
    expect([a!.resamples, a!.seed]).toEqual([1000, 1])
    expect(b).toEqual(a)
    expect(c!.intervals).not.toEqual(a!.intervals)
    a!.intervals.importance.forEach((interval, row) => {
      expect(c!.intervals.importance[row]![0]).toBeCloseTo(interval![0], 1)
    })
  })

  it('pairs the learned part: what moves an input trained and untrained alike moves no interval', async () => {
    // Inputs differ by 0.02 and more; training lowered each of them by 0.01 exactly.
    const untrained = maps.map((map) => map.map((value) => value + 0.01))
    const {intervals} = (await bootstrap(numbersOf(axes, maps, untrained), {resamples: 200}))!
    for (const interval of intervals.learned!) {
      expect(interval![0]).toBeCloseTo(-0.01, 6)
      expect(interval![1]).toBeCloseTo(-0.01, 6)
    }
  })

  it('has no learned intervals without the untrained twin', async () => {
    expect((await bootstrap(numbersOf(axes, maps), {resamples: 50}))!.intervals.learned).toBeNull()
  })

  it('holds the true learned part in about 95 of 100 experiments', async () => {
    const {normal} = random(11)
    const pair = axesOf(2, 1)
    const truth = 0.3
    let held = 0
    for (let experiment = 0; experiment < 400; experiment++) {
      const after = Array.from({length: 40}, () => [5 + truth + normal(), 0])
      const before = after.map(() => [5, 0])
      const {intervals} = (await bootstrap(numbersOf(pair, after, before), {resamples: 300, seed: experiment}))!
      const [low, high] = intervals.learned![0]!
      if (low <= truth && truth <= high) held += 1
    }
    // The percentile interval of a mean of 40 covers 93.7 %; 400 experiments leave ±2.4 %.
    expect(held / 400).toBeGreaterThan(0.905)
    expect(held / 400).toBeLessThan(0.97)
  })

  it('gives a rank interval of one rank to a row far ahead, and a wide one to rows that cannot be told apart', async () => {
    const {normal} = random(3)
    const values = Array.from({length: 30}, normal)
    // Every row but the first sees the same values, in another order: their means are equal.
    const flat = values.map((_, i) => [9, ...[0, 1, 2, 3, 4].map((shift) => values[(i + 6 * shift) % 30]!)])
    const {intervals} = (await bootstrap(numbersOf(axesOf(6, 1), flat), {resamples: 300}))!
    expect(intervals.rank).toEqual([[1, 1], ...new Array(5).fill([2, 6])])
  })

  it.each([
    ['one input', [[0, 1, 2, 3]]],
    [
      'a constant map',
      [
        [1, 1, 1, 1],
        [1, 1, 1, 1]
      ]
    ]
  ])('has nothing to say of %s', async (_, few) => {
    expect(await bootstrap(numbersOf(axesOf(2, 2), few))).toBeNull()
  })

  it('two inputs give an interval that holds the observed value', async () => {
    const numbers = numbersOf(axesOf(2, 2), [
      [0, 0.2, 0.5, 1],
      [0.1, 0.3, 0.5, 1.2]
    ])
    const {intervals} = (await bootstrap(numbers, {resamples: 200}))!
    layerImportances(numbers, intervals).forEach(({importance, interval}) => {
      expect(importance).toBeGreaterThanOrEqual(interval![0])
      expect(importance).toBeLessThanOrEqual(interval![1])
    })
  })

  it('passes over draws whose maps are constant, which have no importance', async () => {
    const numbers = numbersOf(axesOf(2, 1), [
      [1, 1],
      [0, 1]
    ])
    const {intervals} = (await bootstrap(numbers, {resamples: 200}))!
    expect(intervals.importance).toEqual([
      [0, 0],
      [1, 1]
    ])
  })
})

describe('while it works', () => {
  const numbers = numbersOf(axes, inputs(200, 4))
  const slow = async () => new Promise<void>((resolve) => setTimeout(resolve))

  it('lets other work in and tells how far it is, up to the end', async () => {
    let pauses = 0
    const told: number[] = []
    const pause = async () => {
      pauses += 1
      await slow()
    }
    await bootstrap(numbers, {resamples: 20_000, pause, onProgress: (done, total) => told.push(done / total)})
    expect(pauses).toBeGreaterThan(0)
    expect(told.at(-1)).toBe(1)
    expect(told).toEqual(told.toSorted((a, b) => a - b))
  })

  it('stops when it is cancelled', async () => {
    const controller = new AbortController()
    const pause = async () => controller.abort()
    await expect(bootstrap(numbers, {resamples: 1e6, signal: controller.signal, pause})).rejects.toThrow(CancelledError)
  })

  it('does not begin when it was cancelled before', async () => {
    await expect(bootstrap(numbers, {signal: AbortSignal.abort()})).rejects.toThrow(CancelledError)
  })
})

describe('plausibleExtremes', () => {
  it('keeps cells whose mean, moved by six standard errors, meets the extreme moved by six of its own', () => {
    const means = [0, 0.11, 0.13, 0.5, 0.87, 0.89, 1]
    expect([...plausibleExtremes(means, new Array(7).fill(0.01))]).toEqual([0, 1, 5, 6])
  })

  it('keeps a far cell that is uncertain enough', () => {
    expect([...plausibleExtremes([0, 0.5, 1], [0, 0.1, 0])]).toEqual([0, 1, 2])
    expect([...plausibleExtremes([0, 0.5, 1], [0, 0.05, 0])]).toEqual([0, 2])
  })
})
