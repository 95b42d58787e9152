import {describe, expect, it} from 'vitest'
import {grid} from '@/lib/core/grid'
import {type CaveatFacts, caveatsOf} from '@/lib/explain/caveats'
import {headGaussians} from '@/lib/explain/gaussians'
import {axesOf, headOf, layersOf} from './maps'

const axes = {rows: 6, cols: 1, rowName: 'layer', colName: 'feature'}
const map = grid(6, 1, Float32Array.of(0.5, 0.9, 0.6, 0.5, 0.8, 0.6))
const heads = headGaussians([headOf(0, [0.1], [1.9]), headOf(1, [0.2], [2.1])], axesOf(6, 1, 2), null)

/** A sound explanation from 100 inputs, with what a case changes. */
const facts = (more: Partial<CaveatFacts> = {}): CaveatFacts => ({
  axes,
  heads,
  density: map,
  importance: map,
  layers: layersOf(
    Array.from(map.values, (density, i) => ({
      head: Math.floor(i / 3),
      density,
      rank: [5, 1, 3, 5, 2, 3][i]!,
      untrained: {density: 0.6, rank: 1}
    }))
  ),
  agreement: {r: 0.4, sameRanks: 2, of: 6},
  scaleCell: null,
  family: 'layer-density',
  missing: [],
  parts: [],
  maps: 'inputs',
  inputs: 100,
  leftOut: [],
  unusable: null,
  saved: null,
  ...more
})

const textsOf = (more?: Partial<CaveatFacts>) =>
  Object.fromEntries(caveatsOf(facts(more)).map(({id, text}) => [id, text]))

it('a sound explanation whose ranking training made has no caveat', () => expect(caveatsOf(facts())).toEqual([]))

describe('geometry', () => {
  it('is said from a correlation of 0.9 on', () => {
    expect(textsOf({agreement: {r: 0.998, sameRanks: 10, of: 12}})).toEqual({
      geometry:
        'Untrained, the module ranks these layers almost identically (r = 0.998): most of the ranking is geometry, not training.'
    })
    expect(textsOf({agreement: {r: 0.9, sameRanks: 1, of: 6}}).geometry).toContain('similarly')
    expect(textsOf({agreement: {r: 0.899, sameRanks: 1, of: 6}})).toEqual({})
  })
})

describe('inputs', () => {
  it('fewer than 30 are few; one gives no interval', () => {
    expect(textsOf({inputs: 29})['few-inputs']).toBe(
      '29 inputs: intervals are wide and the ranking may change; it settles from about 30.'
    )
    expect(textsOf({inputs: 1})['few-inputs']).toContain('1 input: no interval can be given')
    expect(textsOf({inputs: 30})).toEqual({})
  })

  it('those that the model refused are told with their reason, apart from what else is not finite', () => {
    const because = 'is silence: all its 96 numbers are 0; a spectrogram of something is needed'
    const told = (indices: readonly number[]) =>
      textsOf({inputs: 94, leftOut: [0, 1, 2, 3, 4, 5], refused: indices.map((index) => ({index, because}))})[
        'not-finite'
      ]
    expect(told([2])).toBe(
      `Input 3 of 100 could not be used and is left out: it ${because}. Inputs 1, 2, 4, 5 and 6 of 100 give densities that are not finite and are left out.`
    )
    expect(told([0, 1, 2, 3, 4, 5])).toBe(
      `6 of 100 inputs could not be used and are left out. Input 1 ${because}. Input 2 ${because}. Input 3 ${because}. So are 3 more.`
    )
    // While inputs still run, those further on are not told of yet.
    expect(told([1, 7])).toMatch(/^Input 2 of 100 could not be used and is left out: /)
  })

  it('those left out are counted from one, as a reader counts', () => {
    expect(textsOf({inputs: 97, leftOut: [2, 6, 11]})['not-finite']).toBe(
      'Inputs 3, 7 and 12 of 100 give densities that are not finite and are left out.'
    )
    expect(textsOf({inputs: 99, leftOut: [0]})['not-finite']).toBe(
      'Input 1 of 100 gives a density that is not finite and is left out.'
    )
    expect(textsOf({inputs: 90, leftOut: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]})['not-finite']).toContain(
      '1, 2, 3, 4, 5 and 5 more of 100'
    )
  })

  it('those that could not be used are counted, and the first of them named with the reason', () => {
    const first = ['a.npy: the file is empty; tensors are needed.', 'b.npy: the inputs are (4, 7); needed (4, 6)']
    expect(textsOf({unusable: {noun: 'file', count: 1204, of: 5000, first}})['unusable-inputs']).toBe(
      '1,204 of 5,000 files could not be used and are left out. a.npy: the file is empty; tensors are needed; b.npy: the inputs are (4, 7); needed (4, 6); and 1202 more.'
    )
    expect(textsOf({unusable: {noun: 'array', count: 1, of: 2, first: first.slice(1)}})['unusable-inputs']).toBe(
      '1 of 2 arrays could not be used and is left out. b.npy: the inputs are (4, 7); needed (4, 6).'
    )
  })

  it('the untrained module was not run', () => {
    const layers = layersOf([{density: 1, rank: 1}])
    expect(textsOf({layers})['no-null']).toBe(
      'The untrained module was not run on these inputs, so what was learned is unknown.'
    )
  })
})

describe('without inputs', () => {
  const none = {density: null, importance: null, layers: [], agreement: null, inputs: 0}

  it('parameters only', () => {
    expect(textsOf({...none, maps: 'none', axes: null})).toEqual({
      'no-inputs': 'There are no inputs and no saved maps: the Gaussians can be read, importance cannot.'
    })
  })

  it('parameters only, where there are no Gaussians either', () => {
    expect(textsOf({...none, maps: 'none', axes: null, heads: []})).toEqual({
      'no-inputs': 'There are no inputs: neither importance nor any other measure can be read before there are some.'
    })
  })

  it('saved maps have no untrained twin, and say what they are means of', () => {
    const layers = layersOf([{density: 1, rank: 1}])
    expect(textsOf({layers, agreement: null, inputs: 0, maps: 'saved', saved: {used: 16, held: 560}})).toEqual({
      'no-null':
        'The untrained twin and the learned part cannot be computed without inputs: drop the features to see them.',
      'saved-maps':
        'Importance comes from the last 16 of 560 maps that the checkpoint saved: means of batch means, where a small last batch counts as much as a full one.'
    })
    expect(textsOf({layers, maps: 'saved', saved: {used: 1, held: 1}})['saved-maps']).toContain('comes from 1 map that')
  })

  it('saved maps that are not finite', () => {
    expect(textsOf({...none, maps: 'saved', saved: {used: 4, held: 4}})['not-finite']).toBe(
      'The saved maps hold NaN or infinity and are not drawn.'
    )
  })
})

describe('the map', () => {
  it('a constant one has no importance', () => {
    const density = grid(1, 2, Float32Array.of(0.75, 0.75))
    expect(textsOf({density, importance: null, layers: [], agreement: null})['constant-map']).toBe(
      'The density map is constant (0.750 everywhere), and Importance Factor is 0 / 0 there: none is drawn.'
    )
  })

  it('one cell sets the zero, or the one', () => {
    expect(textsOf({scaleCell: {row: 0, col: 0, moves: 0.2413}})['one-cell-sets-zero']).toBe(
      'One cell, layer 1, feature 1, sets importance zero alone: without it the scale would be 24\u00a0% shorter.'
    )
    expect(textsOf({scaleCell: {row: 1, col: 0, moves: 0.2}})['one-cell-sets-zero']).toContain(
      'sets importance one alone'
    )
  })

  it('importance of hops is our extension, and how latent attention is put together a reconstruction', () => {
    const family = 'stacked-latent'
    const {extension} = textsOf({family, title: 'stacked latent attention, a reconstruction'})
    expect(extension).toContain('attention × the number of regions')
    expect(extension).toContain('is a reconstruction')
    expect(textsOf({family, title: 'stacked attention'}).extension).not.toContain('reconstruction')
  })

  it('importance of a density block is our extension', () => {
    expect(textsOf({family: 'density-block'}).extension).toContain('our extension')
    expect(textsOf({family: 'density-block', density: null, importance: null, layers: []})).not.toHaveProperty(
      'extension'
    )
  })
})

describe('heads', () => {
  const withHeads = (...parameters: Parameters<typeof headOf>[]) => ({
    heads: headGaussians(
      parameters.map((p) => headOf(...p)),
      axesOf(6, parameters[0]![1].length, parameters.length),
      null
    )
  })

  it('of one layer each say only how far the offset is from zero', () => {
    const single = headGaussians([headOf(0, [1], [1.5]), headOf(1, [2], [1.5])], axesOf(2, 1, 2), null)
    expect(textsOf({heads: single})['single-layer-heads']).toBe(
      'Every head owns one layer: nothing varies within it, so its density says only how far its offset is from zero.'
    )
    const [first] = single
    expect(textsOf({heads: [first!, heads[1]!]})['single-layer-heads']).toMatch(/^Heads that own \(1\) one layer/)
  })

  it.each([
    ['zero or negative', 0],
    ['zero or negative', -1],
    ['not finite', NaN],
    ['so small that density vanishes off the centre', 0.001],
    ['so large that density hardly varies', 1e6]
  ])('with a spread that is %s (%d) are named', (what, c) => {
    expect(textsOf(withHeads([0, [0.1, 0.2], [2, 1.9]], [1, [0.1, 0.3], [c, 1.9]])).spread).toBe(
      `Spreads to distrust: ${what}: 1 of 2 in head 2.`
    )
  })

  it('with several kinds of trouble are named for each', () => {
    const {spread} = textsOf(withHeads([0, [0, 0], [-1, 1e6]]))
    expect(spread).toBe(
      'Spreads to distrust: zero or negative: 1 of 2 in head 1; so large that density hardly varies: 1 of 2 in head 1.'
    )
  })

  it("a block's spread may be negative, since only its square is used", () => {
    const component = {...headOf(0, [0.1], [-1.5]), kind: 'component' as const, variance: Float32Array.of(2.25)}
    expect(textsOf({heads: headGaussians([component], null, null)})).toEqual({})
  })

  it('that are still as initialised, or copies of another, are named', () => {
    expect(textsOf(withHeads([0, [0], [2]], [1, [0.1], [2]], [2, [0.1], [2]]))['idle-heads']).toBe(
      'Head 1 is still as initialised; head 3 repeats head 2.'
    )
    expect(textsOf(withHeads([0, [0], [2]], [1, [0], [2]], [2, [0], [2]]))['idle-heads']).toBe(
      'Heads 1 to 3 are still as initialised.'
    )
  })
})

describe('the last layer', () => {
  const last = (meanAbsZ: number | null) => ({
    layers: facts().layers.map((row, i) => (i === 5 ? {...row, meanAbsZ} : row))
  })

  it('stands apart when its |z| is nearly all that three layers allow', () => {
    expect(textsOf(last(1.38))['last-layer-scale']).toBe(
      'The last layer stands apart (mean |z| 1.38 of at most 1.41), as in encoders that normalise their output: ' +
        'its 3rd place may say more of that norm than of its use.'
    )
  })

  it('does not when layers are evenly spread, when |z| is unknown, or in a block', () => {
    expect(textsOf(last(1.2247))).toEqual({})
    expect(textsOf(last(null))).toEqual({})
    expect(textsOf({...last(1.38), family: 'density-block', density: null})).toEqual({})
  })
})

it('the gravest comes first', () => {
  const ids = caveatsOf(facts({inputs: 5, leftOut: [0], agreement: {r: 1, sameRanks: 6, of: 6}})).map(({id}) => id)
  expect(ids).toEqual(['not-finite', 'geometry', 'few-inputs'])
})
