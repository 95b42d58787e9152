import {describe, expect, it} from 'vitest'
import {headGaussians} from '@/lib/explain/gaussians'
import type {HeadParameters} from '@/lib/models/family'
import {axesOf, headOf} from './maps'

const block: HeadParameters = {
  head: 0,
  blockLayer: 0,
  kind: 'component',
  offset: Float32Array.of(0, 3),
  spread: Float32Array.of(1, 2),
  variance: Float32Array.of(1, 4),
  effective: {offset: 0.6, variance: 0.8}
}

describe('headGaussians', () => {
  it("puts offsets in z by the inputs' mean deviation, head by head and feature by feature", () => {
    const heads = [headOf(0, [0.5, 1], [2, 2]), headOf(1, [1, 1], [2, 3])]
    const [first, second] = headGaussians(heads, axesOf(6, 2, 2), Float64Array.of(0.5, 2, 1, 4))
    expect([...first!.offsetZ!]).toEqual([1, 0.5])
    expect([...second!.offsetZ!]).toEqual([1, 0.25])
  })

  it('knows no z without inputs, and no rows or reach without a map', () => {
    const [head] = headGaussians([headOf(0, [0.5], [2])], null, null)
    expect([head!.offsetZ, head!.rows, head!.reach]).toEqual([null, null, null])
    expect([...head!.offset]).toEqual([0.5])
  })

  it('knows no z when a deviation is not finite', () => {
    expect(
      headGaussians([headOf(0, [1, 1], [2, 2])], axesOf(3, 2), Float64Array.of(1, Infinity))[0]!.offsetZ
    ).toBeNull()
  })

  it('a layer head reaches sqrt(chunk − 1) and begins at variance 2', () => {
    const [head] = headGaussians([headOf(0, [0], [1.9])], axesOf(5, 1), null)
    expect([head!.reach, head!.initialVariance, head!.rows]).toEqual([2, 2, [0, 5]])
  })

  it("a block's offsets share one deviation, the mean over columns; its product has its own", () => {
    const [head] = headGaussians([block], axesOf(4, 2), Float64Array.of(1, 2))
    expect([...head!.offsetZ!]).toEqual([0, 2])
    expect(head!.effective).toEqual({offset: 0.6, variance: 0.8, offsetZ: expect.closeTo(0.4, 12)})
    expect(headGaussians([block], null, null)[0]!.effective!.offsetZ).toBeNull()
  })

  it('a block divides by the unbiased variance, so four rows reach 1.5; two components begin at variance 1/2', () => {
    const [head] = headGaussians([block], axesOf(4, 2), null)
    expect([head!.reach, head!.initialVariance]).toEqual([expect.closeTo(1.5, 12), 0.5])
  })
})
