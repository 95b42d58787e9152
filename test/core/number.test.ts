import {expect, it} from 'vitest'
import {bytes, count, fixed, ordinal, percent, plural, signed} from '@/lib/core/number'

it('fixed writes a true minus, and no sign on what rounds to zero', () => {
  expect([fixed(-0.0174, 3), fixed(-0.0001, 3), fixed(0.8312, 2)]).toEqual(['−0.017', '0.000', '0.83'])
})

it('fixed writes a dash for what is not a number', () => {
  expect([fixed(Number.NaN, 2), fixed(Infinity, 2)]).toEqual(['–', '–'])
})

it('signed marks both directions and leaves zero bare', () => {
  expect([signed(0.0174, 3), signed(-0.0174, 3), signed(0.0001, 3)]).toEqual(['+0.017', '−0.017', '0.000'])
})

it('percent keeps its number beside the sign', () => {
  expect(percent(0.9456)).toBe('94.6\u00a0%')
})

it('bytes grows its unit with the size', () => {
  expect([bytes(312), bytes(3_712), bytes(312_480), bytes(94_400_000), bytes(1_200_000_000)]).toEqual([
    '312\u00a0B',
    '3.7\u00a0KB',
    '0.3\u00a0MB',
    '94.4\u00a0MB',
    '1.2\u00a0GB'
  ])
})

it('ordinal knows the teens', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '112th'
  ])
})

it('count groups thousands, plural agrees with its number', () => {
  expect([count(1085), plural(1, 'layer'), plural(1085, 'input')]).toEqual(['1,085', '1 layer', '1,085 inputs'])
})
