import {beforeAll, expect, it} from 'vitest'
import {explanationText} from '@/bin/explanationText'
import {inspectionText} from '@/bin/inspectionText'
import {inspect} from '@/lib/engine/fileReport'
import {explain} from '@/lib/engine/story'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import {npzBytes} from '@/lib/formats/npzBytes'
import {memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {Settings} from '@/lib/models/family'
import {type Packed, unpack} from '../models/fixtures'
import {stackedFixtures} from '../models/stackedLatent.cases'

beforeAll(() => openBackend('cpu'))

const source = (name: string, arrays: Readonly<Record<string, Packed>>) =>
  memorySource(
    npzBytes(Object.entries(arrays).map(([key, packed]) => ({name: key, shape: packed.shape, values: unpack(packed)}))),
    name
  )

const fixture = stackedFixtures.find(({name}) => name.startsWith('the released LSTM, ids'))!
const checkpoint = source('san.npz', fixture.parameters)
const {ids} = fixture.beside as {ids: Packed}
const {input: regions, expected} = fixture

async function explained(arrays: Readonly<Record<string, Packed>>, settings: Settings = {}, sliceBytes?: number) {
  let slices = 0
  const onSlice = () => void slices++
  const outcome = await explain({checkpoint, inputs: [source('inputs.npz', arrays)], settings}, {sliceBytes, onSlice})
  if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
  outcome.dispose()
  return {...outcome, slices}
}

it('a question given as ids is read by the encoder of the checkpoint, which the explanation says and keeps', async () => {
  const {explanation, questions} = await explained({regions, ids})
  const {model, caveats, samples} = explanation
  expect(caveats.find(({id}) => id === 'questions')?.text).toBe(
    'Question vectors are what the checkpoint’s own LSTM makes of ids, read from the last word to the first. The untrained module is given the same vectors.'
  )
  expect(model.settings).toEqual({questionOrder: 'backward', lstmOutput: 'cell'})
  expect(questions.map(({setting}) => setting)).toEqual(['questionOrder', 'lstmOutput'])
  // The encoder is read when the first question comes; it counts all the same.
  expect(model.tensorsRead).toBe(model.tensorsTotal)
  expect(samples).toHaveLength(3)
  expect(explanationText(explanation)).toContain('makes of ids')
  expect(encodeExplanation(decodeExplanation(encodeExplanation(explanation)))).toBe(encodeExplanation(explanation))
})

it('the same question given as a vector gives the same map, reads nothing of the encoder, and needs no word about it', async () => {
  const {explanation} = await explained({regions, question: expected.question!})
  const byIds = (await explained({regions, ids})).explanation
  for (const [cell, value] of byIds.density!.values.entries())
    expect(explanation.density!.values[cell]).toBeCloseTo(value, 5)
  expect(explanation.caveats.find(({id}) => id === 'questions')).toBeUndefined()
  expect(explanation.model.tensorsRead).toBe(explanation.model.tensorsTotal - 4)
})

it('where both are given, the vector is used, which is said', async () => {
  const {explanation} = await explained({regions, ids, question: expected.question!})
  expect(explanation.caveats.find(({id}) => id === 'questions')?.text).toBe(
    'The inputs hold question vectors and ids: the vectors are used, and the question encoder of the checkpoint is not run.'
  )
})

it('words for a checkpoint of one stream are not used, which is said with what they would need', async () => {
  const plain = {regions, question: expected.question!}
  const {explanation} = await explained({...plain, words: {...plain.question, shape: [3, 1, 5]}})
  expect(explanation.caveats.find(({id}) => id === 'questions')?.text).toBe(
    'The inputs hold words, which are not used: the checkpoint has one stream, over regions, and a second one over words needs ff_words, ff_words_questions and ff_words_attention in each hop.'
  )
  expect(explanation.density!.values).toEqual((await explained(plain)).explanation.density!.values)
})

it('what inputs go through is counted in hops, where there are no heads', async () => {
  const texts: string[] = []
  const inputs = [source('inputs.npz', {regions, ids})]
  const outcome = await explain({checkpoint, inputs, settings: {}}, {onProgress: ({text}) => void texts.push(text)})
  if (outcome.kind === 'explained') outcome.dispose()
  expect(texts).toContain('2 hops of san.npz read')
  expect(texts).toContain('3 of 3 inputs through 2 hops')
  expect(texts.join()).not.toContain('head')
})

it('questions are read with their own regions where a file is read a slice at a time', async () => {
  const whole = await explained({regions, ids})
  const sliced = await explained({regions, ids}, {}, 1)
  for (const [cell, value] of whole.explanation.density!.values.entries())
    expect(sliced.explanation.density!.values[cell]).toBeCloseTo(value, 6)
  expect([whole.slices, sliced.slices]).toEqual([1, 3])
})

it('a setting says how an encoder reads whose file does not', async () => {
  const [backward, forward] = [
    await explained({regions, ids}),
    await explained({regions, ids}, {questionOrder: 'forward', lstmOutput: 'tanh'})
  ]
  expect(forward.explanation.caveats.find(({id}) => id === 'questions')?.text).not.toContain('last word')
  expect(forward.explanation.density!.values).not.toEqual(backward.explanation.density!.values)
})

it('the inspection shows which tensor fills which role of the encoder', async () => {
  const text = inspectionText(await inspect(checkpoint))
  expect(text).toMatch(/sent_lstm_w_x +f32 +\(3, 20\) +question encoder input weight/)
  expect(text).toContain('in question encoder.')
  expect(text).toContain('Open: From which end does the question encoder read? Taken: the last word.')
})

it('without anything to ask, one sentence says what was found and what is needed', async () => {
  await expect(explained({regions})).rejects.toThrow(
    'inputs.npz: found regions (3, 5, 6) and no question; question (3, 5) or tokens (3, tokens, 3) or ids (3, ids) is needed'
  )
})
