import {describe, expect, it} from 'vitest'
import {capital, list, range, runs} from '@/lib/explain/words'

describe('range', () => {
  it('has an en dash', () => expect(range([0.8131, 0.8299], 2)).toBe('0.81–0.83'))
  it('has "to" where an end is below zero', () => {
    expect(range([-0.0181, -0.0149], 3)).toBe('−0.018 to −0.015')
    expect(range([-0.02, 0.01], 2)).toBe('−0.02 to 0.01')
  })
  it('has no minus for what rounds to zero', () => expect(range([-0.0001, 0], 2)).toBe('0.00–0.00'))
})

describe('list', () => {
  it('joins with commas and an and', () => {
    expect([list([]), list([1]), list([1, 2]), list([1, 2, 5])]).toEqual(['', '1', '1 and 2', '1, 2 and 5'])
  })
  it('counts the rest of a long one', () => {
    expect(list([1, 2, 3, 4, 5, 6])).toBe('1, 2, 3, 4, 5 and 6')
    expect(list([1, 2, 3, 4, 5, 6, 7])).toBe('1, 2, 3, 4, 5 and 2 more')
  })
})

describe('runs', () => {
  it('joins three neighbours and more', () => {
    expect([runs([1, 2, 3, 6]), runs([1, 2]), runs([4])]).toEqual(['1 to 3 and 6', '1 and 2', '4'])
  })
})

it('capital', () => expect([capital('layer'), capital('')]).toEqual(['Layer', '']))
