import {describe, expect, it} from 'vitest'
import {grid} from '@/lib/core/grid'
import {type FindingFacts, findingOf, likeness} from '@/lib/explain/finding'
import {agreementOf} from '@/lib/explain/importance'
import {isClear} from '@/lib/explain/isClear'
import {layersOf, type Standing} from './maps'

const some = grid(1, 1, Float32Array.of(1))
const axes = {rows: 1, cols: 1, rowName: 'layer', colName: 'feature'}

function facts(rows: readonly Standing[], more: Partial<FindingFacts> = {}): FindingFacts {
  const layers = layersOf(rows)
  return {
    axes,
    density: some,
    importance: some,
    layers,
    agreement: agreementOf(layers),
    model: {family: 'layer-density', missing: []},
    maps: 'inputs',
    inputs: 100,
    savedMaps: 0,
    ...more
  }
}

const titleOf = (rows: readonly Standing[], more?: Partial<FindingFacts>) => findingOf(facts(rows, more)).title

// Two heads of three layers; every head's middle layer first, trained and untrained.
const geometry: Standing[] = [
  {head: 0, density: 0.69, rank: 6, untrained: {density: 0.7, rank: 6}},
  {head: 0, density: 0.9, rank: 1, untrained: {density: 0.91, rank: 1}},
  {head: 0, density: 0.74, rank: 4, untrained: {density: 0.75, rank: 3}},
  {head: 1, density: 0.75, rank: 3, untrained: {density: 0.74, rank: 4}},
  {head: 1, density: 0.87, rank: 2, untrained: {density: 0.88, rank: 2}},
  {head: 1, density: 0.72, rank: 5, untrained: {density: 0.73, rank: 5}}
]

describe('the title', () => {
  it('geometry alone: the middle layer of every head', () => {
    expect(titleOf(geometry)).toBe('The middle layer of every head comes first, and would have without training')
  })

  it('with one head there is no "every head"', () => {
    expect(titleOf(geometry.slice(0, 3).map((row, i) => ({...row, rank: [3, 1, 2][i]!})))).toBe(
      'The middle layer comes first, and would have without training'
    )
  })

  it('speaks of positions where the map has positions', () => {
    expect(titleOf(geometry, {axes: {...axes, rowName: 'position'}})).toBe(
      'The middle position of every head comes first, and would have without training'
    )
  })

  it('the same layer leads untrained, though no middle does', () => {
    const [low, high] = [geometry[0]!, geometry[1]!]
    expect(titleOf([high, low])).toBe('Layer 1 comes first, and would have without training')
  })

  it('training put it there: its rank leaves the untrained one out and its learned part is above zero', () => {
    const rows: Standing[] = [
      {density: 0.9, rank: 1, rankInterval: [1, 1], untrained: {density: 0.5, rank: 2, interval: [0.3, 0.5]}},
      {density: 0.6, rank: 2, untrained: {density: 0.6, rank: 1}}
    ]
    expect(titleOf(rows)).toBe('Layer 1 leads, and training put it there')
  })

  it('training lowered the others more', () => {
    const rows: Standing[] = [
      {density: 0.5, rank: 1, rankInterval: [1, 1], untrained: {density: 0.6, rank: 2, interval: [-0.2, -0.05]}},
      {density: 0.3, rank: 2, untrained: {density: 0.7, rank: 1}}
    ]
    expect(titleOf(rows)).toBe('Layer 1 leads because training lowered the others more')
  })

  it('it moved up, and its own learned part is not clear', () => {
    const rows: Standing[] = [
      {density: 0.5, rank: 1, rankInterval: [1, 1], untrained: {density: 0.49, rank: 2, interval: [-0.2, 0.2]}},
      {density: 0.3, rank: 2, untrained: {density: 0.7, rank: 1}}
    ]
    expect(titleOf(rows)).toBe('Layer 1 leads; untrained it would come 2nd')
  })

  it('it moved up by less than the inputs can tell', () => {
    const rows: Standing[] = [
      {density: 0.51, rank: 1, rankInterval: [1, 2], untrained: {density: 0.49, rank: 2, interval: [0.01, 0.03]}},
      {density: 0.5, rank: 2, untrained: {density: 0.5, rank: 1}}
    ]
    expect(titleOf(rows)).toBe('Layer 1 comes first, by less than the inputs can tell')
  })

  it('it moved up, and there are no intervals yet', () => {
    const rows: Standing[] = [
      {density: 0.51, rank: 1, untrained: {density: 0.49, rank: 2}},
      {density: 0.5, rank: 2, untrained: {density: 0.5, rank: 1}}
    ]
    expect(titleOf(rows)).toBe('Layer 1 comes first; untrained it would come 2nd')
  })

  it('several share first place', () => {
    expect(
      titleOf([
        {density: 0.5, rank: 1},
        {density: 0.5, rank: 1},
        {density: 0.1, rank: 3}
      ])
    ).toBe('Layers 1 and 2 share first place')
  })

  it('without a twin it says who leads and no more', () => {
    expect(
      titleOf([
        {density: 0.1, rank: 2},
        {density: 0.5, rank: 1}
      ])
    ).toBe('Layer 2 comes first')
  })

  describe('a few heads hold most of what was learned', () => {
    // Eight heads of one layer; layer 1 leads, trained and untrained.
    const eight = (learned: readonly number[]) =>
      learned.map((amount, head): Standing => {
        const before = 0.9 - 0.1 * head
        const interval = [amount - 0.001, amount + 0.001] as const
        return {head, density: before + amount, rank: head + 1, untrained: {density: before, rank: head + 1, interval}}
      })

    it('names them', () => {
      expect(titleOf(eight([0.03, 0.03, -0.03, 0.002, 0, 0, 0, 0]))).toBe(
        'Heads 1 to 3 hold most of what was learned; the rest is geometry'
      )
      expect(titleOf(eight([0, 0, 0, 0, 0.02, 0, 0, 0]))).toBe(
        'Head 5 holds most of what was learned; the rest is geometry'
      )
    })

    it('not when it takes half of the heads', () => {
      expect(titleOf(eight([0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0, 0]))).toBe(
        'Layer 1 comes first, and would have without training'
      )
    })

    it('does not count what the intervals cannot tell from zero', () => {
      const unclear = eight([0.03, 0, 0, 0, 0, 0, 0, 0]).map(
        (row): Standing => ({...row, untrained: {...row.untrained!, interval: [-0.1, 0.1]}})
      )
      expect(titleOf(unclear)).toBe('Layer 1 comes first, and would have without training')
    })
  })

  it('fewer than 30 inputs rank nothing', () => {
    expect(titleOf(geometry, {inputs: 29})).toBe('Too few inputs to rank layers yet')
    expect(titleOf(geometry, {inputs: 29, axes: {...axes, rowName: 'position'}})).toBe(
      'Too few inputs to rank positions yet'
    )
    expect(titleOf(geometry, {inputs: 30})).not.toContain('Too few')
  })
})

describe('the caveat', () => {
  it('says how alike the untrained ranking is, in words and in numbers', () => {
    const finding = findingOf(facts(geometry))
    expect(finding.caveat).toBe(
      'Untrained, the module ranks these layers almost identically (r = 0.996, 4 of 6 ranks the same). ' +
        'Compare layers within a head, and read the learned part before the ranking.'
    )
    expect(finding.strong).toBe('r = 0.996, 4 of 6 ranks the same')
  })

  it('almost identically from 0.99, similarly from 0.9, differently below', () => {
    expect([1, 0.99, 0.989, 0.9, 0.899, -1].map(likeness)).toEqual([
      'almost identically',
      'almost identically',
      'similarly',
      'similarly',
      'differently',
      'differently'
    ])
  })

  it('says how many inputs there are when they are few', () => {
    expect(findingOf(facts(geometry, {inputs: 12})).caveat).toMatch(
      /^There are 12 inputs; a ranking settles from about 30\. Untrained, the module ranks these layers/
    )
    expect(findingOf(facts(geometry, {inputs: 1, agreement: null}))).toMatchObject({
      caveat:
        'There is 1 input; a ranking settles from about 30. ' +
        'Compare layers within a head, and read the learned part before the ranking.',
      strong: '1 input'
    })
  })
})

describe('where there is no ranking', () => {
  it('parameters only', () => {
    const finding = findingOf(facts([], {maps: 'none', density: null, importance: null, axes: null}))
    expect(finding.title).toBe('The Gaussians are known; what they attend to is not yet')
    expect(finding.caveat).toContain('Importance needs inputs')
  })

  it('parameters only, where there are no Gaussians, without a word of them', () => {
    const finding = findingOf(facts([], {maps: 'none', density: null, importance: null, axes: null, heads: []}))
    expect(finding.title).toBe('The parameters are known; where they attend is not yet')
    expect(finding.caveat).toContain(finding.strong)
    expect(findingOf(facts([], {density: null, importance: null, heads: []})).caveat).toMatch(/at the parameters\.$/)
  })

  it.each([
    ['stacked-latent', 'The hops are known; where they attend is not yet', 'drop regions with their questions.'],
    ['deformable-audio', 'The blocks are known; where they attend is not yet', 'drop spectrograms.']
  ] as const)('parameters of %s only, in its own words', (family, title, caveat) => {
    const model = {family, missing: [], parts: []}
    // Also before the heads of an explanation are known.
    for (const heads of [{}, {heads: []}]) {
      const finding = findingOf(facts([], {maps: 'none', density: null, importance: null, axes: null, model, ...heads}))
      expect(finding.title).toBe(title)
      expect(finding.caveat).toBe(`This checkpoint holds parameters alone. Importance needs inputs: ${caveat}`)
    }
  })

  it('parameters only, though the layer count is known', () => {
    expect(titleOf([], {maps: 'none', density: null, importance: null})).toBe(
      'The Gaussians are known; what they attend to is not yet'
    )
  })

  it('saved maps only: the leader is named, and what cannot be told', () => {
    const finding = findingOf(
      facts(
        [
          {density: 0.1, rank: 2},
          {density: 0.5, rank: 1}
        ],
        {maps: 'saved', savedMaps: 16, inputs: 0}
      )
    )
    expect(finding).toEqual({
      title: 'Layer 2 comes first in the maps saved at training',
      caveat:
        "They are the mean of 16 maps from the checkpoint's own validation run. Without inputs the untrained module " +
        'cannot be run, so what was learned cannot be told from geometry.',
      strong: 'what was learned cannot be told from geometry'
    })
  })

  it('saved maps with a shared first place', () => {
    expect(
      titleOf(
        [
          {density: 0.5, rank: 1},
          {density: 0.5, rank: 1}
        ],
        {maps: 'saved'}
      )
    ).toBe('Layers 1 and 2 come first in the maps saved at training')
  })

  it('a constant map', () => {
    const finding = findingOf(facts([], {importance: null}))
    expect(finding.title).toBe('Every cell gets the same attention')
    expect(finding.strong).toBe('no layer can be ranked')
  })

  it('nothing finite, from inputs and from saved maps', () => {
    const inputs = findingOf(facts([], {density: null, importance: null}))
    expect(inputs.title).toBe('No density here is a finite number')
    expect(inputs.caveat).toMatch(/^Every input gives NaN or infinity/)
    expect(findingOf(facts([], {density: null, importance: null, maps: 'saved'})).caveat).toMatch(/^Every map that the/)
  })
})

describe('every finding', () => {
  const all = [
    facts(geometry),
    facts(geometry, {inputs: 5}),
    facts(geometry, {inputs: 5, agreement: null}),
    facts(geometry, {agreement: null}),
    facts(geometry, {maps: 'saved', savedMaps: 1}),
    facts([], {importance: null}),
    facts([], {density: null, importance: null}),
    facts([], {density: null, importance: null, maps: 'saved'}),
    facts([], {maps: 'none', axes: null})
  ].map(findingOf)

  it('has its strong part inside the caveat, once', () => {
    for (const {caveat, strong} of all) if (strong !== null) expect(caveat.split(strong).length).toBe(2)
  })

  it('ends its caveat with a full stop and its title without', () => {
    for (const {title, caveat} of all) expect([title.at(-1) === '.', caveat.at(-1)]).toEqual([false, '.'])
  })
})

it('a learned part is clear when its interval leaves zero out', () => {
  const clear = (interval?: readonly [number, number]) =>
    isClear(layersOf([{density: 1, rank: 1, untrained: {density: 1, rank: 1, ...(interval ? {interval} : {})}}])[0]!)
  expect([clear([0.1, 0.2]), clear([-0.2, -0.1]), clear([-0.1, 0.1]), clear([0, 0]), clear()]).toEqual([
    true,
    true,
    false,
    false,
    false
  ])
})
