import * as d3 from 'd3'
import fc from 'fast-check'
import {expect, it} from 'vitest'
import {tickStep, ticks} from '@/lib/views/ticks'

const number = fc.double({min: -1e9, max: 1e9, noNaN: true})

it('gives the round numbers that d3 gives, upwards and downwards', () => {
  fc.assert(
    fc.property(number, number, fc.integer({min: 0, max: 30}), (low, high, count) => {
      fc.pre(low === high || Math.abs(high - low) > 1e-6)
      const positive = (values: number[]) => values.map((value) => value + 0)
      expect(positive(ticks(low, high, count))).toEqual(positive(d3.ticks(low, high, count)))
    })
  )
})

it('keeps decimals as they are written', () => {
  expect(ticks(0, 0.5, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5])
})

it('tells how far they are apart', () => {
  fc.assert(
    fc.property(number, number, fc.integer({min: 1, max: 30}), (low, high, count) => {
      fc.pre(high - low > 1e-6)
      expect(tickStep(low, high, count)).toBe(d3.tickStep(low, high, count))
    })
  )
})
