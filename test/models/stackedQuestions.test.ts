import {beforeAll, describe, expect, it} from 'vitest'
import type {TensorValues} from '@/lib/formats/archive'
import {openBackend} from '@/lib/models/backend'
import {complaintsOf} from '@/lib/models/complaintsOf'
import {detect, load} from '@/lib/models/detect'
import type {Detection, LoadedModel, Samples, Settings} from '@/lib/models/family'
import {throwIfAllRefused} from '@/lib/models/refusedInputs'
import {type MemoryValue, memoryArchive, tensor} from '../fixtures/memoryArchive'

type Dict = Record<string, MemoryValue>

const waves = (...shape: number[]) => tensor(shape, (i) => Math.sin(1 + i))

/** One hop over a state of 4 numbers. */
const stack: Dict = {
  'san.0.ff_image.weight': waves(3, 4),
  'san.0.ff_questions.weight': waves(3, 4),
  'san.0.ff_attention.weight': waves(1, 3),
  'answer.weight': waves(2, 4)
}
const lstm = {'lstm.weight_ih_l0': waves(16, 3), 'lstm.weight_hh_l0': waves(16, 4)}
const table = {'embedding.weight': waves(6, 3)}

const releasedStack = {
  image_mlp_w: waves(5, 4),
  image_att_mlp_1_w: waves(4, 3),
  sent_att_mlp_1_w: waves(4, 3),
  combined_att_mlp_1_w: waves(3, 1),
  combined_mlp_0_w: waves(4, 2)
}
const sentence = {
  w_emb: waves(6, 3),
  sent_lstm_w_x: waves(3, 16),
  sent_lstm_w_h: waves(4, 16),
  sent_lstm_b_h: waves(16)
}
const grams = {w_emb: waves(6, 3), conv_unigram_w: waves(3, 1), conv_bigram_w: waves(6, 2), conv_trigram_w: waves(9, 1)}
const released = (params: Dict, options: Dict = {reverse: true, use_tanh: false}): Dict => ({
  options,
  params: {...releasedStack, ...params}
})

function found(contents: MemoryValue, settings: Settings = {}): Detection {
  const detection = detect(memoryArchive(contents), settings)
  if (detection.family === null) throw new Error(`nothing found; ${detection.nearest}`)
  return detection
}

const rolesOf = ({bindings}: Detection) =>
  bindings.flatMap(({role, name}) => (role.startsWith('question encoder') ? [`${role}: ${name}`] : []))

describe('the question encoder of a stack is recognised', () => {
  it('in PyTorch, an LSTM with its embeddings beside the list of hops', () => {
    const detection = found({...stack, ...lstm, 'lstm.bias_ih_l0': waves(16), 'lstm.bias_hh_l0': waves(16), ...table})
    expect(rolesOf(detection)).toEqual([
      'question encoder LSTM input weight: lstm.weight_ih_l0',
      'question encoder LSTM state weight: lstm.weight_hh_l0',
      'question encoder LSTM input bias: lstm.bias_ih_l0',
      'question encoder LSTM state bias: lstm.bias_hh_l0',
      'question encoder embedding: embedding.weight'
    ])
    expect(detection).toMatchObject({missing: [], unused: [], questions: [], settings: {}})
    expect(detection.parts.at(-1)).toEqual({
      part: 'question encoder',
      parameters: 16 * 3 + 16 * 4 + 2 * 16 + 6 * 3,
      kind: 'own'
    })
  })

  it.each(['lstm', 'question_lstm', 'rnn', 'encoder', 'question_encoder'])('under the name %s', (name) => {
    const renamed = Object.entries({...stack, ...lstm}).map(([key, value]) => [key.replace('lstm.', `${name}.`), value])
    expect(rolesOf(found({state_dict: Object.fromEntries(renamed)}))).toHaveLength(2)
  })

  it('as the released code saves it, read as the options beside its parameters say', () => {
    const detection = found(released(sentence, {reverse: false, use_tanh: true}))
    expect(rolesOf(detection)).toEqual([
      'question encoder input weight: params.sent_lstm_w_x',
      'question encoder state weight: params.sent_lstm_w_h',
      'question encoder bias: params.sent_lstm_b_h',
      'question encoder embedding: params.w_emb'
    ])
    expect(detection).toMatchObject({missing: [], unused: [], questions: []})
    expect(detection.settings).toEqual({questionOrder: 'forward', lstmOutput: 'tanh'})
    expect(found(released(sentence, {reverse: false}), {questionOrder: 'backward'}).settings.questionOrder).toBe(
      'backward'
    )
  })

  it('as released, where no options say how it reads, with the question left open', () => {
    const {settings, questions} = found(releasedWithoutOptions(sentence))
    expect(settings).toEqual({questionOrder: 'backward', lstmOutput: 'cell'})
    expect(questions.map(({setting, chosen, options}) => [setting, options[chosen]!.value])).toEqual([
      ['questionOrder', {questionOrder: 'backward'}],
      ['lstmOutput', {lstmOutput: 'cell'}]
    ])
    const convolving = found(releasedWithoutOptions(grams))
    expect(convolving.settings).toEqual({questionOrder: 'forward'})
    expect(convolving.questions.map(({setting}) => setting)).toEqual(['questionOrder'])
    expect(rolesOf(convolving)).toHaveLength(4)
  })

  it('and a stack without one is what it was', () => {
    const detection = found({...stack, ...table})
    expect(detection).toMatchObject({missing: [], unused: ['embedding.weight'], questions: [], settings: {}})
    expect(rolesOf(detection)).toEqual([])
  })
})

const releasedWithoutOptions = (params: Dict): Dict => ({...releasedStack, ...params})

describe('a question encoder that does not run here is named with what was found and what is needed', () => {
  it.each<[string, Dict, string]>([
    [
      'two layers',
      {...stack, ...lstm, 'lstm.weight_ih_l1': waves(16, 4)},
      'lstm has 2 layers; an LSTM of one layer is needed'
    ],
    [
      'two directions',
      {...stack, ...lstm, 'lstm.weight_ih_l0_reverse': waves(16, 3)},
      'lstm reads both ways; an LSTM of one direction is needed'
    ],
    [
      'a projected state',
      {...stack, ...lstm, 'lstm.weight_hr_l0': waves(4, 4)},
      'lstm projects its state; an LSTM without proj_size is needed'
    ],
    [
      'a GRU',
      {...stack, 'rnn.weight_ih_l0': waves(12, 3), 'rnn.weight_hh_l0': waves(12, 4)},
      'rnn has the three gates of a GRU; an LSTM, with four, is needed'
    ],
    [
      'a plain RNN',
      {...stack, 'rnn.weight_ih_l0': waves(4, 3), 'rnn.weight_hh_l0': waves(4, 4)},
      'rnn has no gates, as a plain RNN; an LSTM, with four, is needed'
    ],
    [
      'another width',
      {...stack, 'lstm.weight_ih_l0': waves(20, 3), 'lstm.weight_hh_l0': waves(20, 5)},
      'lstm has a state of 5; 4 is needed, as wide as that of the stack'
    ],
    [
      'half of an LSTM',
      {...stack, 'lstm.weight_ih_l0': waves(16, 3)},
      'lstm.weight_hh_l0 is absent; (16, 4) is needed'
    ],
    ['a short bias', {...stack, ...lstm, 'lstm.bias_hh_l0': waves(4)}, 'lstm.bias_hh_l0 is (4); (16) is needed'],
    [
      'half of the released LSTM',
      released({sent_lstm_w_x: waves(3, 16)}),
      'params.sent_lstm_w_h is absent; (4, 16) is needed'
    ],
    [
      'convolutions that give too little',
      released({...grams, conv_trigram_w: waves(9, 3)}),
      'its convolutions give 6 numbers; 4 are needed, as wide as the state'
    ],
    [
      'a bigram of another width',
      released({...grams, conv_bigram_w: waves(5, 2)}),
      'params.conv_bigram_w is (5, 2); (6, any) is needed'
    ],
    ['another activation', released(grams, {sent_conv_act: 'relu'}), 'sent_conv_act is relu; tanh is needed']
  ])('%s', async (_, contents, sentence) => {
    const detection = found(contents)
    expect(complaintsOf(detection)).toContain(`question encoder: ${sentence}`)
    // Shapes stand apart from what is absent, or of another kind altogether.
    expect(detection.disagreements!.length).toBe(Number(/ is \(|a state of|convolutions give/.test(sentence)))
    expect(rolesOf(detection)).toEqual([])
    // Question vectors are read as ever; words are refused for this reason.
    const model = await load(memoryArchive(contents), detection, {running: true})
    const regions = values([2, 3, contents.params ? 5 : 4])
    const {beside} = await model.arrange(regions, {}, new Map([['question', values([2, 4])]]))
    expect(beside).toMatchObject([{name: 'question', shape: [4]}])
    await expect(model.arrange(regions, {}, new Map([['tokens', values([2, 3, 3])]]))).rejects.toThrow(
      `no question; question (2, 4) is needed, because its question encoder does not run here: ${sentence}`
    )
  })

  it('embeddings of another width, without which tokens are still read', async () => {
    const contents = {...stack, ...lstm, 'embedding.weight': waves(6, 2)}
    const detection = found(contents)
    expect(detection.disagreements).toEqual(['question encoder: embedding.weight is (6, 2); (any, 3) is needed'])
    expect(rolesOf(detection)).toHaveLength(2)
  })
})

const values = (shape: number[], numbers?: readonly number[]): TensorValues => ({
  dtype: 'f32',
  shape,
  values: Float32Array.from(numbers ?? Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => Math.cos(i)))
})
const ids = (shape: number[], numbers: readonly number[]): TensorValues => ({
  dtype: 'i64',
  shape,
  values: BigInt64Array.from(numbers, BigInt)
})

describe('words as the question', () => {
  beforeAll(async () => void (await openBackend('cpu')))

  const opened = (contents: Dict, settings: Settings = {}): Promise<LoadedModel> =>
    load(memoryArchive(contents), found(contents, settings), {running: true})
  const inTorch = () => opened({...stack, ...lstm, ...table})
  const arranged = (model: LoadedModel, beside: Record<string, TensorValues>, regions = values([2, 3, 4])) =>
    model.arrange(regions, {}, new Map(Object.entries(beside)))
  const question = ({beside}: Samples) => [...beside![0]!.values]

  it('are looked for beside the regions under every name they may have', async () => {
    const {inputNames, optionalInputs} = await inTorch()
    expect([inputNames, optionalInputs]).toEqual([['regions'], ['question', 'tokens', 'ids', 'lengths']])
    const {inputNames: without, ...rest} = await opened(stack)
    expect([without, rest.optionalInputs]).toEqual([['regions', 'question'], undefined])
  })

  it('say which they are, and that the untrained module is given the same', async () => {
    const {note, reading, beside} = await arranged(await inTorch(), {tokens: values([2, 3, 3])})
    expect(beside).toMatchObject([{name: 'question', shape: [4]}])
    expect(reading).toBe('(2, 3, 4) read as batch, regions, features; beside them question (4)')
    expect(note).toBe(
      'Question vectors are what the checkpoint’s own LSTM makes of tokens. The untrained module is given the same vectors.'
    )
    const backward = await opened(released(sentence))
    expect((await arranged(backward, {ids: ids([2, 2], [1, 2, 3, 0])}, values([2, 3, 5]))).note).toBe(
      'Question vectors are what the checkpoint’s own LSTM makes of ids, read from the last word to the first. The untrained module is given the same vectors.'
    )
  })

  it('give way to question vectors, and ids to tokens, which is said', async () => {
    const model = await inTorch()
    const tokens = values([2, 3, 3])
    const both = {tokens, ids: ids([2, 3], [0, 1, 2, 3, 4, 5])}
    const given = await arranged(model, {...both, question: values([2, 4])})
    expect(question(given)).toEqual([...values([2, 4]).values])
    expect(given.note).toBe(
      'The inputs hold question vectors and tokens and ids: the vectors are used, and the question encoder of the checkpoint is not run.'
    )
    const words = await arranged(model, both)
    expect(question(words)).toEqual(question(await arranged(model, {tokens})))
    expect(words.note).toContain('LSTM makes of tokens, and ids are not used.')
    expect((await arranged(model, {question: values([2, 4])})).note).toBeUndefined()
  })

  it('come out alike as ids and as their embeddings, each by itself and beside others', async () => {
    const model = await inTorch()
    const row = (id: number) => [...waves(6, 3).values.subarray(id * 3, id * 3 + 3)].map(Number)
    const looked = question(await arranged(model, {ids: ids([2, 3], [5, 0, 2, 4, -1, -1])}))
    const tokens = [...[5, 0, 2, 4].flatMap(row), ...Array(6).fill(0)]
    expect(question(await arranged(model, {tokens: values([2, 3, 3], tokens)}))).toEqual(looked)
    const alone = await arranged(model, {ids: ids([1], [4])}, values([3, 4]))
    for (const [i, x] of question(alone).entries()) expect(x).toBeCloseTo(looked[4 + i]!, 6)
  })

  it('end where lengths say, else before the zeros at their end', async () => {
    const model = await inTorch()
    const zeros = [1, 2, 3, 4, 5, 6, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    const plain = question(await arranged(model, {tokens: values([2, 3, 3], zeros)}))
    const shorter = {tokens: values([2, 3, 3], zeros), lengths: ids([2], [2, 3])}
    expect(question(await arranged(model, shorter))).toEqual(plain)
    const longer = {tokens: values([2, 3, 3], zeros), lengths: ids([2], [3, 3])}
    expect(question(await arranged(model, longer)).slice(0, 4)).not.toEqual(plain.slice(0, 4))
    expect(question(await arranged(model, longer)).slice(4)).toEqual(plain.slice(4))
  })

  it('are read a part at a time where they are many', async () => {
    const model = await inTorch()
    const many = values([150, 3, 4])
    const numbers = Array.from({length: 150 * 2}, (_, i) => i % 6)
    const all = question(await arranged(model, {ids: ids([150, 2], numbers)}, many))
    const last = question(await arranged(model, {ids: ids([1, 2], numbers.slice(-2))}, values([1, 3, 4])))
    for (const [i, x] of last.entries()) expect(all[149 * 4 + i]).toBeCloseTo(x, 6)
  })

  it('take nothing of the encoder from the file before there are any, and its table for ids alone', async () => {
    const contents = {...stack, ...lstm, ...table}
    const archive = memoryArchive(contents)
    const model = await load(archive, found(contents), {running: true})
    const encoders = () => archive.reads.filter((name) => /^(lstm|embedding)/.test(name))
    await arranged(model, {question: values([2, 4])})
    expect(encoders()).toEqual([])
    await arranged(model, {tokens: values([2, 3, 3])})
    await arranged(model, {tokens: values([2, 3, 3])})
    expect(encoders()).toEqual(['lstm.weight_ih_l0', 'lstm.weight_hh_l0'])
    await arranged(model, {ids: ids([2, 1], [0, 1])})
    expect(encoders()).toEqual(['lstm.weight_ih_l0', 'lstm.weight_hh_l0', 'embedding.weight'])
  })

  it.each<[string, Dict, Record<string, TensorValues>, string]>([
    [
      'no words',
      {...lstm, ...table},
      {},
      'no question; question (2, 4) or tokens (2, tokens, 3) or ids (2, ids) is needed'
    ],
    [
      'ids and nothing to look them up in',
      lstm,
      {ids: ids([2, 1], [1, 1])},
      'found regions (2, 3, 4), ids (2, 1) and no question; question (2, 4) or tokens (2, tokens, 3) is needed'
    ],
    [
      'embeddings of another width',
      lstm,
      {tokens: values([2, 3, 4])},
      'tokens is (2, 3, 4) beside regions (2, 3, 4); (2, tokens, 3) is needed'
    ],
    [
      'fewer questions than inputs',
      lstm,
      {tokens: values([1, 3, 3])},
      'tokens is (1, 3, 3) beside regions (2, 3, 4); (2, tokens, 3) is needed'
    ],
    [
      'a length too few',
      lstm,
      {tokens: values([2, 2, 3]), lengths: ids([1], [1])},
      'lengths is (1) beside tokens; (2) is needed'
    ]
  ])('with %s are refused', async (_, encoder, beside, sentence) => {
    await expect(arranged(await opened({...stack, ...encoder}), beside)).rejects.toThrow(sentence)
  })

  const both = {...lstm, ...table}
  it.each<[string, Record<string, TensorValues>, string]>([
    [
      'an id beyond the table',
      {ids: ids([2, 2], [0, 1, 6, 1])},
      'holds 6 at place 1 of 2 in its ids; 0 to 5 are needed, or -1 for padding'
    ],
    ['an id far below it', {ids: ids([2, 1], [0, -2])}, 'holds -2 at place 1 of 1 in its ids; 0 to 5 are needed'],
    [
      'an id that is no whole number',
      {ids: values([2, 2], [0, 1, 0, 1.5])},
      'holds 1.5 at place 2 of 2 in its ids; 0 to 5 are needed'
    ],
    ['an id that is not a number', {ids: values([2, 1], [0, Number.NaN])}, 'holds NaN at place 1 of 1 in its ids'],
    [
      'no word',
      {tokens: values([2, 1, 3], [1, 2, 3, 0, 0, 0])},
      'has an empty question: every embedding of its tokens is 0; one word or more is needed'
    ],
    ['padding alone', {ids: ids([2, 2], [0, 1, -1, -1])}, 'has an empty question: every embedding of its ids is 0'],
    [
      'a length of nothing',
      {tokens: values([2, 2, 3]), lengths: ids([2], [1, 0])},
      'has a question of 0 words by its length; 1 to 2 are needed'
    ],
    [
      'a length beyond the words',
      {tokens: values([2, 2, 3]), lengths: ids([2], [1, 3])},
      'has a question of 3 words by its length; 1 to 2 are needed'
    ],
    [
      'a number that is not finite',
      {tokens: values([2, 2, 3], [1, 1, 1, 2, 2, 2, 1, 2, 3, Number.NaN, 5, 6])},
      'holds NaN at place 4 of 6 in its tokens; finite numbers are needed'
    ]
  ])('with %s cost their own input alone, which is named', async (_, beside, sentence) => {
    const model = await opened({...stack, ...both})
    const samples = await arranged(model, beside)
    expect(samples.refused).toMatchObject([{index: 1, because: expect.stringContaining(sentence)}])
    const {density, logits} = await model.run(samples, 0, 2)
    expect(Array.from(density, Number.isNaN)).toEqual([false, false, false, true, true, true])
    expect(Array.from(logits!, Number.isNaN)).toEqual([false, false, true, true])
    // What the other gives is what it gives alone.
    const first = ({shape, ...rest}: TensorValues): TensorValues => {
      const own = rest.values.slice(0, rest.values.length / 2)
      return {...rest, shape: shape.slice(1), values: own}
    }
    const ownBeside = Object.fromEntries(Object.entries(beside).map(([name, given]) => [name, first(given)]))
    const alone = await arranged(model, ownBeside, first(values([2, 3, 4])))
    const only = await model.run(alone, 0, 1)
    for (const [cell, value] of only.density.entries()) expect(density[cell]).toBeCloseTo(value, 6)
  })

  it('are all refused in one sentence where none can be asked', async () => {
    const samples = await arranged(await opened({...stack, ...both}), {ids: ids([2, 2], [6, 0, -1, -1])})
    expect(samples.refused!.map(({title}) => title)).toEqual(['No such word', 'A question without words'])
    expect(() => throwIfAllRefused(samples)).toThrow(
      'input 1 of 2 holds 6 at place 1 of 2 in its ids; 0 to 5 are needed, or -1 for padding'
    )
  })

  it('of a word whose embedding is not finite, or that an encoder makes nothing finite of, are refused by that name', async () => {
    const broken = tensor([6, 3], (i) => (i === 4 ? Number.POSITIVE_INFINITY : 1))
    const looked = await arranged(await opened({...stack, ...lstm, 'embedding.weight': broken}), {
      ids: ids([2, 2], [0, 2, 3, 1])
    })
    expect(looked.refused).toMatchObject([
      {
        index: 1,
        because: 'holds 1 at place 2 of 2 in its ids, a word with Infinity in its embedding; finite numbers are needed'
      }
    ])
    const spoilt = {...sentence, sent_lstm_b_h: tensor([16], () => Number.NaN)}
    const made = await arranged(await opened(released(spoilt)), {ids: ids([2, 1], [1, 2])}, values([2, 3, 5]))
    expect(made.refused!.map(({because}) => because)).toEqual(
      Array(2).fill(
        'holds NaN at place 1 of 4 in its question vector, which the LSTM makes of its ids; finite numbers are needed'
      )
    )
  })

  it('may hold anything behind their end', async () => {
    const model = await opened({...stack, ...both})
    const given = {ids: ids([2, 2], [1, 99, 2, 3]), lengths: ids([2], [1, 2])}
    expect((await arranged(model, given)).refused).toBeUndefined()
  })

  it('of the released code count from 1, and 0 is no word', async () => {
    const model = await opened(released(sentence))
    const {refused} = await arranged(model, {ids: ids([2, 1], [7, 0])}, values([2, 3, 5]))
    expect(refused!.map(({because}) => because)).toEqual([
      'holds 7 at place 1 of 1 in its ids; 1 to 6 are needed, or 0 for padding',
      'has an empty question: every embedding of its ids is 0; one word or more is needed'
    ])
  })

  it('shorter than the released convolutions are wide are refused', async () => {
    const model = await opened(released(grams))
    await expect(arranged(model, {ids: ids([2, 2], [1, 2, 3, 4])}, values([2, 3, 5]))).rejects.toThrow(
      'ids have room for 2 words; 3 are needed, which its widest convolution spans: pad shorter questions'
    )
  })
})
