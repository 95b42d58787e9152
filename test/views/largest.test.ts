import {expect, it} from 'vitest'
import {largest} from '@/lib/views/largest'

it('passes over what is not a number', () => expect(largest([1, Number.NaN, 3, 2], 0)).toBe(3))

it('is what was said for none', () => {
  expect(largest([], 7)).toBe(7)
  expect(largest([Number.NaN], 7)).toBe(7)
})
