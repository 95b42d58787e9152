import {beforeAll, describe, expect, it} from 'vitest'
import {sliceRecord} from '@/bin/arrays'
import {explanationText} from '@/bin/explanationText'
import {inspectionText} from '@/bin/inspectionText'
import {inspect} from '@/lib/engine/fileReport'
import {explain} from '@/lib/engine/story'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import {spokenReading} from '@/lib/explain/reading'
import {type NamedArray, npzBytes} from '@/lib/formats/npzBytes'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {Settings} from '@/lib/models/family'
import {dataTables} from '@/lib/views/dataTable'
import {figureMarks} from '@/lib/views/figure'
import type {MapKind, Order, PanelLetter} from '@/lib/views/frame'
import {figureLayout} from '@/lib/views/layout'
import {figureRows} from '@/lib/views/rowOrder'
import additiveDensity from '../fixtures/models/additiveDensity.json' with {type: 'json'}
import clampedDensity from '../fixtures/models/clampedDensity.json' with {type: 'json'}
import densityGate from '../fixtures/models/densityGate.json' with {type: 'json'}
import groupedLayerDensity from '../fixtures/models/groupedLayerDensity.json' with {type: 'json'}
import layerWeights from '../fixtures/models/layerWeights.json' with {type: 'json'}
import {type ModelFixture, unpack} from '../models/fixtures'
import {apart} from './files'

beforeAll(() => openBackend('cpu'))

const source = (name: string, arrays: readonly NamedArray[]): ByteSource => memorySource(npzBytes([...arrays]), name)
const array = (name: string, shape: readonly number[], fill = 0.5): NamedArray => ({
  name,
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(fill)
})

const checkpointOf = ({parameters}: ModelFixture): ByteSource =>
  source(
    'checkpoint.npz',
    Object.entries(parameters).map(([name, packed]) => ({name, shape: packed.shape, values: unpack(packed)}))
  )

const inputOf = ({input}: ModelFixture): ByteSource =>
  source('inputs.npz', [{name: 'features', shape: input.shape, values: unpack(input)}])

async function explained(checkpoint: ByteSource, inputs: readonly ByteSource[] = [], settings: Settings = {}) {
  const record = sliceRecord()
  const outcome = await explain({checkpoint, inputs, settings}, {onSlice: record.take})
  if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
  outcome.dispose()
  return {explanation: outcome.explanation, arrays: record.arrays(), questions: outcome.questions}
}

const caveat = ({caveats}: Explanation, id: string) => caveats.find((found) => found.id === id)?.text

const lora = source('adapters.npz', [
  ...[0, 1].flatMap((layer) => [
    array(`base_model.model.layers.${layer}.q_proj.lora_A.weight`, [4, 32]),
    array(`base_model.model.layers.${layer}.q_proj.lora_B.weight`, [32, 4])
  ])
])

const baseline = source('baseline.npz', [
  array('mha.in_proj_weight', [48, 16]),
  array('mha.in_proj_bias', [48]),
  array('mha.out_proj.weight', [16, 16]),
  array('mha.out_proj.bias', [16]),
  array('conv1.weight', [4, 8, 3, 3]),
  array('conv2.weight', [8, 4, 3, 3]),
  array('fc.weight', [3, 128])
])

const first = (cases: unknown): ModelFixture => (cases as readonly ModelFixture[])[0]!

const everything: readonly (readonly [string, ModelFixture | ByteSource])[] = [
  ['additive density attention', first(additiveDensity)],
  ['a clamped density block', first(clampedDensity)],
  ['a density gate', first(densityGate)],
  ['density attention with grouped-query attention', first(groupedLayerDensity)],
  ['scalar layer weights', first(layerWeights)],
  ['LoRA adapters', lora],
  ['a multi-head attention baseline', baseline]
]

describe.each(everything)('%s', (_, given) => {
  const isFixture = 'parameters' in given
  const checkpoint = isFixture ? checkpointOf(given) : given
  const settings = isFixture ? given.settings : {}
  const inputs = isFixture ? [inputOf(given)] : []

  it.each(['with inputs', 'without inputs'])('explains itself %s, in every view and in writing', async (how) => {
    const {explanation} = await explained(checkpoint, how === 'with inputs' ? inputs : [], settings)
    expect(encodeExplanation(decodeExplanation(encodeExplanation(explanation)))).toBe(encodeExplanation(explanation))
    expect(explanation.finding.title).not.toBe('')
    expect(explanationText(explanation)).toContain(explanation.finding.title)
    for (const order of ['model', 'importance', 'learned'] satisfies Order[])
      for (const map of ['density', 'importance', 'learned'] satisfies MapKind[])
        for (const difference of [false, true])
          for (const enlarged of [null, 'd'] satisfies (PanelLetter | null)[]) {
            const layout = figureLayout(figureRows(explanation, order), {width: 1232, height: 496}, {enlarged})
            const scene = {labels: [], theme: 'light', own: null, window: null, partial: false} as const
            const marks = figureMarks({...scene, explanation, map, difference}, layout)
            const written = JSON.stringify(marks, (__, value) =>
              typeof value === 'number' && !Number.isFinite(value) ? 'not finite' : value
            )
            expect(written).not.toContain('not finite')
            expect(written).not.toContain('NaN')
          }
    for (const table of dataTables(explanation))
      for (let column = 0; column < table.columns.length; column++)
        for (let row = 0; row < Math.min(3, table.rows); row++) expect(table.cell(row, column)).not.toContain('NaN')
  })

  it('is inspected with its parameters part by part', async () => {
    const report = await inspect(checkpoint)
    if (report.detection.family === null) throw new Error('nothing recognised')
    const own = report.detection.parts.filter(({kind}) => kind === 'own')
    expect(own.reduce((sum, {parameters}) => sum + parameters, 0)).toBe(report.detection.parameters)
    expect(inspectionText(report)).toContain(`Found ${report.detection.title} at ${report.detection.at}`)
  })
})

describe('a gate', () => {
  const fixture = first(densityGate)

  it('is written as attention.layer_0, in its own shape, beside its output', async () => {
    const {arrays} = await explained(checkpointOf(fixture), [inputOf(fixture)])
    const named = Object.fromEntries(arrays.map((found) => [found.name, found]))
    expect(named['attention.layer_0']!.shape).toEqual([3, 1, 20])
    expect(named.output!.shape).toEqual([3, 6, 20])
    expect(
      apart(named['attention.layer_0']!.values, unpack(fixture.expected.details!['attention.layer_0']!))
    ).toBeLessThan(1e-5)
  })

  it('keeps the shape of an input that has no axis for the batch', async () => {
    const alone = (densityGate as unknown as ModelFixture[]).find(({name}) => name.includes('without a batch'))!
    const {arrays} = await explained(checkpointOf(alone), [inputOf(alone)])
    expect(arrays.find(({name}) => name === 'attention.layer_0')!.shape).toEqual([1, 9])
  })

  it('has Gaussians that are added, with the heights of densities', async () => {
    const {explanation} = await explained(checkpointOf(fixture), [inputOf(fixture)])
    const [head] = explanation.heads
    expect(head).toMatchObject({kind: 'mixture', effective: null})
    // A density's height is 1 / σ√2π, and four are averaged.
    for (const [k, height] of head!.heights!.entries())
      expect(height).toBeCloseTo(1 / (4 * head!.spread[k]! * Math.sqrt(2 * Math.PI)), 5)
    // softplus(log ½) + 0.001, whose density peaks at 0.98.
    expect(Math.sqrt(head!.initialVariance)).toBeCloseTo(0.4065, 4)
    expect(head!.initialHeight).toBeCloseTo(0.981, 3)
    expect(caveat(explanation, 'extension')).toContain('does not sum to one')
  })
})

describe('scalar layer weights', () => {
  const fixture = first(layerWeights)
  const wanted = [...unpack(fixture.expected.weights!)]

  it('are their own importance, without any inputs, beside equal weights', async () => {
    const {explanation} = await explained(checkpointOf(fixture))
    const {layers, provenance, importance, axes} = explanation
    expect(provenance.maps).toBe('weights')
    expect(axes).toEqual({rows: 13, cols: 1, rowName: 'layer', colName: 'weight'})
    expect(
      apart(
        layers.map((layer) => layer.importance),
        wanted
      )
    ).toBeLessThan(1e-6)
    expect(apart(importance!.values, wanted)).toBeLessThan(1e-6)
    for (const {untrained} of layers) expect(untrained!.importance).toBeCloseTo(1 / 13, 6)
    const most = wanted.indexOf(Math.max(...wanted))
    expect(layers[most]!.rank).toBe(1)
    expect(explanation.finding.title).toContain(`Layer ${most + 1} weighs most`)
    expect(caveat(explanation, 'layer-weights')).toContain('no Importance Factor')
    expect(spokenReading(explanation, most)).toBe(
      `Layer ${most + 1}. Weight ${wanted[most]!.toFixed(3)}, 1st of 13. Before training every layer weighed 0.077.`
    )
  })

  it('with inputs show what each layer puts into the sum, which is our extension', async () => {
    const {explanation, arrays} = await explained(checkpointOf(fixture), [inputOf(fixture)], fixture.settings)
    expect(explanation.density).toMatchObject({rows: 13, cols: 7})
    expect(caveat(explanation, 'extension')).toContain('|weight × feature|')
    expect(arrays.find(({name}) => name === 'output')!.shape).toEqual([3, 7])
  })

  it('that are all alike are said to be', async () => {
    const {explanation} = await explained(source('even.npz', [array('featurizer.weights', [5])]))
    expect(explanation.finding.title).toBe('Every layer weighs the same')
    expect(explanation.layers.map(({importance}) => importance)).toEqual(new Array(5).fill(Math.fround(0.2)))
  })

  it('that are used raw may exceed one, and fall below zero', async () => {
    const raw = source('raw.npz', [{name: 'layer_weights', shape: [3], values: Float32Array.of(-0.5, 2, 1)}])
    const {explanation, questions} = await explained(raw, [], {layerMix: 'raw'})
    expect(explanation.layers.map(({importance}) => importance)).toEqual([-0.5, 2, 1])
    expect(questions).toMatchObject([{setting: 'layerMix', chosen: 1}])
  })
})

describe('what has no density attention says why, and is compared with it', () => {
  it('LoRA adapters, whose counts stand beside those of density attention over the same layers', async () => {
    const {explanation} = await explained(lora)
    expect(explanation.finding).toMatchObject({
      title: 'These are LoRA adapters: no layer here has an importance',
      caveat:
        'Parameters: 512 in 2 adapters of rank 4. Density attention over the same layers: 64 in 1 density head and 18,946 in two convolutions.'
    })
    expect(explanation.provenance.maps).toBe('none')
    expect(caveat(explanation, 'no-density')).toContain('change projections inside the layers')
    expect(caveat(explanation, 'no-inputs')).toBeUndefined()
  })

  it('a baseline, also when inputs are open: they are left alone', async () => {
    const {explanation} = await explained(baseline, [source('x.npz', [array('features', [8, 16])])])
    expect(explanation.finding.title).toBe('This is a multi-head attention baseline: no layer here has an importance')
    expect(explanation).toMatchObject({importance: null, density: null, axes: {rows: 8, cols: 16}})
    expect(caveat(explanation, 'no-density')).toContain('attends across the inputs of a batch')
  })
})

it('densities in front of grouped-query attention come with the warning that layers are mixed again', async () => {
  const fixture = first(groupedLayerDensity)
  const {explanation, arrays} = await explained(checkpointOf(fixture), [inputOf(fixture)])
  expect(caveat(explanation, 'mixed-again')).toContain('mixes the layers again')
  expect(arrays.find(({name}) => name === 'grouped_attention')!.shape).toEqual([2, 2, 8, 8])
})
