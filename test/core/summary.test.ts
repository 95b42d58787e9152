import fc from 'fast-check'
import {expect, it} from 'vitest'
import {summarise} from '@/lib/core/summary'

// Numbers next to nothing count as zero.
const real = fc.double({min: -1e9, max: 1e9, noNaN: true}).map((v) => (Math.abs(v) < 1e-290 ? 0 : v))
const numbers = fc.array(fc.oneof(real, fc.constant(0), fc.integer()), {
  minLength: 1,
  maxLength: 200
})

it('whatever parts numbers come in, every bin holds what lies between its edges', () => {
  fc.assert(
    fc.property(fc.array(numbers, {minLength: 1, maxLength: 5}), (parts) => {
      const sums = summarise()
      for (const part of parts) sums.add(part)
      const all = parts.flat()
      const {edges, counts} = sums.read().finite!.histogram
      expect(counts.length).toBeLessThanOrEqual(64)
      expect(counts).toEqual(counts.map((_, i) => all.filter((v) => edges[i]! <= v && v < edges[i + 1]!).length))
      expect(counts.reduce((a, b) => a + b, 0)).toBe(all.length)
    })
  )
})

it('mean and deviation agree with two passes over everything', () => {
  const all = Array.from({length: 10_000}, (_, i) => 1e6 + Math.sin(i))
  const sums = summarise()
  for (let i = 0; i < all.length; i += 700) sums.add(all.slice(i, i + 700))
  const mean = all.reduce((a, b) => a + b, 0) / all.length
  const deviation = Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length)
  expect(sums.read().finite!.mean).toBeCloseTo(mean, 8)
  expect(sums.read().finite!.deviation).toBeCloseTo(deviation, 9)
})

it('without a finite number there are counts and nothing else', () => {
  const sums = summarise()
  sums.add([Number.NaN, Number.POSITIVE_INFINITY])
  expect(sums.read()).toEqual({count: 2, zeros: 0, nan: 1, infinite: 1, finite: null})
})

it('huge and tiny numbers share a histogram', () => {
  const sums = summarise()
  sums.add([5e-324])
  sums.add([-1e308, 1e308])
  expect(sums.read().finite!.histogram.counts.reduce((a, b) => a + b, 0)).toBe(3)
})
