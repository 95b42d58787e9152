import fc from 'fast-check'
import {expect, it} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import {decodeExplanationFile, isExplanationFile, jsonExplanation, mostFileBytes} from '@/lib/share/explanationFile'
import {encodeRecord, wholePlan} from '@/lib/share/record'
import {reproduced} from '@/lib/share/reproduce'
import type {ShownAs} from '@/lib/share/shownAs'
import type {Note} from '@/lib/views/note'
import {everyPart, example} from './explanations'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const notes: readonly Note[] = [{at: {on: 'cell', layer: 4, feature: 16}, text: 'Here it *peaks*.\n\n- twice'}]
const shownAs: ShownAs = {edits: [{kind: 'mask', of: 'layer', index: 4}], over: null, version: null}

it('JSON that an export or the command line wrote is an explanation with every number, and reproduces itself', async () => {
  const explanation = everyPart()
  const record = await decodeExplanationFile(bytesOf(encodeExplanation(explanation)))
  expect(record).toMatchObject({notes: [], shownAs: null, unread: [], left: []})
  expect(encodeExplanation(record.explanation)).toBe(encodeExplanation(explanation))
  expect(reproduced(record, explanation)).toMatchObject({kind: 'reproduced', share: 0})
})

it('notes and edits travel beside it, and whoever reads the explanation alone passes them over', async () => {
  const explanation = example('digits')
  const json = jsonExplanation(explanation, notes, shownAs)
  expect(await decodeExplanationFile(bytesOf(json))).toMatchObject({notes, shownAs})
  expect(encodeExplanation(decodeExplanation(json))).toBe(encodeExplanation(explanation))
  expect(jsonExplanation(explanation, [], null)).toBe(encodeExplanation(explanation))
})

it('it is told by how it begins, written in one line or in many', async () => {
  const json = encodeExplanation(example('digits'))
  const record = await encodeRecord({explanation: example('digits'), plan: wholePlan})
  for (const text of [json, JSON.stringify(JSON.parse(json), null, 2), `\uFEFF\n${json}`]) {
    expect(isExplanationFile(bytesOf(text).subarray(0, 128))).toBe(true)
    expect((await decodeExplanationFile(bytesOf(text))).explanation.layers).toEqual(example('digits').layers)
  }
  expect(isExplanationFile(record.subarray(0, 128))).toBe(true)
  expect((await decodeExplanationFile(record)).explanation.layers).toEqual(example('digits').layers)
  for (const other of ['{"weight_map":{}}', '{"version":1}', '{"metadata":{"version":1,"model":{}}}', '']) {
    expect(isExplanationFile(bytesOf(other))).toBe(false)
  }
})

it.each([
  [
    'a rank beyond the last',
    /"rank":\d+/,
    '"rank":99',
    /^At layers\.0\.rank: expected a whole number in 1–\d+, got 99$/
  ],
  ['another version', /"version":1/, '"version":7', /^At version: expected 1, got 7$/],
  ['a note on nothing', /\}$/, ',"notes":[{"at":{"on":"moon"},"text":"a"}]}', /^At notes\.0\.at\.on: expected /],
  [
    'an edit that is none',
    /\}$/,
    ',"shownAs":{"edits":[{"kind":"script"}],"over":null,"version":null}}',
    /^At shownAs\./
  ]
])('%s is refused with its place', async (_, found, instead, sentence) => {
  const broken = encodeExplanation(example('digits')).replace(found, instead)
  await expect(decodeExplanationFile(bytesOf(broken))).rejects.toThrow(sentence)
})

it('more bytes than an explanation may have are refused before they are read', async () => {
  const bytes = new Uint8Array(64 * 2 ** 20 + 1).fill(32)
  bytes.set(bytesOf('{"version":1,"model":{'))
  expect(mostFileBytes(bytes.subarray(0, 128))).toBe(64 * 2 ** 20)
  await expect(decodeExplanationFile(bytes)).rejects.toThrow('needed at most')
})

it('any JSON that begins so is read or refused in a sentence', async () => {
  const json = encodeExplanation({...example('digits'), samples: []})
  const value = fc.oneof(
    fc.constantFrom('null', '-1', '1e999', '[]', '{}', '"\\u202e"', '{"__proto__":{"a":1}}'),
    fc.json()
  )
  const places = [...json.matchAll(/":/g)].map(({index}) => index + 2).slice(2)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), value, async (at, instead) => {
      const broken = bytesOf(`${json.slice(0, at)}${instead}${json.slice(at).replace(/^[^,{}[\]]*/, '')}`)
      await decodeExplanationFile(broken).catch((error: unknown) => expect(error).toBeInstanceOf(FormatError))
    }),
    {numRuns: 40}
  )
  expect(({} as {a?: number}).a).toBeUndefined()
})
