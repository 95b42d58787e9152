import {describe, expect, it} from 'vitest'
import {accumulatedFromSaved, accumulator} from '@/lib/explain/accumulate'
import {bootstrap} from '@/lib/explain/bootstrap'
import {type ExplanationParts, explanation, type Maps} from '@/lib/explain/explain'
import {axesOf, headOf, numbersOf, runOf} from './maps'

const axes = axesOf(2, 2, 1)
const parts = (maps: Maps, more: Partial<ExplanationParts> = {}): ExplanationParts => ({
  model: {
    family: 'layer-density',
    title: 'density attention over layers',
    at: 'daam.gcts.0',
    heads: 1,
    classes: null,
    parameters: 4,
    tensorsRead: 2,
    tensorsTotal: 2,
    missing: [],
    unused: [],
    accuracy: null,
    epoch: null,
    settings: {}
  },
  heads: [headOf(0, [0.1, 0.2], [1.9, 2.1])],
  axes,
  maps,
  provenance: {checkpoint: {name: 'a.pth', size: 10, sha256: null}, inputs: [], backend: null, app: '0.1.0'},
  ...more
})

const ids = (e: {caveats: readonly {id: string}[]}) => e.caveats.map(({id}) => id)
const names = (count: number) => Array.from({length: count}, (_, i) => ({name: `${i}.npy`, label: null}))

describe('explanation from inputs', () => {
  const observed = [
    [0.2, 0.4, 0.6, 1.0],
    [0.4, 0.6, 0.8, 1.0],
    [0.3, 0.5, 0.7, 1.0]
  ]
  const before = observed.map((map) => map.map((value) => value - 0.1))
  const numbers = numbersOf(axes, observed, before)

  it('holds the mean map, the untrained one, and importance on one scale', () => {
    const e = explanation(parts({from: 'inputs', numbers, names: names(3)}))
    expect([...e.density!.values]).toEqual([0.3, 0.5, 0.7, 1].map((x) => expect.closeTo(x, 6)))
    expect([...e.nullDensity!.values]).toEqual([0.2, 0.4, 0.6, 0.9].map((x) => expect.closeTo(x, 6)))
    expect([...e.importance!.values]).toEqual([0, 2 / 7, 4 / 7, 1].map((x) => expect.closeTo(x, 6)))
    expect(e.scale).toEqual([expect.closeTo(0.3, 6), expect.closeTo(1, 6)])
    expect(e.axes).toEqual({rows: 2, cols: 2, rowName: 'layer', colName: 'feature'})
    expect(e.provenance).toMatchObject({maps: 'inputs', samples: 3, bootstrap: null})
  })

  it('is the mean of importance: averaging the grid gives the layers', () => {
    const e = explanation(parts({from: 'inputs', numbers, names: names(3)}))
    const {values} = e.importance!
    expect(e.layers.map((l) => l.importance)).toEqual([
      expect.closeTo((values[0]! + values[1]!) / 2, 6),
      expect.closeTo((values[2]! + values[3]!) / 2, 6)
    ])
  })

  it('carries intervals once they have been drawn, and how they were drawn', async () => {
    const intervals = await bootstrap(numbers, {resamples: 60, seed: 5})
    const e = explanation(parts({from: 'inputs', numbers, names: names(3)}, {bootstrap: intervals}))
    expect(e.provenance.bootstrap).toEqual({resamples: 60, seed: 5})
    for (const layer of e.layers) {
      expect(layer.interval).not.toBeNull()
      expect(layer.rankInterval).toEqual([layer.rank, layer.rank])
      expect(layer.untrained!.learnedInterval).toEqual([expect.closeTo(0.1, 6), expect.closeTo(0.1, 6)])
    }
  })

  it('takes the size of the map from the map, when the checkpoint does not tell it', () => {
    const e = explanation(parts({from: 'inputs', numbers, names: names(3)}, {axes: null}))
    expect([e.axes!.rows, e.heads[0]!.rows]).toEqual([2, [0, 2]])
  })

  it('gives probabilities where there are logits, and none where a logit is not finite', () => {
    const sums = accumulator(axes)
    sums.add({...runOf(observed.slice(0, 2), axes), logits: Float32Array.of(0, 0, 1, NaN)}, null)
    const e = explanation(parts({from: 'inputs', numbers: sums.read(), names: names(2)}))
    expect(e.samples).toEqual([
      {name: '0.npy', label: null, logits: [0, 0], probabilities: [0.5, 0.5]},
      {name: '1.npy', label: null, logits: null, probabilities: null}
    ])
  })

  it('names every input when none is finite, and draws nothing', () => {
    const e = explanation(parts({from: 'inputs', numbers: null, names: names(2)}))
    expect([e.density, e.importance, e.layers, e.scale, e.agreement]).toEqual([null, null, [], null, null])
    expect(e.caveats.find(({id}) => id === 'not-finite')!.text).toContain('Inputs 1 and 2 of 2')
    expect(e.finding.title).toBe('No density here is a finite number')
    expect(e.samples.length).toBe(2)
  })

  it('draws the density of a constant map, but no importance', () => {
    const e = explanation(parts({from: 'inputs', numbers: numbersOf(axes, [[1, 1, 1, 1]]), names: names(1)}))
    expect(e.density).not.toBeNull()
    expect([e.importance, e.scale, e.scaleCell, e.layers]).toEqual([null, null, null, []])
    expect(ids(e)).toContain('constant-map')
  })
})

describe('explanation without inputs', () => {
  const saved = {density: Float32Array.of(0.1, 0.2, 0.6, 0.9), axes, used: 2, held: 8, perSample: null}

  it('from saved maps has importance, no twin, no interval, no z', () => {
    const e = explanation(parts({from: 'saved', numbers: accumulatedFromSaved(saved), used: 2, held: 8}))
    expect(e.layers.map(({rank, untrained, interval, meanAbsZ}) => [rank, untrained, interval, meanAbsZ])).toEqual([
      [2, null, null, null],
      [1, null, null, null]
    ])
    expect([e.nullDensity, e.signal, e.agreement, e.samples, e.heads[0]!.offsetZ]).toEqual([null, null, null, [], null])
    expect(ids(e)).toEqual(['no-null', 'saved-maps', 'one-cell-sets-zero'])
    expect(e.provenance).toMatchObject({maps: 'saved', samples: 0})
  })

  it("from each input's saved map has intervals too", async () => {
    const perSample = {count: 3, density: Float32Array.of(0.1, 0.2, 0.6, 0.9, 0.2, 0.3, 0.5, 0.9, 0.1, 0.3, 0.6, 0.8)}
    const numbers = accumulatedFromSaved({...saved, perSample})!
    const maps: Maps = {from: 'saved', numbers, used: 2, held: 8}
    const e = explanation(parts(maps, {bootstrap: await bootstrap(numbers, {resamples: 50})}))
    expect(e.layers.every(({interval, untrained}) => interval !== null && untrained === null)).toBe(true)
    expect(e.provenance.samples).toBe(3)
  })

  it('from parameters has Gaussians and nothing else', () => {
    const e = explanation(parts({from: 'none'}, {axes: null}))
    expect([e.axes, e.density, e.layers, e.samples]).toEqual([null, null, [], []])
    expect(e.heads.length).toBe(1)
    expect(ids(e)).toEqual(['no-inputs'])
    expect(e.provenance.maps).toBe('none')
  })

  it('from parameters whose map size is known has axes and rows for its heads', () => {
    const e = explanation(parts({from: 'none'}))
    expect([e.axes!.rows, e.heads[0]!.rows]).toEqual([2, [0, 2]])
  })
})

describe('a block of several layers', () => {
  const heads = [0, 1].map((blockLayer) => ({...headOf(0, [blockLayer], [1]), blockLayer, kind: 'component' as const}))
  const shown = (settings: ExplanationParts['model']['settings']) => {
    const base = parts({from: 'none'}, {heads})
    return explanation({...base, model: {...base.model, family: 'density-block', settings}}).heads.map(({offset}) => [
      ...offset
    ])
  }

  it('shows the heads of the layer that was asked for, else of the first', () => {
    expect(shown({})).toEqual([[0]])
    expect(shown({blockLayer: 1})).toEqual([[1]])
  })
})
