import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {npzBytes} from '@/lib/formats/npzBytes'
import type {CorpusCase} from './corpus'

// Inputs that are not as a model of places wants them, for a model that may not be as it should be either: what no
// reader of a file and no detection sees is found out when they are run.

type Change =
  | {readonly kind: 'axis'; readonly array: number; readonly axis: number; readonly length: number}
  | {readonly kind: 'squeeze' | 'widen' | 'remove' | 'even'; readonly array: number}
  | {readonly kind: 'number'; readonly array: number; readonly at: number; readonly value: number}
  | {readonly kind: 'row'; readonly array: number; readonly row: number; readonly value: number}
  | {readonly kind: 'rename'; readonly array: number; readonly name: string}
  | {readonly kind: 'again'; readonly array: number; readonly name: string}

/** Which model, and what is wrong with its parameters and with its inputs. */
export interface InputRecipe {
  readonly model: number
  readonly parameters: readonly Change[]
  readonly inputs: readonly Change[]
}

const array = fc.nat(1000)
const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 3e38, -1e30, 1e-45, 7.5)
const names = fc.constantFrom(
  ...['regions', 'question', 'words', 'tokens', 'ids', 'lengths', 'a.regions', 'a.question', 'labels', 'mel'],
  ...['features', 'images', 'b.words', '__proto__', '']
)
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('axis' as const),
    array,
    axis: fc.nat(4),
    length: fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 9)
  }),
  fc.record({kind: fc.constantFrom('squeeze' as const, 'widen' as const, 'remove' as const, 'even' as const), array}),
  fc.record({kind: fc.constant('number' as const), array, at: fc.nat(100_000), value: odd}),
  fc.record({kind: fc.constant('row' as const), array, row: fc.nat(4), value: odd}),
  fc.record({kind: fc.constant('rename' as const), array, name: names}),
  fc.record({kind: fc.constant('again' as const), array, name: names})
)

export const inputRecipe: fc.Arbitrary<InputRecipe> = fc.record({
  model: fc.nat(1000),
  parameters: fc.array(change, {maxLength: 1}),
  inputs: fc.array(change, {maxLength: 3})
})

interface Numbers {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

type Arrays = ReadonlyMap<string, Numbers>

interface Model {
  readonly parameters: Arrays
  readonly inputs: Arrays
}

interface Packed {
  readonly shape: readonly number[]
  /** float32, little-endian, base64. */
  readonly values: string
}

interface Fixture {
  readonly parameters: Readonly<Record<string, Packed>>
  readonly input: Packed
  readonly beside?: Readonly<Record<string, Packed>>
}

const fixtures = (name: string): readonly Fixture[] =>
  JSON.parse(readFileSync(new URL(`../fixtures/models/${name}.json`, import.meta.url), 'utf8'))

const arraysOf = (packed: Readonly<Record<string, Packed>>): Arrays =>
  new Map(Object.entries(packed).map(([name, {shape, values}]) => [name, {shape, values: unpacked(values)}]))

const unpacked = (values: string) => new Float32Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer)

/** Every stack and every pyramid of the fixtures, with its inputs. */
const models: readonly Model[] = [
  ...['stackedLatent', 'stackedQuestions']
    .flatMap(fixtures)
    .map(({parameters, input, beside}) => ({parameters, inputs: {regions: input, ...beside}})),
  ...fixtures('deformableAudio').map(({parameters, input}) => ({parameters, inputs: {mel: input}}))
].map(({parameters, inputs}) => ({parameters: arraysOf(parameters), inputs: arraysOf(inputs)}))

const wordsIn = (inputs: Arrays) => (['tokens', 'ids'] as const).find((name) => inputs.has(name))

/** Those that ask several questions in words, all of which can be asked. */
const asked = models.filter(({inputs}) => {
  const words = inputs.get(wordsIn(inputs) ?? '')
  return words && inputs.get('regions')?.shape.length === 3 && words.values.every(Number.isFinite)
})

/** What the inputs of a case are called, so that they are told from its checkpoint. */
export const inputsName = 'inputs.npz'

/** The `index`th recipe of a run: the same on every machine. */
export function inputRecipeAt(seed: number, index: number): InputRecipe {
  const own = (Math.imul(seed | 0, 0x27d4eb2f) ^ Math.imul(index + 1, 0x2c1b3c6d)) | 0
  return fc.sample(inputRecipe, {seed: own, numRuns: 1})[0]!
}

/** The files that a recipe makes: a checkpoint, and its inputs. */
export function inputCase({model, parameters, inputs}: InputRecipe): CorpusCase {
  const base = models[model % models.length]!
  return [
    {name: 'model.npz', bytes: bytesOf(parameters.reduce(changed, base.parameters))},
    {name: inputsName, bytes: bytesOf(inputs.reduce(changed, base.inputs))}
  ]
}

const bytesOf = (arrays: Arrays) => npzBytes([...arrays].map(([name, {shape, values}]) => ({name, shape, values})))

function changed(arrays: Arrays, one: Change): Arrays {
  const name = [...arrays.keys()][one.array % Math.max(1, arrays.size)]
  const own = name === undefined ? undefined : arrays.get(name)
  if (name === undefined || !own) return arrays
  const {shape, values} = own
  const put = (to: Numbers) => new Map(arrays).set(name, to)
  switch (one.kind) {
    case 'axis':
      return shape.length === 0 ? arrays : put(filled(shape.with(one.axis % shape.length, one.length), values))
    case 'squeeze':
      return put(filled(shape.slice(1), values))
    case 'widen':
      return put({shape: [1, ...shape], values})
    case 'even':
      return put({shape, values: values.map(() => 2)})
    case 'number':
      return put({shape, values: values.map((value, i) => (i === one.at % values.length ? one.value : value))})
    case 'row':
      return put({shape, values: withRow(own, one.row, one.value)})
    case 'remove':
      return new Map([...arrays].filter(([key]) => key !== name))
    case 'rename':
      return new Map([...arrays].map(([key, array]) => [key === name ? one.name : key, array]))
    case 'again':
      return new Map(arrays).set(one.name, own)
  }
}

/** Along the first axis: one input of several. */
function withRow({shape: [rows = 0], values}: Numbers, row: number, value: number): Float32Array {
  const size = values.length / Math.max(1, rows)
  const at = row % Math.max(1, rows)
  return values.slice().fill(value, at * size, (at + 1) * size)
}

/** Which stack with an encoder, and which of its questions cannot be asked, for what reason. */
export interface QuestionRecipe {
  readonly model: number
  readonly bad: readonly {readonly question: number; readonly value: number | 'empty'}[]
}

/** What no question may hold: it is no number, no word, or nothing at all. */
const unaskable = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 'empty' as const)

export const questionRecipe: fc.Arbitrary<QuestionRecipe> = fc.record({
  model: fc.nat(1000),
  bad: fc.array(fc.record({question: fc.nat(2), value: unaskable}), {minLength: 1, maxLength: 3})
})

/** The files that such a recipe makes, how many questions there are, and which of them cannot be asked. */
export function questionCase({model, bad}: QuestionRecipe) {
  const {parameters, inputs} = asked[model % asked.length]!
  const name = wordsIn(inputs)!
  const whole = inputs.get(name)!
  const count = whole.shape[0]!
  // An id below all others is padding in one layout and no word in the other.
  const nothing = name === 'tokens' ? 0 : -1
  const values = bad.reduce(
    (now, {question, value}) => withRow({...whole, values: now}, question, value === 'empty' ? nothing : value),
    whole.values
  )
  // Without lengths, which would say that zeros are words.
  const others = [...inputs].filter(([key]) => key !== 'lengths')
  const files: CorpusCase = [
    {name: 'model.npz', bytes: bytesOf(parameters)},
    {name: inputsName, bytes: bytesOf(new Map(others).set(name, {...whole, values}))}
  ]
  return {files, count, bad: new Set(bad.map(({question}) => question % count))}
}

// As many numbers as the shape has room for, those that were there over and over.
function filled(shape: readonly number[], values: Float32Array): Numbers {
  const length = shape.reduce((product, size) => product * size, 1)
  return {shape, values: Float32Array.from({length}, (_, i) => values[i % Math.max(1, values.length)] ?? 0)}
}
