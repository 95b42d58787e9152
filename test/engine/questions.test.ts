import {beforeAll, describe, expect, it} from 'vitest'
import {explanationText} from '@/bin/explanationText'
import {inspectionText} from '@/bin/inspectionText'
import {inspect} from '@/lib/engine/fileReport'
import {explain} from '@/lib/engine/story'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import {npzBytes} from '@/lib/formats/npzBytes'
import {memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {Settings} from '@/lib/models/family'
import {inputsBy} from '@/lib/share/inputChoice'
import {decodeRecord, encodeRecord, wholePlan} from '@/lib/share/record'
import {reproduced} from '@/lib/share/reproduce'
import {exportTables} from '@/lib/views/exportTables'
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

describe('a question that cannot be asked costs its own pair alone', () => {
  const packed = (shape: readonly number[], values: Float32Array): Packed => ({
    shape,
    values: Buffer.from(new Uint8Array(values.buffer)).toString('base64')
  })
  const rowsOf = (given: Packed, rows: readonly number[]): Packed => {
    const values = unpack(given)
    const size = values.length / given.shape[0]!
    const own = rows.flatMap((row) => [...values.subarray(row * size, (row + 1) * size)])
    return packed([rows.length, ...given.shape.slice(1)], Float32Array.from(own))
  }
  const places = ids.shape[1]!
  const questions = (...bad: readonly (readonly [question: number, id: number])[]): Packed => {
    const values = unpack(ids)
    for (const [question, id] of bad) values.fill(id, question * places, (question + 1) * places)
    return packed(ids.shape, values)
  }
  const labels = (...classes: number[]) => packed([classes.length], Float32Array.from(classes))
  const because = `holds 77 at place 1 of ${places} in its ids; 1 to 8 are needed, or 0 for padding`

  it('which is named, and every count and mean is of the others', async () => {
    const given = {regions, ids: questions([1, 77]), labels: labels(0, 1, 1)}
    const {explanation, sampleMap} = await explained(given)
    const {caveats, samples, provenance, classDensity, layers} = explanation
    expect(caveats.find(({id}) => id === 'not-finite')?.text).toBe(
      `Input 2 of 3 could not be used and is left out: it ${because}.`
    )
    expect(provenance.samples).toBe(2)
    expect(classDensity!.map(({label, inputs}) => [label, inputs])).toEqual([
      [0, 1],
      [1, 1]
    ])
    expect(samples.map(({probabilities}) => probabilities === null)).toEqual([false, true, false])
    expect((await sampleMap(1)).values.every(Number.isNaN)).toBe(true)
    // The others give what they give without it.
    const others = {regions: rowsOf(regions, [0, 2]), ids: rowsOf(ids, [0, 2]), labels: labels(0, 1)}
    const without = (await explained(others)).explanation
    for (const [cell, value] of without.density!.values.entries())
      expect(explanation.density!.values[cell]).toBeCloseTo(value, 6)
    for (const [row, {share}] of without.layers.entries()) expect(layers[row]!.share).toBeCloseTo(share, 6)
    expect(samples[2]!.logits).toEqual(without.samples[1]!.logits)
  })

  it('in words, tables and records, too', async () => {
    const given = {regions, ids: questions([0, 0]), labels: labels(0, 1, 1)}
    const {explanation} = await explained(given)
    const text = explanationText(explanation)
    expect(text).toContain('Input 1 of 3 could not be used and is left out: it has an empty question')
    expect(text).toContain('Maps: drawn from 2 inputs in 1 file.')
    expect(text).toMatch(/Prediction: \d of 2 labelled inputs right\./)
    const table = exportTables(explanation).find(({id}) => id === 'inputs')!
    const predicted = Array.from({length: table.rows}, (_, row) => table.cell(row, table.columns.indexOf('predicted')))
    expect(predicted.map((cell) => cell === null)).toEqual([true, false, false])
    expect(inputsBy(explanation, null).wrong).not.toContain(0)
    const bytes = await encodeRecord({explanation, view: null, plan: wholePlan})
    const record = await decodeRecord(bytes)
    expect(record.explanation.provenance.samples).toBe(2)
    expect(reproduced(record, (await explained(given)).explanation)).toMatchObject({kind: 'reproduced'})
  })

  it('and the running means of a file read a slice at a time, where it is counted over all slices', async () => {
    const given = {regions, ids: questions([2, 77])}
    const whole = (await explained(given)).explanation
    const sliced = await explained(given, {}, 1)
    expect(sliced.slices).toBe(3)
    expect(sliced.explanation.caveats).toEqual(whole.caveats)
    expect(sliced.explanation.provenance.samples).toBe(2)
    for (const [cell, value] of whole.density!.values.entries())
      expect(sliced.explanation.density!.values[cell]).toBeCloseTo(value, 6)
  })

  it.each([undefined, 1])('and none that can be asked is a refusal, in slices of %s bytes', async (sliceBytes) => {
    const none = {regions, ids: questions([0, 77], [1, 0], [2, -3])}
    await expect(explained(none, {}, sliceBytes)).rejects.toThrow(`inputs.npz: input 1 of 3 ${because}`)
  })
})
