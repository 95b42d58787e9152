import {describe, expect, it} from 'vitest'
import {grid} from '@/lib/core/grid'
import type {HeadGaussians} from '@/lib/explain/explanation'
import {type LintFacts, lintOf} from '@/lib/explain/lint'

const axes = {rows: 6, cols: 2, rowName: 'layer', colName: 'feature'}
const varied = grid(
  6,
  2,
  Float32Array.from({length: 12}, (_, i) => 0.5 + i / 100)
)

/** A sound head of three layers and two features. */
const feature = (head: number, more: Partial<HeadGaussians> = {}): HeadGaussians => {
  const spread = more.spread ?? Float32Array.of(1.9 + head / 10, 2.2)
  const offset = more.offset ?? Float32Array.of(0.1, -0.2)
  return {
    head,
    rows: [3 * head, 3 * head + 3],
    kind: 'feature',
    offset,
    spread,
    variance: spread,
    offsetZ: offset,
    effective: null,
    reach: Math.SQRT2,
    initialVariance: 2,
    ...more
  }
}

const component = (more: Partial<HeadGaussians>): HeadGaussians => {
  const spread = more.spread ?? Float32Array.of(1, 2)
  return {...feature(0, more), kind: 'component', variance: spread.map((c) => c * c), initialVariance: 0.5, ...more}
}

const remarks = (heads: readonly HeadGaussians[], more: Partial<LintFacts> = {}) =>
  lintOf({axes, heads, density: varied, importance: varied, maps: 'inputs', ...more})

const kinds = (...given: Parameters<typeof remarks>) => remarks(...given).map(({head, kind}) => [head, kind])

it('sound heads give no remark', () => expect(remarks([feature(0), feature(1)])).toEqual([]))

describe('spreads', () => {
  it.each([
    ['not-finite', [Number.NaN, 2]],
    ['not-finite', [Number.POSITIVE_INFINITY, 2]],
    ['negative-spread', [-1, 2]],
    ['negative-spread', [0, 2]],
    ['collapsed-spread', [0.009, 2]],
    ['exploded-spread', [201, 2]]
  ])('%s is found in %j', (kind, spread) => {
    expect(kinds([feature(1, {spread: Float32Array.from(spread)})])).toEqual([[1, kind]])
  })

  it.each([[[0.011, 2]], [[199, 2]]])('%j are within bounds', (spread) => {
    expect(kinds([feature(1, {spread: Float32Array.from(spread)})])).toEqual([])
  })

  it('how many of how many is said, with the head counted from one', () => {
    expect(remarks([feature(1, {spread: Float32Array.of(-1, 2)})])).toEqual([
      {
        head: 1,
        kind: 'negative-spread',
        text: 'Head 2: 1 of 2 spreads is zero or negative: the curve grows away from its centre instead of falling.'
      }
    ])
  })

  it('a negative one means nothing where it enters squared; zero does', () => {
    expect(kinds([component({spread: Float32Array.of(-1, 2)})])).toEqual([])
    expect(kinds([component({spread: Float32Array.of(0, 2)})])).toEqual([[0, 'negative-spread']])
  })
})

describe('offsets beyond the data', () => {
  it('are found against what the rows of the head can reach', () => {
    expect(remarks([feature(0, {offsetZ: Float32Array.of(1.5, -3)})])).toEqual([
      {
        head: 0,
        kind: 'offset-beyond-data',
        text: 'Head 1: 2 of 2 offsets beyond the data, up to 3.0 deviations where 1.4 can be reached.'
      }
    ])
    expect(kinds([feature(0, {offsetZ: Float32Array.of(1.4, -1.4)})])).toEqual([])
  })

  it('are not judged while deviations are unknown', () => {
    expect(kinds([feature(0, {offset: Float32Array.of(90, 90), offsetZ: null})])).toEqual([])
  })
})

describe('components that collapse to one', () => {
  const collapsed = {
    offset: Float32Array.of(0.5, 0.5),
    offsetZ: Float32Array.of(0.5, 0.505),
    spread: Float32Array.of(1, 1.005)
  }

  it('are those of equal offset and spread, to a hundredth of their width', () => {
    expect(kinds([component(collapsed)])).toEqual([[0, 'components-collapse']])
    expect(kinds([component({...collapsed, offsetZ: Float32Array.of(0.5, 0.6)})])).toEqual([])
    expect(kinds([component({...collapsed, spread: Float32Array.of(1, 1.1)})])).toEqual([])
  })

  it('need equal offsets while deviations are unknown', () => {
    expect(kinds([component({...collapsed, offsetZ: null})])).toEqual([[0, 'components-collapse']])
    expect(kinds([component({...collapsed, offset: Float32Array.of(0.5, 0.51), offsetZ: null})])).toEqual([])
  })

  it('are no matter for a head of one component, nor for features', () => {
    expect(
      kinds([component({offset: Float32Array.of(1), offsetZ: Float32Array.of(1), spread: Float32Array.of(1)})])
    ).toEqual([])
    expect(
      kinds([feature(0, {spread: Float32Array.of(1.5, 1.5), offset: Float32Array.of(1, 1), offsetZ: null})])
    ).toEqual([])
  })
})

describe('heads', () => {
  const untouched = {spread: Float32Array.of(2, 2), offset: Float32Array.of(0, 0)}

  it('still as initialised are idle, and no duplicates of one another', () => {
    expect(kinds([feature(0, untouched), feature(1, untouched)])).toEqual([
      [0, 'idle-head'],
      [1, 'idle-head']
    ])
  })

  it('of a mixture are idle at the variance it begins with, a block’s never for certain', () => {
    const spread = Float32Array.of(2, 2)
    const offset = Float32Array.of(0, 0)
    const still = component({spread, offset, offsetZ: null, initialVariance: 4})
    expect(kinds([{...still, kind: 'mixture'}])).toContainEqual([0, 'idle-head'])
    expect(kinds([still])).not.toContainEqual([0, 'idle-head'])
  })

  it('that repeat another are named with it', () => {
    const spread = Float32Array.of(1.5, 1.6)
    expect(remarks([feature(0, {spread}), feature(1, {spread})])).toEqual([
      {head: 1, kind: 'duplicate-head', text: 'Head 2 repeats head 1.'}
    ])
  })
})

describe('constant maps', () => {
  it('of one head are named', () => {
    const density = grid(
      6,
      2,
      Float32Array.from({length: 12}, (_, i) => (i < 6 ? 0.25 : i / 12))
    )
    expect(remarks([feature(0), feature(1)], {density})).toEqual([
      {head: 0, kind: 'constant-map', text: 'Head 1: its map is 0.250 everywhere.'}
    ])
  })

  it('of all heads are one remark without a head', () => {
    const density = grid(6, 2, new Float32Array(12).fill(0.5))
    expect(remarks([feature(0), feature(1)], {density, importance: null})).toEqual([
      {head: null, kind: 'constant-map', text: 'Every cell of the map is 0.500: nothing can be ranked.'}
    ])
  })
})

describe('rows of a map without Gaussians', () => {
  const hops = {rows: 2, cols: 3, rowName: 'hop', colName: 'region'}
  const looked = (...values: readonly number[]) => grid(2, 3, Float32Array.from(values))
  const measure = (means: readonly number[]) => ({
    id: 'shift',
    title: 'shift of points',
    unit: 'cells',
    scale: 'linear' as const,
    means,
    intervals: means.map((mean) => [mean, mean] as const),
    untrained: null
  })
  const said = (density: ReturnType<typeof looked>, more: Partial<LintFacts> = {}) =>
    remarks([], {axes: hops, density, importance: density, ...more}).map(({text}) => text)

  it('are remarked on where they attend alike everywhere', () => {
    expect(said(looked(1, 1, 1, 0.5, 2, 0.5))).toEqual(['Hop 1 attends alike everywhere: 1.000.'])
    expect(said(looked(0.9, 1.1, 1, 0.5, 2, 0.5))).toEqual([])
  })

  it('are remarked on where a measure of theirs is 0 for every input', () => {
    const density = looked(0.9, 1.1, 1, 0.5, 2, 0.5)
    expect(said(density, {measures: [measure([0, 1])]})).toEqual(['Hop 1: shift of points is 0 for every input.'])
  })

  it('go without remarks where the weights are the map', () => {
    expect(said(looked(1, 1, 1, 2, 2, 2), {maps: 'weights'})).toEqual([])
  })
})
