import {ShapeError} from '@/lib/core/errors'
import {count as numeral} from '@/lib/core/number'
import type {TypedArray} from '@/lib/formats/archive'

/** Embedded words of several questions, each as long as `places` with its padding. */
export interface QuestionWords {
  readonly count: number
  readonly places: number
  /** Numbers in the embedding of a word. */
  readonly width: number
  /** The embedding at a place of a question; zeros for padding. */
  at(question: number, place: number): Float32Array
}

/** Token embeddings (count, places, width) as they were given. */
export function wordsOfTokens(values: Float32Array, [count, places, width]: readonly number[] = []): QuestionWords {
  const [n, p, w] = [count!, places!, width!]
  return {
    count: n,
    places: p,
    width: w,
    at: (question, place) => values.subarray((question * p + place) * w, (question * p + place + 1) * w)
  }
}

/** A table of embeddings (words, width), and the id of its first row. */
export interface EmbeddingTable {
  readonly values: Float32Array
  readonly words: number
  readonly width: number
  readonly first: 0 | 1
}

/**
 * Token ids (count, places), looked up in a table; the id before its first is no word: zeros. Throws ShapeError for a
 * number that is no id of the table within the lengths that were given.
 */
export function wordsOfIds(
  ids: TypedArray,
  [count, places]: readonly [count: number, places: number],
  {values, words, width, first}: EmbeddingTable,
  lengths: readonly number[] | null
): QuestionWords {
  const nothing = new Float32Array(width)
  const at = (question: number, place: number) => Number(ids[question * places + place])
  for (let question = 0; question < count; question++)
    for (let place = 0; place < (lengths?.[question] ?? places); place++) {
      const id = at(question, place)
      if (!Number.isInteger(id) || id < first - 1 || id >= first + words)
        throw new ShapeError(
          `ids hold ${Number.isInteger(id) ? numeral(id) : id} in question ${question + 1}; ${first} to ${numeral(first + words - 1)} are needed, or ${first - 1} for padding`,
          'No such word'
        )
    }
  return {
    count,
    places,
    width,
    at(question, place) {
      const row = at(question, place) - first
      return row >= 0 && row < words ? values.subarray(row * width, (row + 1) * width) : nothing
    }
  }
}

/**
 * How many words each question has: `given`, else up to its last embedding that is not wholly 0. Throws ShapeError for a
 * question without any.
 */
export function lengthsOf(words: QuestionWords, given: readonly number[] | null, name: string): readonly number[] {
  const {count, places} = words
  return Array.from({length: count}, (_, question) => {
    if (given) return given[question]!
    let length = places
    while (length > 0 && words.at(question, length - 1).every((x) => x === 0)) length--
    if (length > 0) return length
    throw new ShapeError(
      `question ${question + 1} of ${name} is empty: every embedding in it is 0; one word or more is needed`,
      'A question without words'
    )
  })
}

/** The array `lengths`, checked. Throws ShapeError for what is no length of a question of so many places. */
export function checkedLengths(values: TypedArray, places: number): readonly number[] {
  return Array.from(values as ArrayLike<number | bigint>, (value, question) => {
    const length = Number(value)
    if (Number.isInteger(length) && length >= 1 && length <= places) return length
    throw new ShapeError(
      `lengths hold ${length} for question ${question + 1}; 1 to ${places} are needed`,
      length === 0 ? 'A question without words' : 'No such length'
    )
  })
}

/**
 * Questions start to stop (exclusive) side by side, (questions, places, width): words in reading order or from the last
 * to the first, zeros behind them. `finite` says which hold nothing but finite numbers; the others are given as zeros,
 * because a product would spread NaN to their neighbours on one backend and lose it on another.
 */
export function arrangedWords(
  words: QuestionWords,
  lengths: readonly number[],
  backward: boolean,
  [start, stop]: readonly [start: number, stop: number]
): {readonly values: Float32Array; readonly finite: readonly boolean[]} {
  const {places, width} = words
  const values = new Float32Array((stop - start) * places * width)
  const finite = Array.from({length: stop - start}, (_, i) => {
    const length = lengths[start + i]!
    const own = values.subarray(i * places * width, (i + 1) * places * width)
    for (let place = 0; place < length; place++)
      own.set(words.at(start + i, backward ? length - 1 - place : place), place * width)
    const good = own.every(Number.isFinite)
    if (!good) own.fill(0)
    return good
  })
  return {values, finite}
}
