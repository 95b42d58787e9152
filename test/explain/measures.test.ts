import {describe, expect, it} from 'vitest'
import {measureSums} from '@/lib/explain/measures'
import type {RowMeasure} from '@/lib/models/family'

const measure = (scale: RowMeasure['scale'], values: readonly number[]): RowMeasure => ({
  id: 'entropy',
  title: 'entropy of attention',
  unit: 'bits',
  scale,
  values: Float32Array.from(values)
})

describe('what a family measures of each row', () => {
  it('is averaged over inputs, with an interval of 1.96 standard errors, beside the untrained mean', () => {
    const sums = measureSums(2)
    const own = [measure('linear', [1, 10, 3, 20])]
    const twin = [measure('linear', [5, 5, 7, 5])]
    sums.add(own, twin, 0)
    sums.add(own, twin, 1)
    const [read] = sums.read()
    expect(read).toMatchObject({id: 'entropy', unit: 'bits', means: [2, 15], untrained: [6, 5]})
    // Two values a apart have a standard error of a / 2.
    expect(read!.intervals[0]![0]).toBeCloseTo(2 - 1.96, 4)
    expect(read!.intervals[1]![1]).toBeCloseTo(15 + 9.8, 3)
  })

  it('is averaged by its logarithm where it spans orders of magnitude', () => {
    const sums = measureSums(1)
    sums.add([measure('log', [1e-6, 1e-2])], null, 0)
    sums.add([measure('log', [1e-6, 1e-2])], null, 1)
    const [read] = sums.read()
    expect(read!.means[0]).toBeCloseTo(1e-4, 9)
    expect(read!.untrained).toBeNull()
  })

  it('leaves out what a row does not have, and says null where it never has any', () => {
    const sums = measureSums(3)
    sums.add([measure('log', [Number.NaN, 2, 0])], null, 0)
    sums.add([measure('log', [Number.NaN, Number.NaN, 0])], null, 0)
    const [read] = sums.read()
    expect(read!.means).toEqual([null, expect.closeTo(2, 6), null])
    expect(read!.intervals).toEqual([null, null, null])
  })

  it('must be the same in every run', () => {
    const sums = measureSums(1)
    sums.add([measure('linear', [1])], null, 0)
    expect(() => sums.add([], null, 0)).toThrow('found nothing after entropy')
  })

  it('is nothing where no family measures', () => {
    expect(measureSums(4).read()).toEqual([])
  })
})
