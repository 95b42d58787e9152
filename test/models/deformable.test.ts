import {beforeAll, describe, expect, it} from 'vitest'
import {openBackend} from '@/lib/models/backend'
import {candidates} from '@/lib/models/candidates'
import {detect, load} from '@/lib/models/detect'
import type {Detection, Settings} from '@/lib/models/family'
import {throwIfAllRefused} from '@/lib/models/refusedInputs'
import {type MemoryValue, memoryArchive, tensor} from '../fixtures/memoryArchive'
import deformableAudio from '../fixtures/models/deformableAudio.json' with {type: 'json'}
import {deformableCases} from './deformable.cases'
import {archiveOf, type ModelFixture} from './fixtures'

deformableCases('cpu')
deformableCases('wasm')

const fixtures = deformableAudio as unknown as ModelFixture[]
type Dict = Record<string, MemoryValue>

/** The parameters of a fixture, some of them changed. */
const dictOf = (at: number, changes: Dict = {}): Dict => {
  const own = Object.fromEntries(
    Object.entries(fixtures[at]!.parameters).map(([key, {shape}]) => [key, tensor(shape, 0.1)])
  )
  const entries = Object.entries({...own, ...changes}).filter(([, value]) => value !== null)
  return Object.fromEntries(entries)
}

function found(contents: MemoryValue, settings: Settings = {}): Detection {
  const detection = detect(memoryArchive(contents), settings)
  if (detection.family === null) throw new Error(`nothing found; ${detection.nearest}`)
  return detection
}

describe('a deformable pyramid is recognised', () => {
  it('in a checkpoint of 2022, whose release, strides and range have to be asked', () => {
    const detection = found({model: dictOf(0), config: null}, {})
    expect(detection).toMatchObject({
      family: 'deformable-audio',
      title: 'deformable attention pyramid over spectrograms',
      at: 'stages',
      layers: 4,
      classCount: 3,
      headCount: 0,
      missing: [],
      unused: [],
      settings: {release: '2022', offsetRange: 2, samplingStrides: [1, 1]}
    })
    expect(detection.questions.map(({setting}) => setting)).toEqual(['release', 'offsetRange', 'samplingStrides'])
    // Indices and masks are not trained.
    const buffers = detection.bindings.filter(({role}) => /relative_position_index|attn_mask/.test(role))
    expect(buffers.length).toBe(4)
    const all = detection.bindings.reduce((sum, {shape}) => sum + shape.reduce((a, b) => a * b, 1), 0)
    const still = buffers.reduce((sum, {shape}) => sum + shape.reduce((a, b) => a * b, 1), 0)
    expect(detection.parameters).toBe(all - still)
  })

  it('and told from one of 2023 by its keys, with the strides published then', () => {
    const detection = found({model: dictOf(3)})
    expect(detection.settings).toMatchObject({offsetRange: -1, samplingStrides: [2, 1]})
    expect(detection.settings.release).toBeUndefined()
    expect(detection.questions.map(({setting}) => setting)).toEqual(['offsetRange', 'samplingStrides'])
  })

  it('with its strides where the file has them, and no question about a range that is learned', () => {
    const config = {sampling_strides: [2, 1]}
    const detection = found({model: dictOf(6), config})
    expect(detection.settings.samplingStrides).toEqual([2, 1])
    expect(detection.questions.map(({setting}) => setting)).toEqual(['samplingStrides'])
  })

  it('inside another model, beside what is not its own', () => {
    const inside = Object.fromEntries(
      Object.entries(dictOf(0)).map(([key, value]) => [`backbone.${key}`, value])
    ) as Dict
    const detection = found({state_dict: {...inside, 'neck.weight': tensor([2])}})
    expect(detection).toMatchObject({at: 'backbone', unused: ['neck.weight']})
  })

  it('and asks how wide a head is where no table tells', () => {
    expect(found({model: dictOf(2)}, {headWidth: 4}).questions.at(-1)).toMatchObject({setting: 'headWidth'})
    expect(() => found({model: dictOf(2)}, {headWidth: 5})).toThrow(
      'heads of 5 channels were asked for; a stage has 12'
    )
  })

  it('and refuses strides that cannot be', () => {
    expect(() => found({model: dictOf(0)}, {samplingStrides: [1]})).toThrow(
      'the strides 1 were asked for; 2 stages need one from 1 to 64 each'
    )
  })

  const otherBlock = Object.fromEntries(
    [
      ...['proj_qkv.weight', 'proj_qkv.bias', 'relative_position_bias_table'],
      ...['relative_position_index', 'proj_out.weight', 'proj_out.bias', 'attn_mask']
    ].map((name) => [`stages.0.attns.1.${name}`, null])
  )

  it.each<[string, Dict, readonly string[]]>([
    [
      'a projection of another width',
      {'stages.1.attns.1.proj_k.weight': tensor([12, 6, 1, 1])},
      ['pyramid: stages.1.attns.1.proj_k.weight is (12, 6, 1, 1); (12, 12, 1, 1) is needed']
    ],
    [
      'a first norm of another width, and not with all that stands beside it',
      {'stages.0.layer_norms.0.norm.weight': tensor([5])},
      ['pyramid: stages.0.layer_norms.0.norm.weight is (5); (6) is needed']
    ],
    [
      'groups that do not divide its channels',
      {'stages.1.attns.1.conv_offset.0.weight': tensor([5, 1, 3, 3])},
      [
        'pyramid: stages.1.attns.1.conv_offset.0.bias is (6); (5) is needed',
        'pyramid: stages.1.attns.1.conv_offset.1.norm.weight is (6); (5) is needed',
        'pyramid: stages.1.attns.1.conv_offset.1.norm.bias is (6); (5) is needed',
        'pyramid: stages.1.attns.1.conv_offset.3.weight is (2, 6, 1, 1); (2, 5, 1, 1) is needed',
        'pyramid: stages.1.attns.1.conv_offset.0.weight moves groups of 5 channels, which cannot share 12 equally'
      ]
    ],
    [
      'a table of windows that are none',
      {'stages.0.attns.0.relative_position_bias_table': tensor([10, 2])},
      [
        'pyramid: stages.0.attns.0.relative_position_bias_table is (10, 2); (2a − 1)(2b − 1) rows are needed for windows of a × b = 4 cells'
      ]
    ]
  ])('and refused with %s, both shapes said', async (_, changes, sentences) => {
    const contents = {model: dictOf(0, changes)}
    const detection = found(contents)
    expect([detection.disagreements, detection.missing]).toEqual([sentences, []])
    await expect(load(memoryArchive(contents), detection)).rejects.toThrow(sentences[0])
    const {modules} = candidates(memoryArchive(contents)).find(({family}) => family === 'deformable-audio')!
    expect(modules).toMatchObject([{disagreements: sentences, missing: []}])
  })

  it.each<[string, Dict, string]>([
    [
      'a norm that is not there',
      {'stages.0.layer_norms.1.norm.bias': null},
      'pyramid: stages.0.layer_norms.1.norm.bias is absent; (6) is needed'
    ],
    [
      'a first norm that is not there',
      {'stages.1.layer_norms.0.norm.weight': null},
      'pyramid: stages.1.layer_norms.0.norm.weight is absent; (12) is needed'
    ],
    [
      'no queries in a deformable block',
      {'stages.1.attns.1.proj_q.weight': null},
      'pyramid: stages.1.attns.1.proj_q.weight is absent; (12, 12, 1, 1) is needed'
    ],
    [
      'nothing to make a grid of its input with',
      {'patch_proj.0.bias': null},
      'pyramid: patch_proj.0.bias is absent; (6) is needed'
    ],
    [
      'a block of another kind',
      otherBlock,
      'pyramid: stages.0.attns.1 has none of proj_q, proj_qkv and qkv, which deformable, window and neighbourhood blocks have; blocks of other kinds are not read'
    ]
  ])('and refused with %s, named as what is missing', async (_, changes, sentence) => {
    const contents = {model: {...dictOf(0, changes), 'stages.0.attns.1.dwconv.weight': tensor([6, 1, 7, 7])}}
    const detection = found(contents)
    expect([detection.disagreements, detection.missing]).toEqual([[], [sentence]])
    await expect(load(memoryArchive(contents), detection)).rejects.toThrow(sentence)
  })
})

describe('a deformable pyramid', () => {
  beforeAll(async () => {
    await openBackend('wasm')
  })

  const loaded = async (at: number) => {
    const fixture = fixtures[at]!
    const archive = archiveOf(fixture)
    const model = await load(archive, detect(archive, fixture.settings) as Detection)
    return model
  }

  it('has a row for each block and a column for each cell of its finest grid', async () => {
    const model = await loaded(0)
    expect(model.axes([1, 32, 48])).toEqual({
      rows: 4,
      cols: 96,
      rowName: 'block',
      colName: 'cell',
      headRows: [[0, 4]],
      rowLabels: [
        'stage 1, block 1, window',
        'stage 1, block 2, shifted window',
        'stage 2, block 1, window',
        'stage 2, block 2, deformable'
      ],
      plane: {height: 8, width: 12, downName: 'frequency', acrossName: 'time'}
    })
    model.dispose()
  })

  it('takes a coarser grid where the finest has more than 1,024 cells', async () => {
    // Without tables of positions a pyramid is not bound to one size.
    const tables = {'stages.0.attns.1.rpe_table': null, 'stages.1.attns.0.rpe_table': null}
    const contents = {model: dictOf(3, tables)}
    const model = await load(memoryArchive(contents), found(contents))
    expect(model.axes([1, 200, 200]).plane).toMatchObject({height: 25, width: 25})
    model.dispose()
  })

  it.each<[string, number, readonly number[], string]>([
    [
      'of no axes that fit',
      0,
      [2, 2, 32, 48],
      'the inputs are (2, 2, 32, 48); the pyramid needs (batch, 1, mels, frames) or (batch, mels, frames) with at least 4 mels and 4 frames'
    ],
    ['too small for a patch', 0, [2, 3, 48], 'with at least 4 mels and 4 frames'],
    [
      'of a grid that windows do not divide',
      0,
      [1, 36, 48],
      'inputs are (36, 48), which makes stage 1 a grid (9, 12); its windows (2, 2) must divide it'
    ],
    ['of another grid than its tables', 0, [1, 32, 64], 'which makes stage 2 a grid (4, 8); its tables are for (4, 6)'],
    [
      'of a single region',
      4,
      [1, 4, 4],
      'which makes stage 1 a grid (1, 1); 2 sampling points are needed on each axis, and with a stride of 1 it has (1, 1)'
    ]
  ])('refuses inputs %s', async (_, at, shape, sentence) => {
    const model = await loaded(at)
    const values = Float32Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => Math.sin(i))
    await expect(model.arrange({dtype: 'f32', shape, values}, {})).rejects.toThrow(sentence)
    model.dispose()
  })

  it('refuses a neighbourhood that a file claims in a few bytes and no backend holds', async () => {
    const contents = {model: dictOf(3, {'stages.0.attns.0.rpb': tensor([2, 601, 601])})}
    const model = await load(memoryArchive(contents), found(contents))
    expect(() => model.axes([1, 27, 33])).toThrow('of more than 67,108,864 pairs of a query and a key')
    model.dispose()
  })

  it('says which input is silence, and which is not a number', async () => {
    const model = await loaded(0)
    const values = Float32Array.from({length: 2 * 32 * 48}, (_, i) => Math.sin(i))
    const silent = values.slice()
    silent.fill(-11.5, 32 * 48)
    const shape = [2, 32, 48]
    const samples = await model.arrange({dtype: 'f32', shape, values: silent}, {})
    expect(samples.refused).toEqual([
      {
        index: 1,
        title: 'Silence',
        because: 'is silence: all its 1,536 numbers are -11.5; a spectrogram of something is needed'
      }
    ])
    silent[7] = Number.NaN
    const none = await model.arrange({dtype: 'f32', shape, values: silent}, {})
    expect(() => throwIfAllRefused(none)).toThrow(
      'input 1 of 2 holds NaN at place 8 of 1,536; spectrograms of finite numbers are needed'
    )
    model.dispose()
  })

  it('gives NaN for what it refuses, and for the others what they give alone', async () => {
    const model = await loaded(0)
    const size = 32 * 48
    const values = Float32Array.from({length: 3 * size}, (_, i) => Math.sin(i * i))
    const [first, , last] = await Promise.all(
      [0, 1, 2].map((i) =>
        model.arrange({dtype: 'f32', shape: [32, 48], values: values.slice(i * size, (i + 1) * size)}, {})
      )
    )
    values[size + 5] = Number.NaN
    const samples = await model.arrange({dtype: 'f32', shape: [3, 32, 48], values}, {})
    const {density, logits, measures} = await model.run(samples, 0, 3)
    const cells = density.length / 3
    for (const [index, own] of [first!, last!].entries()) {
      const alone = await model.run(own, 0, 1)
      const at = 2 * index
      const shown = density.subarray(at * cells, (at + 1) * cells)
      for (const [cell, value] of alone.density.entries()) expect(shown[cell]).toBeCloseTo(value, 4)
    }
    expect(density.subarray(cells, 2 * cells).every(Number.isNaN)).toBe(true)
    const classes = logits!.length / 3
    expect(Array.from(logits!, Number.isNaN)).toEqual(
      Array.from({length: 3 * classes}, (_, i) => Math.floor(i / classes) === 1)
    )
    expect(measures![0]!.values.findIndex(Number.isNaN)).toBe(measures![0]!.values.length / 3)
    expect(await model.points!(samples, 1, 3, 0)).toBeNull()
    expect(values[size + 5]).toBeNaN()
    model.dispose()
  })

  it('has sampling points in deformable blocks alone, and none beyond its map', async () => {
    const model = await loaded(0)
    const values = Float32Array.from({length: 32 * 48}, (_, i) => Math.sin(i))
    const samples = await model.arrange({dtype: 'f32', shape: [32, 48], values}, {})
    expect(await model.points!(samples, 0, 0, 0)).toBeNull()
    const points = await model.points!(samples, 0, 3, 95)
    expect(points).toMatchObject({grid: [4, 6], query: 23, groups: 2})
    expect(points!.attention.length).toBe(4 * 24)
    await expect(model.points!(samples, 0, 4, 0)).rejects.toThrow(RangeError)
    model.dispose()
  })
})
