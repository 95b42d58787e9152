import {describe, expect, it} from 'vitest'
import type {TensorValues} from '@/lib/formats/archive'
import {candidates} from '@/lib/models/candidates'
import {detect, load} from '@/lib/models/detect'
import type {Detection, LoadedModel, Settings} from '@/lib/models/family'
import {type MemoryValue, memoryArchive, tensor} from '../fixtures/memoryArchive'

type Dict = Record<string, MemoryValue>

function found(contents: MemoryValue, settings: Settings = {}): Detection {
  const detection = detect(memoryArchive(contents), settings)
  if (detection.family === null) throw new Error(`nothing found; ${detection.nearest}`)
  return detection
}

const linear = (at: string, outputs: number, inputs: number): Dict => ({
  [`${at}.weight`]: tensor([outputs, inputs], 0.1),
  [`${at}.bias`]: tensor([outputs])
})

/** Hops as SAN is commonly written in PyTorch. */
const hops = (at: string, count: number, {state = 4, width = 6, ask = 'ff_questions', latent = false} = {}): Dict =>
  Object.assign(
    {},
    ...Array.from({length: count}, (_, k) => ({
      ...linear(`${at}.${k}.ff_image`, width, state),
      ...linear(`${at}.${k}.${ask}`, width, state),
      ...linear(`${at}.${k}.ff_attention`, 1, width),
      ...(latent && k > 0 ? {[`${at}.${k}.ff_latent.weight`]: tensor([width, width], 0.1)} : {})
    }))
  )

const words = (at: string, count: number): Dict =>
  Object.assign(
    {},
    ...Array.from({length: count}, (_, k) => ({
      ...linear(`${at}.${k}.ff_words`, 6, 4),
      ...linear(`${at}.${k}.ff_words_questions`, 6, 4),
      ...linear(`${at}.${k}.ff_words_attention`, 1, 6)
    }))
  )

/** The parameters that imageqa-san saves, but narrower, and without what reads questions. */
const released = (): Dict => ({
  options: {n_dim: 8},
  params: {
    w_emb: tensor([9, 3]),
    image_mlp_w: tensor([6, 8]),
    image_mlp_b: tensor([8]),
    ...Object.assign(
      {},
      ...[1, 2].map((k) => ({
        [`image_att_mlp_${k}_w`]: tensor([8, 4]),
        [`image_att_mlp_${k}_b`]: tensor([4]),
        [`sent_att_mlp_${k}_w`]: tensor([8, 4]),
        [`sent_att_mlp_${k}_b`]: tensor([4]),
        [`combined_att_mlp_${k}_w`]: tensor([4, 1]),
        [`combined_att_mlp_${k}_b`]: tensor([1])
      }))
    ),
    combined_mlp_0_w: tensor([8, 10]),
    combined_mlp_0_b: tensor([10])
  }
})

describe('stacked attention is recognised', () => {
  it('in PyTorch, by what looks, asks and points in each hop of a list, with the answer behind it', () => {
    const detection = found({...hops('san', 2), ...linear('mlp.1', 9, 4), ...linear('embed', 7, 3)})
    expect(detection).toMatchObject({
      family: 'stacked-latent',
      title: 'stacked attention',
      at: 'san.0–1',
      layers: 2,
      classCount: 9,
      missing: [],
      unused: ['embed.weight', 'embed.bias']
    })
    expect(detection.parameters).toBe(2 * (30 + 30 + 7) + 45)
  })

  it.each([
    ['behind module., under state_dict', {state_dict: hops('module.net.san', 3, {ask: 'ff_ques'})}, 'net.san.0–2', 3],
    ['alone, without a list', hops('x', 1), 'x.0', 1],
    [
      'by bare names',
      Object.fromEntries(Object.entries(hops('x', 1)).map(([k, v]) => [k.slice(4), v])),
      'ff_image, ff_questions, ff_attention',
      1
    ]
  ])('%s', (_, contents, at, layers) => {
    expect(found(contents)).toMatchObject({family: 'stacked-latent', at, layers})
    expect(found(contents).missing).toEqual(['answer: absent, so no answer and no gradient from it'])
  })

  it('as the released code saves it, weights (in, out)', () => {
    expect(found(released())).toMatchObject({
      title: 'stacked attention, as in the released code',
      at: 'params.image_att_mlp_1–2',
      layers: 2,
      classCount: 10,
      missing: [],
      unused: ['params.w_emb']
    })
  })

  it('as latent where a hop carries latent states on, or the answer reads them', () => {
    const {title, missing} = found({...hops('sla', 3, {latent: true}), ...linear('answer', 5, 10)})
    expect([title, missing]).toEqual(['stacked latent attention, a reconstruction', []])
    expect(found({...hops('sla', 1), ...linear('answer', 5, 10)}).title).toBe(
      'stacked latent attention, a reconstruction'
    )
    expect(found({...hops('san', 1), ...linear('answer', 5, 4)}).title).toBe('stacked attention')
  })

  it('with a second stream over words', () => {
    const contents = {...hops('sla', 2, {latent: true}), ...words('sla', 2), ...linear('answer', 5, 16)}
    expect(found(contents).title).toBe('stacked latent attention, a reconstruction, two streams')
    expect(found(contents).missing).toEqual([
      'hop 2 over words: sla.1.ff_words_latent.weight is absent; (6, 6) is needed'
    ])
  })

  it.each([
    ['ff_image alone', linear('vit.0.ff_image', 6, 4)],
    ['a bare layer of modality weights', {'attention.0.weight': tensor([3, 12])}],
    ['a released file without what points', {params: {image_att_mlp_1_w: tensor([4, 3])}}]
  ])('and not in %s', (_, contents) => {
    expect(detect(memoryArchive(contents)).family).toBeNull()
  })
})

const whole = {...hops('sla', 2, {latent: true}), ...linear('answer', 5, 10)}

describe('a stack whose parts do not fit is shown, and refused with both shapes when it is to run', () => {
  it.each([
    [
      'a question of another width',
      linear('sla.1.ff_questions', 6, 5),
      'hop 2 over regions: sla.1.ff_questions.weight (6, 5) has 5 columns, the state has 4 numbers'
    ],
    [
      'a first hop that asks otherwise than all the rest',
      linear('sla.0.ff_questions', 7, 4),
      'hop 1 over regions: sla.0.ff_questions.weight (7, 4) has 7 rows, its latent states have 6 numbers'
    ],
    [
      'two ways to point',
      linear('sla.0.ff_attention', 2, 6),
      'hop 1 over regions: sla.0.ff_attention.weight (2, 6) has 2 rows, one is needed'
    ],
    [
      'latent states of another width',
      {'sla.1.ff_latent.weight': tensor([6, 5])},
      'hop 2 over regions: sla.1.ff_latent.weight (6, 5) has 5 columns, hop 1 has latent states of 6 numbers'
    ],
    [
      'latent states before the first hop',
      {'sla.0.ff_latent.weight': tensor([6, 6])},
      'hop 1 over regions: sla.0.ff_latent.weight carries latent states on, and there is no hop before it'
    ],
    [
      'a bias of another length',
      {'sla.0.ff_image.bias': tensor([5])},
      'hop 1 over regions: sla.0.ff_image.bias has 5 numbers, sla.0.ff_image.weight gives 6'
    ],
    [
      'a weight of one axis',
      {'sla.0.ff_attention.weight': tensor([6])},
      'hop 1 over regions: sla.0.ff_attention.weight is (6); (1, 6) is needed'
    ],
    [
      'nothing to look with',
      {'sla.0.ff_image.weight': tensor([0, 4])},
      'hop 1 over regions: sla.0.ff_image.weight is (0, 4); (6, 4) is needed'
    ],
    [
      'a projection to another width',
      linear('image', 5, 9),
      'stack: image.weight (5, 9) has 5 rows, the state has 4 numbers'
    ]
  ])('%s', async (_, broken, sentence) => {
    const contents = {...whole, ...broken}
    const detection = found(contents)
    expect([detection.disagreements, detection.missing]).toEqual([[sentence], []])
    await expect(load(memoryArchive(contents), detection, {running: true})).rejects.toThrow(sentence)
  })

  it.each([
    ['a hop that is missing', hopAt(3), ['hop 3 over regions: absent from its list']],
    [
      'a hop in the middle that cannot point',
      {...hops('sla', 3, {latent: true}), 'sla.1.ff_attention.weight': 0},
      ['hop 2 over regions: sla.1.ff_attention.weight is absent; (1, 6) is needed']
    ],
    [
      'a last hop that cannot point',
      {'sla.1.ff_attention.weight': 0},
      ['hop 2 over regions: sla.1.ff_attention.weight is absent; (1, 6) is needed']
    ],
    [
      'a hop that only looks',
      {'sla.2.ff_image.weight': tensor([7, 4])},
      [
        'hop 3 over regions: sla.2.ff_questions.weight is absent; (7, 4) is needed',
        'hop 3 over regions: sla.2.ff_attention.weight is absent; (1, 7) is needed',
        'hop 3 over regions: sla.2.ff_latent.weight is absent; (7, 6) is needed'
      ]
    ]
  ])('%s', async (_, broken, sentences) => {
    const contents = {...whole, ...broken}
    const detection = found(contents)
    expect(detection.missing.slice(0, sentences.length)).toEqual(sentences)
    await expect(load(memoryArchive(contents), detection, {running: true})).rejects.toThrow(sentences[0])
  })

  it('a hop of the released code that cannot point', () => {
    const {combined_att_mlp_2_w: _, ...params} = released().params as Dict
    expect(found({params}).missing).toEqual([
      'hop 2 over regions: params.combined_att_mlp_2_w is absent; (4, 1) is needed'
    ])
  })
})

describe('an answer that does not fit is left out, with both numbers', () => {
  it.each([
    [
      'in another width than the state',
      {...hops('san', 2), ...linear('answer', 5, 12)},
      'answer: answer.weight (5, 12) has 12 columns, the state gives 4, so no answer and no gradient from it'
    ],
    [
      'to the state alone behind latent attention',
      {...whole, ...linear('answer', 5, 4)},
      'answer: answer.weight (5, 4) has 4 columns, the state and the latent states of the last hop give 10, so no answer and no gradient from it'
    ],
    [
      'as released, where weights are the other way round',
      {params: {...(released().params as Dict), combined_mlp_0_w: tensor([9, 10])}},
      'answer: params.combined_mlp_0_w (9, 10) has 9 rows, the state gives 8, so no answer and no gradient from it'
    ]
  ])('%s', async (_, contents, sentence) => {
    const detection = found(contents)
    expect(detection).toMatchObject({disagreements: [sentence], missing: [], classCount: null, layers: 2})
    const model = await load(memoryArchive(contents), detection, {running: true})
    expect(model.runs).toBe(true)
    model.dispose()
  })
})

it('the panel that shows what was found tells shapes that disagree from what is absent', () => {
  const contents = {...whole, ...linear('sla.1.ff_questions', 6, 5), 'sla.0.ff_attention.weight': 0}
  const {modules} = candidates(memoryArchive(contents)).find(({family}) => family === 'stacked-latent')!
  expect(modules).toMatchObject([
    {
      disagreements: ['hop 2 over regions: sla.1.ff_questions.weight (6, 5) has 5 columns, the state has 4 numbers'],
      missing: ['hop 1 over regions: sla.0.ff_attention.weight is absent; (1, 6) is needed']
    }
  ])
})

it('layers of hops none of which is whole are no stack, and are named as what is nearest', () => {
  const contents = {...hops('san', 2), 'san.0.ff_attention.weight': 0, 'san.1.ff_attention.weight': 0}
  expect(detect(memoryArchive(contents))).toMatchObject({
    family: null,
    nearest:
      'san.0.ff_image.weight belongs to stacked attention, but no hop has ff_image, ff_questions and ff_attention weights together.'
  })
})

function hopAt(index: number): Dict {
  const [first] = [hops('sla', 1)]
  return Object.fromEntries(Object.entries(first).map(([key, value]) => [key.replace('sla.0', `sla.${index}`), value]))
}

describe('inputs of stacked attention', () => {
  const values = (...shape: number[]): TensorValues => ({
    dtype: 'f32',
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1))
  })
  const model = (settings: Settings = {}): Promise<LoadedModel> => {
    const contents = {
      ...hops('sla', 2, {latent: true}),
      ...words('sla', 2),
      'sla.1.ff_words_latent.weight': tensor([6, 6])
    }
    return load(memoryArchive(contents), found(contents, settings), {running: true})
  }
  const beside = (arrays: Record<string, TensorValues>) => new Map(Object.entries(arrays))

  it('are regions, a question and words, each said with its shape', async () => {
    const {arrange, axes, inputNames} = await model()
    expect(inputNames).toEqual(['regions', 'question', 'words'])
    const samples = await arrange(values(3, 6, 4), {}, beside({question: values(3, 4), words: values(3, 2, 4)}))
    expect(samples.reading).toBe(
      '(3, 6, 4) read as batch, regions, features; beside them question (4) and words (2, 4)'
    )
    expect(axes(samples.sampleShape, samples.beside)).toEqual({
      rows: 2,
      cols: 8,
      rowName: 'hop',
      colName: 'region',
      headRows: [[0, 2]],
      plane: {height: 2, width: 3, downName: 'row', acrossName: 'column', after: ['word 1', 'word 2']}
    })
  })

  it.each([
    [
      'no question',
      values(3, 6, 4),
      {words: values(3, 2, 4)},
      'found regions (3, 6, 4) and no question; question (3, 4) is needed'
    ],
    [
      'a question of another width',
      values(3, 6, 4),
      {question: values(3, 5), words: values(3, 2, 4)},
      'question is (3, 5) beside regions (3, 6, 4); (3, 4) is needed'
    ],
    [
      'fewer questions than regions',
      values(3, 6, 4),
      {question: values(2, 4), words: values(3, 2, 4)},
      'question is (2, 4) beside regions (3, 6, 4); (3, 4) is needed'
    ],
    [
      'no word',
      values(3, 6, 4),
      {question: values(3, 4), words: values(3, 0, 4)},
      'words is (3, 0, 4) beside regions (3, 6, 4); (3, words, 4) is needed'
    ],
    ['regions of another width', values(3, 6, 5), {}, 'the regions are (3, 6, 5); (inputs, regions, 4) is needed'],
    [
      'a single region',
      values(3, 1, 4),
      {},
      'the regions are (3, 1, 4), one for each input; two or more are needed, because attention over one is always 1'
    ],
    ['no region', values(3, 0, 4), {}, 'the regions are (3, 0, 4); (inputs, regions, 4) is needed']
  ])('with %s are refused', async (_, regions, arrays, sentence) => {
    const {arrange} = await model()
    await expect(arrange(regions, {}, beside(arrays as Record<string, TensorValues>))).rejects.toThrow(sentence)
  })

  it('lie on the picture as the setting says, which must hold them', async () => {
    expect((await model({map: [1, 6]})).axes([6, 4]).plane).toMatchObject({height: 1, width: 6})
    const {axes} = await model({map: [2, 2]})
    expect(() => axes([6, 4])).toThrow('a map of 2 × 2 has 4 places; the inputs have 6 regions')
  })
})
