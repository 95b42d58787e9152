import {count as numeral} from '@/lib/core/number'
import type {TypedArray} from '@/lib/formats/archive'
import type {RefusedInput} from '../family'
import {notFinite} from '../refusedInputs'

/** Embedded words of several questions, each as long as `places` with its padding. */
export interface QuestionWords {
  readonly count: number
  readonly places: number
  /** Numbers in the embedding of a word. */
  readonly width: number
  /** The embedding at a place of a question; zeros for padding, and for what is no word. */
  at(question: number, place: number): Float32Array
  /** What is wrong with one of the first `length` words of a question; null where nothing is. */
  trouble(question: number, length: number): Trouble | null
}

/** Why a question cannot be asked. */
type Trouble = Omit<RefusedInput, 'index'>

/** Token embeddings (count, places, width) as they were given. */
export function wordsOfTokens(values: Float32Array, [count, places, width]: readonly number[] = []): QuestionWords {
  const [n, p, w] = [count!, places!, width!]
  return {
    count: n,
    places: p,
    width: w,
    at: (question, place) => values.subarray((question * p + place) * w, (question * p + place + 1) * w),
    trouble: (question, length) =>
      notFinite(values.subarray(question * p * w, (question * p + length) * w), {within: ' in its tokens', of: p * w})
  }
}

/** A table of embeddings (words, width), and the id of its first row. */
export interface EmbeddingTable {
  readonly values: Float32Array
  readonly words: number
  readonly width: number
  readonly first: 0 | 1
}

/** Token ids (count, places), looked up in a table; the id before its first is no word: zeros. */
export function wordsOfIds(
  ids: TypedArray,
  [count, places]: readonly [count: number, places: number],
  {values, words, width, first}: EmbeddingTable
): QuestionWords {
  const nothing = new Float32Array(width)
  const idAt = (question: number, place: number) => Number(ids[question * places + place])
  const at = (question: number, place: number) => {
    const row = idAt(question, place) - first
    return Number.isInteger(row) && row >= 0 && row < words ? values.subarray(row * width, (row + 1) * width) : nothing
  }
  return {
    count,
    places,
    width,
    at,
    trouble(question, length) {
      for (let place = 0; place < length; place++) {
        const id = idAt(question, place)
        const found = `${Number.isInteger(id) ? numeral(id) : id} at place ${numeral(place + 1)} of ${numeral(places)} in its ids`
        if (!Number.isInteger(id) || id < first - 1 || id >= first + words)
          return {
            title: 'No such word',
            because: `holds ${found}; ${first} to ${numeral(first + words - 1)} are needed, or ${first - 1} for padding`
          }
        const bad = at(question, place).find((value) => !Number.isFinite(value))
        if (bad !== undefined)
          return {
            title: 'Not a number',
            because: `holds ${found}, a word with ${bad} in its embedding; finite numbers are needed`
          }
      }
      return null
    }
  }
}

/** How many words each question has, and those that cannot be asked, which have none. */
export interface ReadQuestions {
  readonly lengths: readonly number[]
  readonly refused: readonly RefusedInput[]
}

/**
 * Where each question ends: where its length was given, else with its last embedding that is not wholly 0. Refused are a
 * question without words, with a length that is none, and with anything but words within its length.
 */
export function readQuestions(words: QuestionWords, given: TypedArray | null, name: 'tokens' | 'ids'): ReadQuestions {
  const refused: RefusedInput[] = []
  const lengths = Array.from({length: words.count}, (_, index) => {
    const own = given ? Number(given[index]) : null
    const trouble =
      own === null ? words.trouble(index, words.places) : (lengthTrouble(own, words) ?? words.trouble(index, own))
    const length = trouble ? 0 : (own ?? wordsIn(words, index))
    const why = trouble ?? (length > 0 ? null : withoutWords(name))
    if (why) refused.push({index, ...why})
    return length
  })
  return {lengths, refused}
}

function lengthTrouble(length: number, {places}: QuestionWords): Trouble | null {
  if (Number.isInteger(length) && length >= 1 && length <= places) return null
  return {
    title: length === 0 ? 'A question without words' : 'No such length',
    because: `has a question of ${length} words by its length; 1 to ${places} are needed`
  }
}

function wordsIn(words: QuestionWords, question: number): number {
  let length = words.places
  while (length > 0 && words.at(question, length - 1).every((x) => x === 0)) length--
  return length
}

const withoutWords = (name: string): Trouble => ({
  title: 'A question without words',
  because: `has an empty question: every embedding of its ${name} is 0; one word or more is needed`
})

/**
 * Questions start to stop (exclusive) side by side, (questions, places, width): words in reading order or from the last
 * to the first, zeros behind them. What stands behind the end of a question is not read.
 */
export function arrangedWords(
  words: QuestionWords,
  lengths: readonly number[],
  backward: boolean,
  [start, stop]: readonly [start: number, stop: number]
): Float32Array {
  const {places, width} = words
  const values = new Float32Array((stop - start) * places * width)
  for (let question = start; question < stop; question++) {
    const own = values.subarray((question - start) * places * width)
    const length = lengths[question]!
    for (let place = 0; place < length; place++)
      own.set(words.at(question, backward ? length - 1 - place : place), place * width)
  }
  return values
}
