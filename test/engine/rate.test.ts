import fc from 'fast-check'
import {expect, it} from 'vitest'
import {paceText} from '@/lib/engine/paceText'
import {rateOf} from '@/lib/engine/rate'

it('a steady rate is told as it is, once there has been half a second of work', () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 5000}), fc.integer({min: 1, max: 60}), (perSecond, seconds) => {
      const rate = rateOf()
      for (let i = 0; i <= 10 * seconds; i++) rate.note((i * perSecond) / 10, i / 10)
      expect(rate.perSecond()! / perSecond).toBeCloseTo(1, 9)
    })
  )
})

it('nothing is told of the first half second, or of nothing done', () => {
  const rate = rateOf()
  rate.note(0, 0)
  rate.note(100, 0.4)
  expect(rate.perSecond()).toBeNull()
  rate.note(125, 0.5)
  expect(rate.perSecond()).toBeCloseTo(250, 9)
  const idle = rateOf()
  idle.note(0, 0)
  idle.note(0, 10)
  expect(idle.perSecond()).toBeNull()
})

it('work that slows down is told within seconds, one slow slice hardly', () => {
  const rate = rateOf()
  for (let i = 0; i <= 200; i++) rate.note(i * 10, i / 10)
  rate.note(2010, 20.5)
  expect(rate.perSecond()!).toBeGreaterThan(90)
  for (let i = 1; i <= 20; i++) rate.note(2010 + i * 10, 20.5 + i)
  expect(rate.perSecond()!).toBeLessThan(13)
})

it.each([
  [220.4, 17.2, '220 inputs per second, about 17 seconds left'],
  [4.26, 0.2, '4.3 inputs per second, about 1 second left'],
  [0.5, 300, '2.0 seconds per input, about 5 minutes left'],
  [0.01, 9000, '100 seconds per input, about 2.5 hours left']
])('%d per second with %d seconds left reads: %3$s', (perSecond, secondsLeft, text) => {
  expect(paceText({phase: 'running', done: 1, total: 9, unit: 'inputs', text: '', perSecond, secondsLeft})).toBe(text)
})

it('without a rate there is nothing to read', () => {
  expect(paceText({phase: 'running', done: 1, total: 9, unit: 'inputs', text: ''})).toBeNull()
})
