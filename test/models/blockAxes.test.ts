import {describe, expect, it} from 'vitest'
import {blockMap, checkAxes, chunksOf, isWhole, project, sampleAxes} from '@/lib/models/blockAxes'

describe('the axes of a block', () => {
  it.each([
    [[-1], [3, 5], false],
    [[-2], [3, 5], true],
    [[0], [3, 5], true],
    [[1], [3, 5], false],
    [[-1, -3], [3, 5, 2], true]
  ])('%j on an input %j leave it whole: %s', (axes, shape, whole) => {
    expect(isWhole(axes, shape.length)).toBe(whole)
  })

  it('count the batch in the input and not in a sample', () => {
    expect(sampleAxes([1, -1, -2], [5, 2])).toEqual([0, 1, 0])
    expect(sampleAxes([0, 1, -1], [6, 4])).toEqual([0, 1, 1])
  })

  it.each([
    [[2], [3, 5], 'the block normalises axis 2; the input (3, 5) has 2 axes'],
    [[-3], [3, 5], 'the block normalises axis -3; the input (3, 5) has 2 axes'],
    [[0.5], [3, 5], 'the block normalises axis 0.5; the input (3, 5) has 2 axes'],
    [[-1], [7], 'the input is (7); a density block needs 2 axes or more'],
    [[1, -2], [3, 5], 'axes 1, -2 on (3, 5): write them all from the end, as negatives']
  ])('%j on an input %j are refused', (axes, shape, sentence) => {
    expect(() => checkAxes(axes, shape)).toThrow(sentence)
  })
})

describe('heads share the axis', () => {
  it.each([
    [
      6,
      2,
      [
        [0, 3],
        [3, 6]
      ]
    ],
    [
      7,
      2,
      [
        [0, 3],
        [3, 7]
      ]
    ],
    [
      3,
      3,
      [
        [0, 1],
        [1, 2],
        [2, 3]
      ]
    ],
    [
      5,
      4,
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 5]
      ]
    ]
  ])('%i items among %i', (items, heads, chunks) => {
    expect(chunksOf(items, heads)).toEqual(chunks)
  })

  it('and are refused when there are more of them than items', () => {
    expect(() => chunksOf(3, 4)).toThrow('the normalised axis has 3 items; 4 heads need 4 or more')
  })
})

describe('the map of a block', () => {
  it.each([
    [[5, 16], 1, null, 'feature', 'position'],
    [[5, 16], 0, null, 'position', 'feature'],
    [[5, 16], 0, 5, 'layer', 'feature'],
    [[5, 16], 1, 5, 'feature', 'layer'],
    [[3, 7, 4], 1, 3, 'position', 'feature'],
    [[9], 0, null, 'feature', 'value']
  ])('of samples %j along %i, %s layers known, names its axes', (shape, axis, layers, rowName, colName) => {
    expect(blockMap(shape, axis, 1, layers)).toMatchObject({rowName, colName})
  })

  it('puts the axis down, the last other one across, and averages the rest', () => {
    // (1 sample, 2, 3, 2)
    const values = Float32Array.from({length: 12}, (_, i) => i)
    expect([...project(values, [2, 3, 2], 1, 2)]).toEqual([3, 4, 5, 6, 7, 8])
    expect([...project(values, [2, 3, 2], 2, 1)]).toEqual([3, 5, 7, 4, 6, 8])
    expect([...project(values, [2, 3, 2], 0, 2)]).toEqual([2, 3, 8, 9])
    expect([...project(values, [12], 0, null)]).toEqual([...values])
  })

  it('keeps NaN where it was averaged in', () => {
    expect([...project(Float32Array.of(1, 2, Number.NaN, 4), [2, 1, 2], 1, 2)]).toEqual([Number.NaN, 3])
  })
})
