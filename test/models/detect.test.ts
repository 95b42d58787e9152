import {describe, expect, it} from 'vitest'
import {checkpointFacts} from '@/lib/models/checkpointFacts'
import {detect, families, load} from '@/lib/models/detect'
import type {Detection, Settings} from '@/lib/models/family'
import {type MemoryValue, memoryArchive, tensor} from '../fixtures/memoryArchive'

type Dict = Record<string, MemoryValue>

const layerHeads = (count: number, features: number, list = 'daam.gcts'): Dict =>
  Object.fromEntries(
    Array.from({length: count}, (_, h) => [
      [`${list}.${h}.c`, tensor([1, features], 2)],
      [`${list}.${h}.mean_offset`, tensor([1, features])]
    ]).flat() as [string, MemoryValue][]
  )

const classifier = (layers: number, features: number, {hidden = 4, classes = 3, at = ''} = {}): Dict => ({
  [`${at}conv1.weight`]: tensor([hidden, layers, 3, 3]),
  [`${at}conv1.bias`]: tensor([hidden]),
  [`${at}conv2.weight`]: tensor([layers, hidden, 3, 3]),
  [`${at}conv2.bias`]: tensor([layers]),
  [`${at}fc.weight`]: tensor([classes, layers * features]),
  [`${at}fc.bias`]: tensor([classes])
})

const blockHeads = (count: number, components: number, at: string): Dict =>
  Object.fromEntries(
    Array.from({length: count}, (_, h) => [
      [`${at}attention_heads.${h}.mean_offsets`, tensor([components])],
      [`${at}attention_heads.${h}.c`, tensor([components], 1)]
    ]).flat() as [string, MemoryValue][]
  )

function found(contents: MemoryValue, settings: Settings = {}): Detection {
  const detection = detect(memoryArchive(contents), settings)
  if (detection.family === null) throw new Error(`nothing found; ${detection.nearest}`)
  return detection
}

describe('density attention over layers is recognised', () => {
  it('with its classifier, in the checkpoint that the authors save', () => {
    const detection = found({
      epoch: 3,
      state_dict: {...layerHeads(8, 1024), ...classifier(24, 1024, {hidden: 16, classes: 4})},
      optimizer: {state: {0: {exp_avg: tensor([1, 1024])}}},
      best_val_accuracy: 0.64,
      attention_weights: [null, null]
    })
    expect(detection).toMatchObject({
      family: 'layer-density',
      at: 'daam.gcts.0–7',
      headCount: 8,
      layers: 24,
      features: 1024,
      classCount: 4,
      missing: [],
      unused: [],
      settings: {map: [32, 32]}
    })
    expect(detection.parameters).toBe(16_384 + (16 * 24 * 9 + 16) + (24 * 16 * 9 + 24) + (4 * 24 * 1024 + 4))
    expect(detection.bindings[0]).toEqual({
      role: 'head 0 mean offset',
      name: 'state_dict.daam.gcts.0.mean_offset',
      shape: [1, 1024]
    })
  })

  it.each([
    ['daam.daams', 'daam.daams.0–1'],
    ['gct.gcts', 'gct.gcts.0–1'],
    ['module.daam.gcts', 'daam.gcts.0–1'],
    ['_orig_mod.model.daam.gcts', 'daam.gcts.0–1'],
    ['encoder.pool.daam.gcts', 'encoder.pool.daam.gcts.0–1'],
    ['gcts', 'gcts.0–1']
  ])('under the name %s', (list, at) => {
    expect(found(layerHeads(2, 8, list)).at).toBe(at)
  })

  it.each(['state_dict', 'model_state_dict', 'model', 'module'])('inside a dictionary called %s', (wrapper) => {
    const detection = found({[wrapper]: layerHeads(2, 8)})
    expect(detection.at).toBe('daam.gcts.0–1')
    expect(detection.bindings[0]?.name).toBe(`${wrapper}.daam.gcts.0.mean_offset`)
  })

  it('with the classifier under the same prefix, not under another', () => {
    const parameters = {...layerHeads(2, 8, 'module.daam.gcts'), ...classifier(6, 8, {at: 'module.'})}
    expect(found(parameters).classCount).toBe(3)
    expect(found({...layerHeads(2, 8, 'a.daam.gcts'), ...classifier(6, 8, {at: 'b.'})}).classCount).toBeNull()
  })

  it('as one head that stands alone', () => {
    const detection = found({c: tensor([1, 8], 2), mean_offset: tensor([1, 8])})
    expect(detection).toMatchObject({at: 'c, mean_offset', headCount: 1, layers: null, features: 8})
  })

  it('with heads of ten and more in their own order', () => {
    const bindings = found(layerHeads(12, 4)).bindings.filter(({role}) => role.endsWith('mean offset'))
    expect(bindings.map(({name}) => name)).toEqual(Array.from({length: 12}, (_, h) => `daam.gcts.${h}.mean_offset`))
  })

  it('with the number of layers from the saved maps when there is no classifier', () => {
    const maps = (rows: number) => ({attention_maps: [tensor([rows, 8], 1)]})
    const detection = found({state_dict: layerHeads(2, 8), attention_weights: [[maps(3), maps(3)]]})
    expect(detection.layers).toBe(6)
  })

  it('by names alone, reading nothing', () => {
    const archive = memoryArchive({...layerHeads(2, 8), ...classifier(6, 8)})
    detect(archive)
    expect(archive.reads).toEqual([])
  })

  it('listing what no role took', () => {
    expect(found({...layerHeads(1, 8), 'wav2vec.weight': tensor([2, 2])}).unused).toEqual(['wav2vec.weight'])
  })

  it('inside a whole pickled module', () => {
    const archive = memoryArchive({
      _modules: {
        daam: {_modules: {gcts: {_modules: {0: {_parameters: {c: tensor([1, 4]), mean_offset: tensor([1, 4])}}}}}}
      }
    })
    expect(detect(archive)).toMatchObject({family: 'layer-density', at: 'daam.gcts.0'})
  })
})

describe('what does not fit is said', () => {
  const missing = (contents: MemoryValue) => found(contents).missing

  it.each<[string, Dict, string]>([
    ['no classifier', {}, 'conv1, conv2 and fc: no classifier beside the heads, so no prediction'],
    ['half a classifier', {'conv1.weight': tensor([4, 6, 3, 3])}, 'conv2.weight: absent, so no prediction'],
    [
      'conv1 for a number of layers that the heads cannot share',
      classifier(7, 8),
      'conv1.weight is (4, 7, 3, 3); its 7 input channels cannot be shared equally by 2 heads, so no prediction'
    ],
    ['fc for other features', classifier(6, 9), 'fc.weight is (3, 54); 6 layers × 8 need 48 columns, so no prediction'],
    [
      'conv2 that does not follow conv1',
      {...classifier(6, 8), 'conv2.weight': tensor([6, 5, 3, 3])},
      'conv2.weight is (6, 5, 3, 3); (layers, 4, 3, 3) is needed after conv1, so no prediction'
    ]
  ])('%s', (_, extra, sentence) => {
    const detection = found({...layerHeads(2, 8), ...extra})
    expect(detection.missing).toContain(sentence)
    expect(detection.classCount).toBeNull()
  })

  it('a classifier without biases runs with zeros', () => {
    const {'conv1.bias': _, ...rest} = classifier(6, 8)
    const detection = found({...layerHeads(2, 8), ...rest})
    expect(detection.missing).toEqual(['conv1.bias: absent, taken as zero'])
    expect(detection.classCount).toBe(3)
  })

  it('a head of two shapes is recognised, and refused when loaded', async () => {
    const contents = {...layerHeads(2, 8), 'daam.gcts.1.mean_offset': tensor([1, 7])}
    const sentence = 'head 1: mean_offset is (1, 7) and c is (1, 8); they must be equal'
    expect(missing(contents)).toContain(sentence)
    await expect(load(memoryArchive(contents), found(contents))).rejects.toThrow(sentence)
  })

  it('a list of heads with a gap', async () => {
    const {'daam.gcts.1.c': _, ...contents} = layerHeads(3, 8)
    const sentence = 'head 1: no c and mean_offset at daam.gcts.1'
    expect(missing(contents)).toContain(sentence)
    await expect(load(memoryArchive(contents), found(contents))).rejects.toThrow(sentence)
  })

  it('maps that several GPUs wrote one after the other', () => {
    const maps = {attention_maps: [tensor([6, 8])]}
    expect(
      missing({state_dict: {...layerHeads(2, 8), ...classifier(6, 8)}, attention_weights: [[maps, maps]]})
    ).toContain(
      'attention_weights: 6 rows per head where 6 layers over 2 heads give 3: 2 GPUs wrote one after the other, so the saved maps are not used'
    )
  })
})

describe('the fold of the features', () => {
  const detectFold = (features: number, settings: Settings = {}) =>
    found({...layerHeads(1, features), ...classifier(2, features)}, settings)

  it.each([
    [1024, [32, 32]],
    [5120, [64, 80]],
    [64, [8, 8]],
    [7, [1, 7]]
  ])('of %i is %j unless asked', (features, map) => {
    expect(detectFold(features).settings.map).toEqual(map)
  })

  it('is asked for, with what is in force chosen', () => {
    const [question] = detectFold(64, {map: [4, 16]}).questions
    expect(question?.setting).toBe('map')
    expect(question?.options[question.chosen]).toEqual({label: '4 × 16', value: {map: [4, 16]}})
    expect(question?.options.map(({label}) => label)).toContain('8 × 8')
  })

  it('is refused when it does not hold the features', () => {
    expect(() => detectFold(64, {map: [7, 9]})).toThrow('a map of 7 × 9 holds 63 features; this classifier folds 64')
  })
})

describe('a density block is recognised', () => {
  it('with layers, inside another model', () => {
    const detection = found({
      state_dict: {...blockHeads(4, 4, 'daam.layers.0.'), ...blockHeads(2, 3, 'daam.layers.1.'), ...classifier(24, 16)}
    })
    expect(detection).toMatchObject({
      family: 'density-block',
      title: 'density block',
      at: 'daam.layers.0–1.attention_heads.0–3',
      headCount: 4,
      layers: 24,
      features: null,
      classCount: 3,
      settings: {axes: [-1, -1], paddingValue: null, blockLayer: 0, map: [4, 4]}
    })
    expect(detection.questions.map(({setting}) => setting)).toEqual(['axes', 'paddingValue', 'blockLayer', 'map'])
  })

  it.each([
    ['a bare multi-head module', blockHeads(3, 4, ''), 'attention_heads.0–2', 'density attention heads'],
    ['a bare head', {mean_offsets: tensor([4]), c: tensor([4], 1)}, 'mean_offsets, c', 'density attention, one head']
  ])('as %s', (_, contents, at, title) => {
    expect(found(contents)).toMatchObject({family: 'density-block', at, title})
  })

  it('with the axes and padding that were asked for chosen', () => {
    const settings = {axes: [3], paddingValue: -100, blockLayer: 1}
    const detection = found({...blockHeads(1, 2, 'layers.0.'), ...blockHeads(2, 2, 'layers.1.')}, settings)
    expect(detection.settings).toMatchObject({axes: [3, 3], paddingValue: -100, blockLayer: 1})
    expect(detection.headCount).toBe(2)
    for (const {options, chosen} of detection.questions)
      expect(detection.settings).toMatchObject(options[chosen]!.value)
  })

  it('and a block layer that is not there is refused when loaded', async () => {
    const contents = blockHeads(1, 2, 'layers.0.')
    const detection = found(contents, {blockLayer: 2})
    await expect(load(memoryArchive(contents), detection)).rejects.toThrow(
      'block layer 2 was asked for; this block has 1, counted from 0'
    )
  })

  it('and more axes than layers are refused when loaded', async () => {
    const contents = blockHeads(1, 2, 'layers.0.')
    await expect(load(memoryArchive(contents), found(contents, {axes: [1, 2]}))).rejects.toThrow(
      '2 axes were given; this block has 1 layers'
    )
  })

  it.each<[string, Dict]>([
    ['log_sigma', {'attention_heads.0.log_sigma': tensor([4])}],
    ['log_scale', {'attention_heads.0.log_scale': tensor([4])}]
  ])('but not beside %s, which marks another mechanism', (mark, extra) => {
    const detection = detect(memoryArchive({...blockHeads(1, 4, ''), ...extra}))
    expect(detection).toMatchObject({family: null})
    expect(detection.family === null && detection.nearest).toContain(mark)
  })
})

describe('when nothing is recognised', () => {
  it('each family says what it needs, and the nearest pair is named', () => {
    const archive = memoryArchive({
      'pool.mu': tensor([1, 1024]),
      'pool.var': tensor([1, 1024]),
      'fc.weight': tensor([4, 4])
    })
    expect(detect(archive)).toEqual({
      family: null,
      lookedFor: families.map(({needs}) => `${needs}.`),
      nearest: 'The nearest pair is pool.mu and pool.var, both (1, 1024).'
    })
  })

  it.each<[string, MemoryValue]>([
    ['an empty file', {}],
    ['statistics of a batch norm', {'bn.running_mean': tensor([4]), 'bn.running_var': tensor([4])}],
    ['a pair of different shapes', {'a.mean': tensor([4]), 'a.var': tensor([5])}],
    ['a list', [tensor([2, 2])]]
  ])('nothing is near in %s', (_, contents) => {
    expect(detect(memoryArchive(contents))).toMatchObject({family: null, nearest: null})
  })
})

describe('what a checkpoint says of its training', () => {
  it.each<[MemoryValue, object]>([
    [
      {epoch: 12, best_val_accuracy: 0.941},
      {epoch: 12, accuracy: 0.941}
    ],
    [{epoch: 12n}, {epoch: 12, accuracy: null}],
    [
      {epoch: 'twelve', best_val_accuracy: 94.1},
      {epoch: null, accuracy: null}
    ],
    [[], {epoch: null, accuracy: null}]
  ])('is taken from %o', (contents, facts) => {
    expect(checkpointFacts(memoryArchive(contents))).toEqual(facts)
  })
})
