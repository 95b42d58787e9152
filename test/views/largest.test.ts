import {expect, it} from 'vitest'
import {largest, largestAt} from '@/lib/views/largest'

it('passes over what is not a number', () => expect(largest([1, Number.NaN, 3, 2], 0)).toBe(3))

it('is what was said for none', () => {
  expect(largest([], 7)).toBe(7)
  expect(largest([Number.NaN], 7)).toBe(7)
})

it('stands where it stands first, wherever there is no number', () => {
  expect([largestAt([Number.NaN, 1, 3, Number.NaN, 3]), largestAt([2, 1])]).toEqual([2, 0])
  expect([largestAt([]), largestAt([Number.NaN, Number.NaN])]).toEqual([0, 0])
})
