import {scaleLinear} from 'd3'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {linear} from '@/lib/views/linear'

const number = fc.double({min: -1e6, max: 1e6, noNaN: true})
const span = fc.tuple(number, number).filter(([low, high]) => high - low > 1e-3)

describe('linear', () => {
  it('puts values where d3’s linear scale does', () => {
    fc.assert(
      fc.property(span, span, number, (domain, range, value) => {
        expect(linear(domain, range)(value)).toBe(scaleLinear(domain, range)(value))
      })
    )
  })

  it('has its ticks and its round numbers', () => {
    fc.assert(
      fc.property(span, fc.integer({min: 1, max: 12}), (domain, count) => {
        const theirs = scaleLinear(domain, [0, 1])
        expect(linear(domain, [0, 1]).ticks(count)).toEqual(theirs.ticks(count))
        // A zero without its sign: theirs may be −0.
        const positive = (values: number[]) => values.map((value) => value + 0)
        expect(positive(linear(domain, [0, 1]).nice(count).domain())).toEqual(positive(theirs.nice(count).domain()))
      })
    )
  })

  it('puts a domain of one value in the middle', () => {
    expect(linear([3, 3], [10, 20])(3)).toBe(scaleLinear([3, 3], [10, 20])(3))
  })
})
