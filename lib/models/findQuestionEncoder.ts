import type {FileValue} from '@/lib/formats/archive'
import type {OpenQuestion, Settings} from './family'
import {inside} from './findHeads'
import {isMap, type Parameter, shortKey} from './parameterNames'
import {
  type EncoderKind,
  type EncoderOptions,
  type EncoderPart,
  encoderAt,
  encoderParts,
  type NamedEncoder,
  usualOptions
} from './questionLayout'
import {shapeText, sizeOf} from './shape'

type ByKey = ReadonlyMap<string, Parameter>

/** `state` is the width of the stack's state, which a question vector has to have. */
interface Place {
  readonly byKey: ByKey
  readonly beside: string
  readonly state: number
}

/** Why an encoder does not run: shapes that disagree, or something else. */
interface Complaint {
  readonly disagrees: boolean
  readonly text: string
}

const other = (text: string): Complaint => ({disagrees: false, text})
const misfit = (text: string): Complaint => ({disagrees: true, text})

const lstmNames = ['lstm', 'question_lstm', 'rnn', 'encoder', 'question_encoder']
const tableNames = ['embedding', 'embeddings', 'embed', 'word_embedding', 'word_embeddings']

/**
 * The `torch.nn.LSTM` that stands beside a list of hops under a name of ours (docs/stacked-latent.md), with the
 * `nn.Embedding` beside it; null where there is none.
 */
export function encoderInTorch(place: Place): NamedEncoder | null {
  const {byKey, beside, state} = place
  const path = lstmNames.map((name) => inside(beside, name)).find((own) => byKey.has(`${own}.weight_ih_l0`))
  if (path === undefined) return null
  const found = new Map<EncoderPart, Parameter>()
  const names = ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0']
  for (const [i, part] of encoderParts['torch-lstm'].entries()) take(found, part, byKey.get(inside(path, names[i]!)))
  const width = found.get('LSTM input weight')?.entry.shape[1] ?? 0
  const gates = 4 * state
  const otherwise = otherThanOneLstm(path, place)
  const shapes = [
    ...fits(found.get('LSTM input weight'), inside(path, names[0]!), [gates, null]),
    ...fits(found.get('LSTM state weight'), inside(path, names[1]!), [gates, state]),
    ...biasFits(found.get('LSTM input bias'), gates),
    ...biasFits(found.get('LSTM state bias'), gates)
  ]
  // What is something else altogether has other shapes, too.
  const complaints = otherwise.length > 0 ? otherwise : shapes
  const table = tableNames.map((name) => byKey.get(inside(beside, `${name}.weight`))).find((own) => own !== undefined)
  return named('torch-lstm', found, complaints, {table, width, options: {}})
}

/** What an LSTM of torch's may be besides one layer in one direction, as sentences. */
function otherThanOneLstm(path: string, {byKey, state}: Place): Complaint[] {
  const own = [...byKey.keys()].filter((key) => key.startsWith(`${path}.`)).map((key) => key.slice(path.length + 1))
  const layers = own.filter((key) => /^weight_ih_l\d+$/.test(key)).length
  const at = shortKey(path)
  const [gates = 0, width = 0] = byKey.get(inside(path, 'weight_hh_l0'))?.entry.shape ?? []
  return [
    ...(layers > 1 ? [other(`${at} has ${layers} layers; an LSTM of one layer is needed`)] : []),
    ...(own.some((key) => key.endsWith('_reverse'))
      ? [other(`${at} reads both ways; an LSTM of one direction is needed`)]
      : []),
    ...(own.includes('weight_hr_l0') ? [other(`${at} projects its state; an LSTM without proj_size is needed`)] : []),
    ...(gates === 3 * width && width > 0
      ? [other(`${at} has the three gates of a GRU; an LSTM, with four, is needed`)]
      : []),
    ...(gates === width && width > 0
      ? [other(`${at} has no gates, as a plain RNN; an LSTM, with four, is needed`)]
      : []),
    ...(gates === 4 * width && width > 0 && width !== state
      ? [misfit(`${at} has a state of ${width}; ${state} is needed, as wide as that of the stack`)]
      : [])
  ]
}

/** The encoder that the released code of SAN saves beside its stack, with how the file's options have it read. */
export function encoderAsReleased(place: Place, contents: FileValue): NamedEncoder | null {
  const {byKey, beside, state} = place
  const of = (name: string) => byKey.get(inside(beside, name))
  const table = of('w_emb')
  const options = optionsIn(contents)
  const found = new Map<EncoderPart, Parameter>()
  if (of('sent_lstm_w_x') ?? of('sent_lstm_w_h')) {
    take(found, 'input weight', of('sent_lstm_w_x'))
    take(found, 'state weight', of('sent_lstm_w_h'))
    take(found, 'bias', of('sent_lstm_b_h'))
    const width = found.get('input weight')?.entry.shape[0] ?? 0
    const complaints = [
      ...fits(found.get('input weight'), inside(beside, 'sent_lstm_w_x'), [null, 4 * state]),
      ...fits(found.get('state weight'), inside(beside, 'sent_lstm_w_h'), [state, 4 * state]),
      ...biasFits(found.get('bias'), 4 * state)
    ]
    return named('released-lstm', found, complaints, {table, width, options: options ?? {}})
  }
  const grams = ['unigram', 'bigram', 'trigram'] as const
  if (!grams.some((gram) => of(`conv_${gram}_w`))) return null
  const width = of('conv_unigram_w')?.entry.shape[0] ?? 0
  const complaints: Complaint[] = []
  let filters = 0
  for (const [i, gram] of grams.entries()) {
    const weight = of(`conv_${gram}_w`)
    const bias = of(`conv_${gram}_b`)
    take(found, `${gram} weight`, weight)
    take(found, `${gram} bias`, bias)
    const own = weight?.entry.shape[1] ?? 0
    filters += own
    complaints.push(
      ...fits(weight, inside(beside, `conv_${gram}_w`), [i === 0 ? null : (i + 1) * width, null]),
      ...biasFits(bias, own)
    )
  }
  if (complaints.length === 0 && filters !== state)
    complaints.push(misfit(`its convolutions give ${filters} numbers; ${state} are needed, as wide as the state`))
  const act = options?.activation ?? 'tanh'
  if (act !== 'tanh') complaints.push(other(`sent_conv_act is ${act.slice(0, 40)}; tanh is needed`))
  return named('released-convolutions', found, complaints, {table, width, options: options ?? {}})
}

/** Of `options` beside `params`, as save_model of the released code writes it, what the encoders go by. */
function optionsIn(contents: FileValue): (EncoderOptions & {readonly activation?: string}) | null {
  const options = isMap(contents) ? contents.get('options') : undefined
  if (!isMap(options)) return null
  const [reverse, squashed, activation] = ['reverse', 'use_tanh', 'sent_conv_act'].map((name) => options.get(name))
  return {
    ...(typeof reverse === 'boolean' ? {questionOrder: reverse ? 'backward' : 'forward'} : {}),
    ...(typeof squashed === 'boolean' ? {lstmOutput: squashed ? 'tanh' : 'cell'} : {}),
    ...(typeof activation === 'string' ? {activation} : {})
  }
}

interface Beside {
  readonly table: Parameter | undefined
  readonly width: number
  readonly options: EncoderOptions
}

function named(
  kind: EncoderKind,
  found: Map<EncoderPart, Parameter>,
  complaints: readonly Complaint[],
  {table, width, options: {questionOrder, lstmOutput}}: Beside
): NamedEncoder {
  const options = {...(questionOrder ? {questionOrder} : {}), ...(lstmOutput ? {lstmOutput} : {})}
  if (complaints.length > 0) return {kind, parts: new Map(), ...sorted(complaints), options}
  const unfit = table ? fits(table, table.key, [null, width]) : []
  if (unfit.length === 0) take(found, 'embedding', table)
  return {kind, parts: found, ...sorted(unfit), options}
}

const textsOf = (complaints: readonly Complaint[], disagrees: boolean): string[] =>
  complaints.filter((one) => one.disagrees === disagrees).map(({text}) => `${encoderAt}: ${text}`)

const sorted = (complaints: readonly Complaint[]): Pick<NamedEncoder, 'disagreements' | 'missing'> => ({
  disagreements: textsOf(complaints, true),
  missing: textsOf(complaints, false)
})

function take(found: Map<EncoderPart, Parameter>, part: EncoderPart, parameter: Parameter | undefined): void {
  if (parameter) found.set(part, parameter)
}

/** What is wrong with a matrix of these sizes, null where any will do. */
function fits(parameter: Parameter | undefined, key: string, needed: readonly (number | null)[]): Complaint[] {
  const at = shortKey(key)
  const text = `(${needed.map((size) => size ?? 'any').join(', ')}) is needed`
  if (!parameter) return [other(`${at} is absent; ${text}`)]
  const {shape} = parameter.entry
  const right =
    shape.length === needed.length && sizeOf(shape) > 0 && needed.every((size, i) => (size ?? shape[i]) === shape[i])
  return right ? [] : [misfit(`${at} is ${shapeText(shape)}; ${text}`)]
}

const biasFits = (bias: Parameter | undefined, length: number): Complaint[] =>
  bias ? fits(bias, bias.key, [length]) : []

/** Settings of a stack's encoder in force, defaults filled in: what a person says, else the file, else what is usual. */
export function encoderSettings({kind, parts, options}: NamedEncoder, asked: Settings): Settings {
  if (kind === 'torch-lstm' || parts.size === 0) return asked
  const {questionOrder, lstmOutput} = {...usualOptions[kind], ...options}
  return {questionOrder, ...(kind === 'released-lstm' ? {lstmOutput} : {}), ...asked}
}

/** What neither the names nor the options of a released file tell. */
export function encoderQuestions({kind, parts, options}: NamedEncoder, settings: Settings): OpenQuestion[] {
  if (kind === 'torch-lstm' || parts.size === 0) return []
  const orders = ['backward', 'forward'] as const
  const outputs = ['cell', 'tanh'] as const
  return [
    ...(options.questionOrder
      ? []
      : [
          {
            setting: 'questionOrder' as const,
            text: 'From which end does the question encoder read?',
            options: orders.map((questionOrder) => ({
              label: questionOrder === 'backward' ? 'the last word' : 'the first word',
              value: {questionOrder}
            })),
            chosen: orders.indexOf(settings.questionOrder ?? 'backward')
          }
        ]),
    ...(options.lstmOutput || kind !== 'released-lstm'
      ? []
      : [
          {
            setting: 'lstmOutput' as const,
            text: 'What does the question encoder put out of its cell c?',
            options: outputs.map((lstmOutput) => ({
              label: lstmOutput === 'cell' ? 'o · c' : 'o · tanh(c)',
              value: {lstmOutput}
            })),
            chosen: outputs.indexOf(settings.lstmOutput ?? 'cell')
          }
        ])
  ]
}
