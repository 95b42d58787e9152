import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {spanHistory, spanMean} from '@/lib/core/spanHistory'

const numbers = fc.array(fc.oneof(fc.float({noNaN: true, noDefaultInfinity: true}), fc.constant(Number.NaN)), {
  maxLength: 400
})
const shape = fc.record({
  perLevel: fc.constantFrom(2, 4, 8),
  levels: fc.integer({min: 1, max: 4})
})

function historyOf(values: readonly number[], {perLevel, levels}: {perLevel: number; levels: number}) {
  const history = spanHistory({series: 2, perLevel, levels})
  values.forEach((value, i) => {
    history.append(i, [value, -value])
  })
  return history
}

describe('a history of spans', () => {
  it('keeps the greatest and the least number ever seen, and the mean of all', () => {
    fc.assert(
      fc.property(numbers, shape, (values, how) => {
        const spans = historyOf(values, how).spans()
        const known = values.filter(Number.isFinite)
        const extremes = (pick: 'min' | 'max') => spans.map((span) => span[pick][0]!).filter(Number.isFinite)
        expect(extremes('max').reduce((a, b) => Math.max(a, b), -Infinity)).toBe(
          known.reduce((a, b) => Math.max(a, b), -Infinity)
        )
        expect(extremes('min').reduce((a, b) => Math.min(a, b), Infinity)).toBe(
          known.reduce((a, b) => Math.min(a, b), Infinity)
        )
        expect(spans.reduce((total, {samples}) => total + samples, 0)).toBe(values.length)
        expect(spans.reduce((total, {known}) => total + known[1]!, 0)).toBe(known.length)
      })
    )
  })

  it('tells time in order, without gaps or repeats, whatever was merged', () => {
    fc.assert(
      fc.property(numbers, shape, (values, how) => {
        let next = 0
        for (const {from, to, samples} of historyOf(values, how).spans()) {
          expect(from).toBe(next)
          expect(to).toBe(from + samples - 1)
          next = to + 1
        }
      })
    )
  })

  it('holds every spike where it was: each span knows the extremes of its own samples alone', () => {
    fc.assert(
      fc.property(numbers, shape, (values, how) => {
        for (const {from, to, max, sum, known} of historyOf(values, how).spans()) {
          const own = values.slice(from, to + 1).filter(Number.isFinite)
          expect(max[0]).toBe(own.length ? Math.max(...own) : Number.NaN)
          const total = own.reduce((a, b) => a + b, 0)
          expect(Math.abs(sum[0]! - total)).toBeLessThanOrEqual(1e-9 * own.reduce((a, b) => a + Math.abs(b), 0))
          expect(known[0]).toBe(own.length)
        }
      })
    )
  })

  it('stays as small after a million samples as after ten thousand, and still has the one spike', () => {
    const history = spanHistory({series: 4, perLevel: 64, levels: 8})
    let after: number | null = null
    for (let i = 0; i < 1_000_000; i++) {
      const value = i === 123_456 ? 9 : 0.5
      history.append(i, [value, value, value, value])
      if (i === 20_000) after = history.bytes
    }
    expect(history.bytes).toBeLessThanOrEqual(after!)
    expect(history.bytes).toBeLessThanOrEqual(64 * 9 * 4 * 20)
    expect(history.held).toBeLessThanOrEqual(64 * 8)
    const spiked = history.spans().filter(({max}) => max[2] === 9)
    expect(spiked).toHaveLength(1)
    expect(spiked[0]!.from).toBeLessThanOrEqual(123_456)
    expect(spiked[0]!.to).toBeGreaterThanOrEqual(123_456)
    expect(
      history
        .spans()
        .slice(-64)
        .every(({samples}) => samples === 1)
    ).toBe(true)
  })

  it('says of a merged span that its samples came from several sources', () => {
    const history = spanHistory({series: 1, perLevel: 2, levels: 2})
    for (const source of [0, 1, 1, 1, 1]) history.append(0, [1], source)
    expect(history.spans().map(({source}) => source)).toEqual([-1, 1, 1])
  })

  it('gives no mean where no sample had a number, and lets no clock run backwards', () => {
    const history = spanHistory({series: 1})
    history.append(5, [Number.NaN])
    history.append(3, [2])
    expect(history.spans().map((span) => [span.from, spanMean(span, 0)])).toEqual([
      [5, Number.NaN],
      [5, 2]
    ])
  })
})
