import {describe, expect, it} from 'vitest'
import {detect, load} from '@/lib/models/detect'
import type {Detection, Settings} from '@/lib/models/family'
import {type MemoryValue, memoryArchive, tensor} from '../fixtures/memoryArchive'

type Dict = Record<string, MemoryValue>

function found(contents: MemoryValue, settings: Settings = {}): Detection {
  const detection = detect(memoryArchive(contents), settings)
  if (detection.family === null) throw new Error(`nothing found; ${detection.nearest}`)
  return detection
}

const componentHeads = (at: string, count: number, extra: readonly string[] = []): Dict =>
  Object.fromEntries(
    Array.from({length: count}, (_, h) =>
      ['mean_offsets', 'c', ...extra].map((leaf) => [`${at}.${h}.${leaf}`, tensor([4], 1)] as const)
    ).flat()
  )

const gate = (at: string, channels: number): Dict => ({
  [`${at}.to_attn.weight`]: tensor([1, channels, 1]),
  [`${at}.to_attn.bias`]: tensor([1]),
  [`${at}.gaa.mean_offsets`]: tensor([4]),
  [`${at}.gaa.log_sigma`]: tensor([4]),
  [`${at}.alpha`]: tensor([])
})

const classifier = (
  layers: number,
  features: number,
  {hidden = 4, classes = 3, columns = layers * features} = {}
): Dict => ({
  'conv1.weight': tensor([hidden, layers, 3, 3]),
  'conv1.bias': tensor([hidden]),
  'conv2.weight': tensor([layers, hidden, 3, 3]),
  'conv2.bias': tensor([layers]),
  'fc.weight': tensor([classes, columns]),
  'fc.bias': tensor([classes])
})

/** GQDAAM as its scripts save it. */
const grouped = (list: string, heads: number, features: number): Dict => ({
  ...Object.fromEntries(
    Array.from({length: heads}, (_, h) =>
      ['c', 'mean_offset'].map((leaf) => [`${list}.${h}.${leaf}`, tensor([1, features])])
    ).flat()
  ),
  'gqa.q_proj.weight': tensor([512, 512]),
  'gqa.q_proj.bias': tensor([512]),
  'gqa.k_proj.weight': tensor([128, 512]),
  'gqa.k_proj.bias': tensor([128]),
  'gqa.v_proj.weight': tensor([128, 512]),
  'gqa.v_proj.bias': tensor([128]),
  'gqa.norm.weight': tensor([128]),
  'gqa.norm.bias': tensor([128]),
  'gqa.out_proj.weight': tensor([512, 128]),
  'gqa.out_proj.bias': tensor([512]),
  'embed_transform.weight': tensor([512, features]),
  'embed_transform.bias': tensor([512])
})

describe('additive density attention is recognised', () => {
  it('by weights beside mean_offsets and c', () => {
    const detection = found(componentHeads('attention_heads', 2, ['weights']))
    expect(detection).toMatchObject({
      family: 'additive-density',
      title: 'additive density attention heads',
      at: 'attention_heads.0–1',
      headCount: 2,
      parameters: 24,
      unused: []
    })
    expect(detection.bindings.map(({role}) => role)).toContain('head 1 weights')
  })

  it('by fixed_weights, which are kept apart from learned ones', () => {
    const {bindings} = found(componentHeads('attention_heads', 1, ['fixed_weights']))
    expect(bindings.map(({role}) => role)).toContain('head 0 fixed weights')
  })

  it('and refused when its weights are of another count', async () => {
    const contents = {...componentHeads('attention_heads', 1, ['weights']), 'attention_heads.0.weights': tensor([3])}
    const sentence = 'head 0 of layer 0: mean_offsets is (4) and its weights are (3); both must be (Gaussians)'
    await expect(load(memoryArchive(contents), found(contents))).rejects.toThrow(sentence)
  })
})

describe('the clamped form of a density block is recognised', () => {
  it.each([
    ['encoder.0.gaatn.layers.0.heads', 'encoder.0.gaatn.layers.0.heads.0–3'],
    ['encoder.0.gaatn.heads', 'encoder.0.gaatn.heads.0–3'],
    ['encoder.0.gaatn.layers.0.attention_heads', 'encoder.0.gaatn.layers.0.attention_heads.0–3']
  ])('in the layout %s', (list, at) => {
    const detection = found(componentHeads(list, 4))
    expect(detection).toMatchObject({family: 'density-block', at, headCount: 4})
    expect(detection.title).toContain('clamped log space')
  })

  it('and not where heads are called attention_heads without gaatn', () => {
    expect(found(componentHeads('block.layers.0.attention_heads', 4)).title).toBe('density block')
  })
})

describe('a density gate is recognised', () => {
  it('by log_sigma beside mean_offsets, whatever encoder it is in', () => {
    const detection = found(gate('target_encoder.encoder.2.gaatn_gate', 384))
    expect(detection).toMatchObject({
      family: 'density-gate',
      title: 'density gate',
      at: 'target_encoder.encoder.2.gaatn_gate',
      features: 384,
      parameters: 384 + 1 + 4 + 4 + 1,
      missing: [],
      unused: [],
      questions: []
    })
  })

  it('by delta and log_scale, and then asks what fills padding', () => {
    const contents = {
      'daam_gates.0.proj.weight': tensor([1, 16, 1]),
      'daam_gates.0.delta': tensor([4]),
      'daam_gates.0.log_scale': tensor([4])
    }
    const detection = found(contents, {paddingValue: 0})
    expect(detection).toMatchObject({title: 'density gate over slots', at: 'daam_gates.0', features: 16})
    expect(detection.missing).toEqual(['alpha: absent, so the strength is taken as 0.05, with which training begins'])
    const [padding] = detection.questions
    expect(padding!.options[padding!.chosen]!.value).toEqual({paddingValue: 0})
  })

  it('and refused when its Gaussians do not fit together', async () => {
    const contents = {...gate('g', 8), 'g.gaa.log_sigma': tensor([3])}
    await expect(load(memoryArchive(contents), found(contents))).rejects.toThrow(
      'gate: mean_offsets is (4) and log_sigma is (3); both must be (Gaussians)'
    )
  })
})

describe('grouped-query attention behind the heads is recognised', () => {
  it('as the speech script saves it: 24 × 512 folded 8 × 64', () => {
    const detection = found({...grouped('daam.gcts', 8, 1024), ...classifier(24, 512, {hidden: 512, classes: 4})})
    expect(detection).toMatchObject({
      family: 'layer-density-gqa',
      at: 'daam.gcts.0–7',
      layers: 24,
      features: 1024,
      classCount: 4,
      missing: [],
      unused: [],
      settings: {map: [8, 64], queryHeads: 8}
    })
    // Table 1 of arXiv 2401.11143v4 counts without the linear classifier; the script prints the same number.
    const counts = Object.fromEntries(detection.parts.map(({part, parameters}) => [part, parameters]))
    expect(counts).toEqual({
      'density heads': 16_384,
      'grouped-query attention': 460_288,
      embedding: 524_800,
      convolutions: 221_720,
      'linear classifier': 49_156
    })
    expect(detection.parameters - 49_156).toBe(1_223_192)
  })

  it('as the text script saves it: 40 × 512 folded 64 × 8', () => {
    const detection = found({...grouped('gct.gcts', 8, 5120), ...classifier(40, 512, {hidden: 512, classes: 4})})
    expect(detection.settings).toMatchObject({map: [64, 8], queryHeads: 8})
    expect(detection.parameters - 81_924).toBe(3_533_352)
  })

  it('and asks for its fold and its query heads, which no shape tells', () => {
    const {questions} = found({...grouped('daam.gcts', 8, 1024), ...classifier(24, 512)}, {queryHeads: 16})
    expect(questions.map(({setting}) => setting)).toEqual(['queryHeads', 'map'])
    expect(questions[0]!.options.map(({value}) => value.queryHeads)).toEqual([4, 8, 16, 32, 64])
    expect(questions[0]!.chosen).toBe(2)
    expect(questions[1]!.options.map(({label}) => label)).toEqual(expect.arrayContaining(['8 × 64', '64 × 8']))
    expect(() => found({...grouped('daam.gcts', 8, 1024), ...classifier(24, 512)}, {queryHeads: 3})).toThrow(
      /3 query heads were asked for; 512 numbers with keys of 128 allow 4, 8, /
    )
  })

  it('in the CIFAR-100 script, which cannot run, and says why', () => {
    const detection = found({...grouped('daam.gcts', 1, 1024), ...classifier(24, 512, {columns: 24 * 1024})})
    expect(detection).toMatchObject({family: 'layer-density-gqa', layers: 24, classCount: null})
    expect(detection.missing).toEqual([
      'fc.weight is (3, 24576); 24 layers × 512 need 12288 columns, so no prediction',
      'grouped-query attention leaves 512 numbers per layer, and the classifier was built for another count: this model cannot run as published (the CIFAR-100 script), only its densities can be drawn'
    ])
  })

  it('and its densities are drawn though a part of it is missing', () => {
    const {'gqa.v_proj.weight': _, ...contents} = grouped('daam.gcts', 2, 16)
    const {missing, settings} = found(contents)
    expect(missing).toContain(
      'gqa.v_proj.weight: absent, so grouped-query attention cannot run and there is no prediction'
    )
    expect(settings.queryHeads).toBeUndefined()
  })
})

describe('scalar layer weights are recognised', () => {
  it.each<[string, Dict, object]>([
    [
      'an s3prl checkpoint',
      {Featurizer: {weights: tensor([25])}, Downstream: {'w.weight': tensor([2, 2])}},
      {at: 'Featurizer.weights', layers: 25}
    ],
    [
      'a featurizer inside a model',
      {'encoder.featurizer.weights': tensor([7])},
      {at: 'encoder.featurizer.weights', layers: 7}
    ],
    [
      'the classifiers of transformers',
      {layer_weights: tensor([13]), 'projector.weight': tensor([2, 2]), 'classifier.weight': tensor([2, 2])},
      {at: 'layer_weights', layers: 13}
    ],
    [
      'a scalar mix',
      Object.fromEntries([
        ...[0, 1, 2].map((l) => [`mix.scalar_parameters.${l}`, tensor([1])]),
        ['mix.gamma', tensor([1])]
      ]) as Dict,
      {at: 'mix.scalar_parameters', layers: 3, title: 'scalar mix of layers', parameters: 4}
    ]
  ])('in %s, whose code takes a softmax', (_, contents, expected) => {
    const detection = found(contents)
    expect(detection).toMatchObject({
      family: 'layer-weights',
      headCount: 0,
      settings: {layerMix: 'softmax'},
      ...expected
    })
    expect(detection.questions).toEqual([])
  })

  it.each<[string, Dict]>([
    ['layer_weights of an unknown model', {'pool.layer_weights': tensor([24])}],
    ['weights for the states of a large encoder', {'pool.weights': tensor([25])}]
  ])('in %s, which asks whether a softmax is taken', (_, contents) => {
    const [question] = found(contents, {layerMix: 'raw'}).questions
    expect(question).toMatchObject({setting: 'layerMix', chosen: 1})
  })

  it.each<[string, Dict]>([
    ['weights of any other length', {'pool.weights': tensor([24])}],
    ['weights of two axes', {'featurizer.weights': tensor([25, 2])}]
  ])('but not in %s', (_, contents) => {
    expect(detect(memoryArchive(contents)).family).toBeNull()
  })

  it('and refused when a scalar mix skips a layer', async () => {
    const contents = {'scalar_parameters.0': tensor([1]), 'scalar_parameters.2': tensor([1])}
    await expect(load(memoryArchive(contents), found(contents))).rejects.toThrow(
      'layer 1: no weight in scalar_parameters'
    )
  })
})

describe('a multi-head attention baseline is recognised', () => {
  const attention = (at: string, features: number): Dict => ({
    [`${at}.in_proj_weight`]: tensor([3 * features, features]),
    [`${at}.in_proj_bias`]: tensor([3 * features]),
    [`${at}.out_proj.weight`]: tensor([features, features]),
    [`${at}.out_proj.bias`]: tensor([features])
  })

  it.each(['mha', 'gct'])('under the name %s, with its parameters and no importance', (at) => {
    const detection = found({...attention(at, 1024), ...classifier(24, 1024, {hidden: 512, classes: 100})})
    expect(detection).toMatchObject({family: 'attention-baseline', at, layers: 24, features: 1024, unused: []})
    expect(detection.parameters).toBe(6_877_820)
    expect(detection.missing[0]).toMatch(/^no density attention: .*attends across the inputs of a batch/)
  })

  it('with its batch norm, whose running statistics are not counted', () => {
    const norm = Object.fromEntries(
      ['weight', 'bias', 'running_mean', 'running_var'].map((leaf) => [`batch_norm.${leaf}`, tensor([24])])
    ) as Dict
    const contents = {...attention('mha', 1024), ...norm, ...classifier(24, 1024, {hidden: 512, classes: 100})}
    expect(found(contents).parameters).toBe(6_877_868)
  })

  it('but not in an ordinary transformer, which the nearest sentence says', () => {
    const detection = detect(memoryArchive(attention('encoder.layers.0.self_attn', 8)))
    expect(detection.family === null && detection.nearest).toBe(
      'encoder.layers.0.self_attn.in_proj_weight is ordinary multi-head attention; the published baselines have conv1, conv2 and fc beside it.'
    )
  })
})

describe('LoRA adapters are recognised', () => {
  const compared = (detection: Detection) =>
    detection.parts.filter(({kind}) => kind === 'compared').map(({parameters}) => parameters)

  it('as the authors wrote them, with their classifier, and compared with density attention', () => {
    const adapters = Array.from({length: 24}, (_, l) =>
      ['q_proj', 'v_proj'].map((name) => {
        const at = `encoder.layers.${l}.attention.${name}`
        return {
          [`${at}.weight`]: tensor([1024, 1024]),
          [`${at}.lora.A`]: tensor([1024, 4]),
          [`${at}.lora.B`]: tensor([4, 1024])
        }
      })
    ).flat()
    const contents = Object.assign({'classifier.weight': tensor([4, 256]), 'classifier.bias': tensor([4])}, ...adapters)
    const detection = found(contents)
    expect(detection).toMatchObject({
      family: 'lora-adapters',
      at: 'q_proj, v_proj of 24 layers',
      layers: 24,
      features: 1024
    })
    // The smallest LoRA of arXiv 2401.11143v4, Table 1, and what stands beside it there.
    expect(detection.parameters).toBe(394_244)
    expect(compared(detection)).toEqual([16_384, 2_048, 221_720])
  })

  it('as peft saves them, under any adapter name', () => {
    const at = 'base_model.model.model.layers.0.self_attn.q_proj'
    const contents = {
      [`${at}.lora_A.default.weight`]: tensor([8, 5120]),
      [`${at}.lora_B.default.weight`]: tensor([5120, 8])
    }
    expect(found(contents)).toMatchObject({at: 'q_proj of 1 layer', features: 5120, parameters: 2 * 8 * 5120})
  })

  it('but not when A and B have different ranks', () => {
    const contents = {'q.lora.A': tensor([8, 4]), 'q.lora.B': tensor([2, 8])}
    expect(detect(memoryArchive(contents)).family).toBeNull()
  })
})

describe('several modules in one file', () => {
  const gates = {...gate('encoder.0.gaatn_gate', 8), ...gate('encoder.1.gaatn_gate', 16)}

  it('are all named, the first is taken, and the question offers each', () => {
    const detection = found(gates)
    expect(detection).toMatchObject({
      at: 'encoder.0.gaatn_gate',
      others: [{at: 'encoder.1.gaatn_gate', title: 'density gate'}],
      settings: {module: 'encoder.0.gaatn_gate'}
    })
    const [question] = detection.questions
    expect(question).toMatchObject({setting: 'module', chosen: 0})
    expect(question!.options.map(({value}) => value.module)).toEqual(['encoder.0.gaatn_gate', 'encoder.1.gaatn_gate'])
  })

  it('do not count each other’s tensors as unused', () => {
    expect(found({...gates, 'encoder.0.conv.weight': tensor([2, 2])}).unused).toEqual(['encoder.0.conv.weight'])
  })

  it('can be picked by where they stand', () => {
    const detection = found(gates, {module: 'encoder.1.gaatn_gate'})
    expect(detection).toMatchObject({features: 16, others: [{at: 'encoder.0.gaatn_gate'}]})
    expect(detection.questions[0]!.chosen).toBe(1)
  })

  it('of several families come with density attention first', () => {
    const both = {layer_weights: tensor([25]), ...componentHeads('pool.attention_heads', 2)}
    expect(found(both)).toMatchObject({family: 'density-block', others: [{at: 'layer_weights'}]})
    expect(found(both, {module: 'layer_weights'}).family).toBe('layer-weights')
  })

  it('with a setting that only one of them can hold do not hinder each other', () => {
    const two = {
      ...componentHeads('pool.attention_heads', 1),
      ...Object.fromEntries(['c', 'mean_offset'].map((leaf) => [`daam.gcts.0.${leaf}`, tensor([1, 6])])),
      ...classifier(2, 6)
    }
    expect(found(two, {map: [2, 3]}).settings.map).toEqual([2, 3])
  })

  it('and one that is not there is refused with those that are', () => {
    expect(() => found(gates, {module: 'encoder.7'})).toThrow(
      'the module encoder.7 was asked for; this file has encoder.0.gaatn_gate; encoder.1.gaatn_gate'
    )
  })

  it('one alone is not asked about', () => {
    const {questions, settings, others} = found(gate('g', 4))
    expect([questions, others, settings.module]).toEqual([[], [], undefined])
  })
})

describe('what is not read is named', () => {
  it.each<[string, Dict]>([
    [
      'layer_attention.q_proj.weight belongs to attention over layers whose weights depend on each input',
      {'layer_attention.q_proj.weight': tensor([4, 4])}
    ],
    ['belongs to deformable attention', {'stages.2.attns.1.conv_offset.0.weight': tensor([4, 1, 5, 5])}],
    ['belongs to discriminators', {mpd: {'convs.0.weight': tensor([2, 2])}}]
  ])('%s', (sentence, contents) => {
    const detection = detect(memoryArchive(contents))
    expect(detection.family === null && detection.nearest).toContain(sentence)
  })
})

it.each<[string, Dict, string]>([
  [
    'a million Gaussians of a gate',
    {...gate('g', 8), 'g.gaa.log_sigma': tensor([1_000_000]), 'g.gaa.mean_offsets': tensor([1_000_000])},
    'gate: mean_offsets is (1000000); at most 65,536 Gaussians can be drawn'
  ],
  [
    'a million Gaussians of a block',
    {'attention_heads.0.mean_offsets': tensor([1_000_000]), 'attention_heads.0.c': tensor([1_000_000])},
    'head 0 of layer 0: c is (1000000); at most 65,536 Gaussians can be drawn'
  ],
  [
    'a million layers with a weight each',
    {layer_weights: tensor([1_000_000])},
    'layer 4096: one of 1,000,000 weights; at most 4,096 layers can be drawn'
  ]
])('%s, which a file may claim in a few bytes, are refused before they are read', async (_, contents, sentence) => {
  const archive = memoryArchive(contents)
  const detection = found(contents)
  expect(detection.missing).toContain(sentence)
  await expect(load(archive, detection)).rejects.toThrow(sentence)
})
