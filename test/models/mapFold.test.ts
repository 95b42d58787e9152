import {describe, expect, it} from 'vitest'
import {foldQuestion, squarestFold} from '@/lib/models/mapFold'

describe('features folded into a map', () => {
  it.each([
    [1024, [32, 32]],
    [5120, [64, 80]],
    [7, [1, 7]],
    [1, [1, 1]]
  ])('%s are folded as near a square as they go', (features, fold) => {
    expect(squarestFold(features)).toEqual(fold)
  })

  it('ask for their fold among all there are, the squarest first', () => {
    const {options, chosen} = foldQuestion(12, [3, 4])[0]!
    const labels = options.map(({label}) => label)
    expect(labels.slice(0, 2).sort()).toEqual(['3 × 4', '4 × 3'])
    expect(labels.slice(2).sort()).toEqual(['1 × 12', '12 × 1', '2 × 6', '6 × 2'])
    expect(labels[chosen]).toBe('3 × 4')
  })

  it('ask for a seventh fold only where it is in force', () => {
    const options = (fold: readonly [number, number]) => foldQuestion(1024, fold)[0]!.options.length
    expect(options([32, 32])).toBe(7)
    expect(options([1, 1024])).toBe(9)
  })

  it('take no time where a file claims more of them than any machine holds', () => {
    const features = 562_949_953_421_231
    // One search for its factors takes a good part of a second: so many would outlast the test.
    for (let i = 0; i < 1000; i++) foldQuestion(features, squarestFold(features))
    expect(squarestFold(features)).toEqual([1, features])
    expect(foldQuestion(features, [1, features])).toEqual([])
    expect(squarestFold(2 ** 32 - 5), 'a prime that is searched').toEqual([1, 2 ** 32 - 5])
  })
})
