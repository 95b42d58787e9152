import {type NamedTensorMap, type Tensor2D, type Tensor3D, tensor, tensor3d, tidy} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive, TensorValues} from '@/lib/formats/archive'
import {onBackend} from './backend'
import {batchThatFits, checkFits} from './batchSize'
import {lstm} from './encoders/lstm'
import {
  arrangedWords,
  type EmbeddingTable,
  type QuestionWords,
  type ReadQuestions,
  readQuestions,
  wordsOfIds,
  wordsOfTokens
} from './encoders/questionWords'
import {wordConvolutions} from './encoders/wordConvolutions'
import type {Detection, RefusedInput} from './family'
import {type Kept, kept} from './kept'
import {type EncoderPart, encoderKinds, encoderParts, encoderRole, usualOptions} from './questionLayout'
import {readBack} from './readBack'
import {readBound} from './readBound'
import {spoilt} from './refusedInputs'
import {toFloat32} from './shape'
import {transposed} from './transposed'

/** The question encoder that a checkpoint carries: embedded words or their ids → question vectors. */
export interface QuestionEncoder {
  /** `LSTM`, `convolutions` */
  readonly name: string
  /** Numbers in the embedding of a word. */
  readonly width: number
  /** Words and padding that a question must have room for. */
  readonly fewest: number
  /** Whether it has a table to look ids up in. */
  readonly looksUp: boolean
  /** Whether it reads from the last word to the first. */
  readonly backward: boolean
  /**
   * Question vectors of `tokens` (questions, places, width) or `ids` (questions, places). Throws ShapeError where there
   * is no room for as many words as the encoder takes at once.
   */
  vectors(name: 'tokens' | 'ids', given: TensorValues, lengths: TensorValues | null): Promise<QuestionVectors>
  dispose(): void
}

/** What the encoder makes of questions. */
export interface QuestionVectors {
  /** (questions, state); NaN for those that are refused. */
  readonly values: Float32Array
  /** Questions that cannot be asked: without words, with a number that is none, with an id of no word. */
  readonly refused: readonly RefusedInput[]
}

interface Matrix {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/**
 * The question encoder that was recognised; null where there is none. Its tensors are read when the first question
 * comes, since question vectors need none of them, and the table only for ids.
 */
export function questionEncoder(archive: TensorArchive, detection: Detection, state: number): QuestionEncoder | null {
  const shapes = new Map(detection.bindings.map(({role, shape}) => [role, shape]))
  const kind = encoderKinds.find((one) => shapes.has(encoderRole(encoderParts[one][0])))
  if (kind === undefined) return null
  const {questionOrder, lstmOutput} = {...usualOptions[kind], ...detection.settings}
  const parts = encoderParts[kind].filter((part) => shapes.has(encoderRole(part)))
  const [rows = 0, columns = 0] = shapes.get(encoderRole(parts[0]!)) ?? []
  const width = kind === 'torch-lstm' ? columns : rows
  const convolves = kind === 'released-convolutions'

  let weights: Kept<NamedTensorMap> | null = null
  let table: EmbeddingTable | null = null

  const numbersOf = async (part: EncoderPart): Promise<Matrix> => ({
    shape: shapes.get(encoderRole(part))!,
    values: await readBound(archive, detection, encoderRole(part))
  })
  async function heldWeights(): Promise<Kept<NamedTensorMap>> {
    if (weights) return weights
    const read = new Map<EncoderPart, Matrix>()
    for (const part of parts) read.set(part, await numbersOf(part))
    const numbers = kind === 'torch-lstm' ? fromTorch(read) : read
    weights ??= kept(() => uploaded(numbers))
    return weights
  }
  async function heldTable(): Promise<EmbeddingTable> {
    if (table) return table
    const {shape, values} = await numbersOf('embedding')
    table = {values, words: shape[0]!, width, first: kind === 'torch-lstm' ? 0 : 1}
    return table
  }

  const fewest = convolves ? 3 : 1
  const backward = questionOrder === 'backward'

  async function vectorsOf(words: QuestionWords, {lengths, refused}: ReadQuestions): Promise<QuestionVectors> {
    const {count, places} = words
    const held = await heldWeights()
    const found = new Float32Array(count * state)
    // Places of a convolution are all there at once; an LSTM holds four gates and two states of one.
    const widest = convolves ? 2 * places * (3 * width + state) : 8 * state
    checkFits([places, width], Math.max(widest, places * width))
    const step = batchThatFits({count, sampleShape: [places, width]}, widest)
    for (let start = 0; start < count; start += step) {
      const stop = Math.min(start + step, count)
      const values = arrangedWords(words, lengths, backward, [start, stop])
      const {vectors} = await onBackend(() =>
        readBack(
          tidy(() => {
            const x = tensor3d(values, [stop - start, places, width])
            return {vectors: encoded(x, lengths.slice(start, stop), held.tensors())}
          })
        )
      )
      found.set(vectors, start * state)
    }
    const unasked = refused.map(({index}) => index)
    return {values: spoilt(found, count, unasked), refused}
  }

  function encoded(x: Tensor3D, lengths: readonly number[], tensors: NamedTensorMap): Tensor2D {
    const weight = (part: EncoderPart) => tensors[part] as Tensor2D
    const bias = (part: EncoderPart) => tensors[part] ?? null
    if (convolves)
      return wordConvolutions(x, [
        {weight: weight('unigram weight'), bias: bias('unigram bias')},
        {weight: weight('bigram weight'), bias: bias('bigram bias')},
        {weight: weight('trigram weight'), bias: bias('trigram bias')}
      ])
    const own = {input: weight('input weight'), state: weight('state weight'), bias: bias('bias')}
    return kind === 'torch-lstm'
      ? lstm(x, lengths, own, {gates: 'ifgo', output: 'tanh'})
      : lstm(x, lengths, own, {gates: 'ifog', output: lstmOutput})
  }

  return {
    name: convolves ? 'convolutions' : 'LSTM',
    width,
    fewest,
    looksUp: shapes.has(encoderRole('embedding')),
    backward,
    async vectors(name, {shape, values}, given) {
      const places = shape[1]!
      if (places < fewest)
        throw new ShapeError(
          `${name} have room for ${places} ${places === 1 ? 'word' : 'words'}; ${fewest} are needed, which its widest convolution spans: pad shorter questions`,
          'Questions too short for this encoder'
        )
      const words =
        name === 'ids'
          ? wordsOfIds(values, [shape[0]!, places], await heldTable())
          : wordsOfTokens(toFloat32(values), shape)
      return vectorsOf(words, readQuestions(words, given?.values ?? null, name))
    },
    dispose: () => weights?.dispose()
  }
}

/** As the released code keeps them: weights (in, out), and one bias, which is the sum of torch's two. */
function fromTorch(numbers: ReadonlyMap<EncoderPart, Matrix>): ReadonlyMap<EncoderPart, Matrix> {
  const turned = ({shape: [rows = 0, columns = 0], values}: Matrix): Matrix => ({
    shape: [columns, rows],
    values: transposed(values, rows, columns)
  })
  const biases = (['LSTM input bias', 'LSTM state bias'] as const).flatMap((part) => numbers.get(part) ?? [])
  const [first, second] = biases
  const bias = first && {...first, values: first.values.map((value, i) => value + (second?.values[i] ?? 0))}
  return new Map<EncoderPart, Matrix>([
    ['input weight', turned(numbers.get('LSTM input weight')!)],
    ['state weight', turned(numbers.get('LSTM state weight')!)],
    ...(bias ? [['bias', bias] as const] : [])
  ])
}

const uploaded = (numbers: ReadonlyMap<EncoderPart, Matrix>): NamedTensorMap =>
  Object.fromEntries([...numbers].map(([part, {shape, values}]) => [part, tensor(values, [...shape])]))
