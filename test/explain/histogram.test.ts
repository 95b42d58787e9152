import {describe, expect, it} from 'vitest'
import {histogram} from '@/lib/explain/histogram'

describe('histogram', () => {
  it('has 48 bins between −limit and limit', () => {
    const {edges, counts} = histogram(2, 1.2).read()
    expect([edges.length, edges[0], edges[24], edges[48]]).toEqual([49, -1.2, 0, 1.2])
    expect([counts.rows, counts.cols]).toEqual([2, 48])
  })

  it('counts a value in the bin whose edges hold it, in its own row', () => {
    const hist = histogram(2, 24)
    hist.add(1, 0.5)
    hist.add(1, -24)
    hist.add(1, 24)
    const {counts} = hist.read()
    expect(filled(counts.values)).toEqual([
      [48, 1],
      [48 + 24, 1],
      [48 + 47, 1]
    ])
  })

  it('widens twofold for a value outside, and every earlier count stays between its edges', () => {
    const hist = histogram(1, 1)
    const values = [-0.99, -0.5, 0.01, 0.3, 0.99]
    for (const value of [...values, 3.5]) hist.add(0, value)
    const {edges, counts} = hist.read()
    expect(edges[48]).toBe(4)
    expect(counts.values.reduce((a, b) => a + b)).toBe(6)
    for (const value of [...values, 3.5]) {
      const bin = edges.findIndex((edge, i) => value >= edge && value < edges[i + 1]!)
      expect(counts.values[bin]).toBeGreaterThan(0)
    }
  })

  it('passes over what is not finite', () => {
    const hist = histogram(1, 1)
    for (const value of [NaN, Infinity, -Infinity]) hist.add(0, value)
    expect(filled(hist.read().counts.values)).toEqual([])
  })

  it('starts at 1 when the limit is 0: heads of one layer have z = 0 only', () => {
    const hist = histogram(1, 0)
    hist.add(0, 0)
    expect(hist.read().edges[48]).toBe(1)
  })
})

const filled = (values: Float32Array) => [...values.entries()].filter(([, n]) => n > 0)
