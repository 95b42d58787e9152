import {ShapeError} from '@/lib/core/errors'
import type {TensorValues} from '@/lib/formats/archive'
import type {LoadedModel, MapPlane, RefusedInput, SampleArray, Samples, Settings} from './family'
import {squarestFold} from './mapFold'
import {notFinite} from './refusedInputs'
import {sameShape, shapeText, sizeOf, toFloat32} from './shape'
import {itemWidth, type StackParts} from './stackedParts'
import type {QuestionEncoder} from './stackedQuestion'

/** What makes question vectors of words: the checkpoint's own encoder, or none and why it does not run. */
export interface QuestionSource {
  readonly encoder: QuestionEncoder | null
  /** What is wrong with the encoder of the file, as a sentence; null where there is none, or nothing is. */
  readonly refused: string | null
}

/**
 * The arrays that one input is made of, the first of which counts the inputs. Where the file has an encoder the question
 * may be words instead of a vector, and is looked for under every name it may have.
 */
export function stackedInputNames(
  {streams}: StackParts,
  {encoder, refused}: QuestionSource
): Pick<LoadedModel, 'inputNames' | 'optionalInputs' | 'unreadInputs'> {
  const others = streams.slice(1).map(({name}) => name)
  const words = others.length > 0 ? {} : {words: noSecondStream}
  return encoder || refused !== null
    ? {
        inputNames: ['regions', ...others],
        optionalInputs: ['question', 'tokens', 'ids', 'lengths'],
        unreadInputs: words
      }
    : {inputNames: ['regions', 'question', ...others], unreadInputs: {...words, tokens: noEncoder, ids: noEncoder}}
}

const noSecondStream =
  'the checkpoint has one stream, over regions, and a second one over words needs ff_words, ff_words_questions and ff_words_attention in each hop'
const noEncoder = 'the checkpoint has no question encoder that would make vectors of them'

/**
 * How many inputs regions of this shape are: (inputs, regions, width), or (regions, width) for one. Throws ShapeError,
 * for a single region too: attention over one is 1 whatever was learned.
 */
export function countStacked(shape: readonly number[], parts: StackParts): number {
  const width = itemWidth(parts.streams[0]!)
  if (shape.length < 2 || shape.length > 3 || shape.at(-1) !== width || sizeOf(shape) === 0)
    throw new ShapeError(
      `the regions are ${shapeText(shape)}; (inputs, regions, ${width}) is needed, or one input without the first axis`
    )
  if (shape.at(-2) === 1)
    throw new ShapeError(
      `the regions are ${shapeText(shape)}, one for each input; two or more are needed, because attention over one is always 1`
    )
  return shape.length === 3 ? shape[0]! : 1
}

/**
 * Checks regions and what stands beside them, and has the question encoder make vectors of words where no vectors are
 * given. Rejects with ShapeError naming what was found and what is needed.
 */
export async function arrangeStacked(
  regions: TensorValues,
  beside: ReadonlyMap<string, TensorValues>,
  parts: StackParts,
  source: QuestionSource
): Promise<Samples> {
  const given: Given = {regions, beside, count: countStacked(regions.shape, parts)}
  const [, words] = parts.streams
  const {question, note, unasked = [], made} = await questionOf(given, parts, source)
  const arrays = [question, ...(words ? [taken(given, 'words', [null, itemWidth(words)])] : [])]
  const others = arrays.map(({name, shape}) => `${name} ${shapeText(shape)}`)
  const batch = regions.shape.length === 3 ? 'batch, ' : ''
  const values = toFloat32(regions.values)
  const looked = [{name: 'regions', values}, {...question, name: made ?? 'question'}, ...arrays.slice(1)]
  const refused = refusedOf(looked, given.count, unasked)
  return {
    count: given.count,
    sampleShape: regions.shape.slice(-2),
    values,
    beside: arrays,
    ...(refused.length > 0 ? {refused} : {}),
    reading: `${shapeText(regions.shape)} read as ${batch}regions, features; beside them ${others.join(' and ')}`,
    ...(note ? {note} : {})
  }
}

/** Inputs whose question cannot be asked, or with a number that is not finite, by the first array that holds one. */
function refusedOf(
  arrays: readonly Pick<SampleArray, 'name' | 'values'>[],
  count: number,
  unasked: readonly RefusedInput[]
): RefusedInput[] {
  const known = new Map(unasked.map((refused) => [refused.index, refused]))
  return Array.from({length: count}, (_, index) => index).flatMap((index) => {
    const own = known.get(index)
    if (own) return own
    for (const {name, values} of arrays) {
      const size = values.length / count
      const trouble = notFinite(values.subarray(index * size, (index + 1) * size), {within: ` in its ${name}`})
      if (trouble) return {index, ...trouble}
    }
    return []
  })
}

/** Regions, as many inputs as they are, and what stands beside them by name. */
interface Given {
  readonly regions: TensorValues
  readonly beside: ReadonlyMap<string, TensorValues>
  readonly count: number
}

const batchOf = ({regions, count}: Given): readonly number[] => (regions.shape.length === 3 ? [count] : [])

/** One array, whose sample has this shape, null where any size will do. */
function taken(given: Given, name: string, sample: readonly (number | null)[]): SampleArray {
  const {regions, beside} = given
  const found = beside.get(name)
  const batch = batchOf(given)
  const needed = `(${[...batch, ...sample.map((size) => size ?? name)].join(', ')})`
  if (!found)
    throw new ShapeError(`found regions ${shapeText(regions.shape)} and no ${name}; ${name} ${needed} is needed`)
  const shape = found.shape.slice(batch.length)
  const fits =
    sameShape(found.shape.slice(0, batch.length), batch) &&
    shape.length === sample.length &&
    shape.every((size, i) => size > 0 && size === (sample[i] ?? size))
  if (!fits)
    throw new ShapeError(
      `${name} is ${shapeText(found.shape)} beside regions ${shapeText(regions.shape)}; ${needed} is needed`
    )
  return {name, shape, values: toFloat32(found.values)}
}

interface Question {
  readonly question: SampleArray
  /** Where it came from, unless there was nothing to choose. */
  readonly note?: string
  /** Inputs whose words make no question. */
  readonly unasked?: readonly RefusedInput[]
  /** What a vector is called that was made of words. */
  readonly made?: string
}

/** The vector where it is given, since it is what the hops read; else what the encoder makes of tokens, else of ids. */
async function questionOf(given: Given, parts: StackParts, {encoder, refused}: QuestionSource): Promise<Question> {
  const {beside} = given
  const names = (['tokens', 'ids'] as const).filter((name) => beside.has(name))
  if (beside.has('question') || (!encoder && refused === null)) {
    const question = taken(given, 'question', [parts.state])
    if (names.length === 0) return {question}
    return {
      question,
      note: `The inputs hold question vectors and ${names.join(' and ')}: the vectors are used, and the question encoder of the checkpoint is not run.`
    }
  }
  const name = names.find((one) => one === 'tokens' || encoder?.looksUp)
  if (!encoder || name === undefined) throw new ShapeError(nothingToAsk(given, parts, {encoder, refused}))
  const words = taken(given, name, name === 'ids' ? [null] : [null, encoder.width])
  const lengths = beside.get('lengths') ?? null
  if (lengths && sizeOf(lengths.shape) !== given.count)
    throw new ShapeError(`lengths is ${shapeText(lengths.shape)} beside ${name}; (${given.count}) is needed`)
  // As it was read, since ids may be of any integer type.
  const {dtype, values} = beside.get(name)!
  const shape = [given.count, ...words.shape]
  const vectors = await encoder.vectors(name, {dtype, shape, values}, lengths)
  const makes = `${encoder.name} ${encoder.name === 'LSTM' ? 'makes' : 'make'}`
  return {
    question: {name: 'question', shape: [parts.state], values: vectors.values},
    unasked: vectors.refused,
    made: `question vector, which the ${makes} of its ${name}`,
    note: `Question vectors are what the checkpoint’s own ${makes} of ${name}${names.length > 1 ? ', and ids are not used' : ''}${encoder.backward ? ', read from the last word to the first' : ''}. The untrained module is given the same vectors.`
  }
}

function nothingToAsk(given: Given, {state}: StackParts, {encoder, refused}: QuestionSource): string {
  const batch = batchOf(given)
  const shape = (...sizes: (number | string)[]) => `(${[...batch, ...sizes].join(', ')})`
  const found = ['regions', 'tokens', 'ids'].flatMap((name) => {
    const own = name === 'regions' ? given.regions : given.beside.get(name)
    return own ? [`${name} ${shapeText(own.shape)}`] : []
  })
  const needed = [
    `question ${shape(state)}`,
    ...(encoder ? [`tokens ${shape('tokens', encoder.width)}`] : []),
    ...(encoder?.looksUp ? [`ids ${shape('ids')}`] : [])
  ]
  const because = refused === null ? '' : `, because its ${refused.replace(': ', ' does not run here: ')}`
  return `found ${found.join(', ')} and no question; ${needed.join(' or ')} is needed${because}`
}

/**
 * How regions lie on the picture: by `settings.map`, else as a square, else as the most square grid that holds them.
 * Throws ShapeError when the setting lays out another number.
 */
export function regionPlane(regions: number, words: number | null, {map}: Settings): MapPlane {
  if (map && map[0] * map[1] !== regions)
    throw new ShapeError(
      `a map of ${map[0]} × ${map[1]} has ${map[0] * map[1]} places; the inputs have ${regions} regions`
    )
  const [down, across] = map ?? squarestFold(regions)
  return {
    height: down,
    width: across,
    downName: 'row',
    acrossName: 'column',
    ...(words === null ? {} : {after: Array.from({length: words}, (_, i) => `word ${i + 1}`)})
  }
}
