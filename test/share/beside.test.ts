import fc from 'fast-check'
import {expect, it} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import type {Edit} from '@/lib/explain/edit'
import {pack, unpack} from '@/lib/share/container'
import {hashLink, readHashLink} from '@/lib/share/link'
import {noteBytes, readNotes} from '@/lib/share/notes'
import {decodeRecord, encodeRecord, wholePlan} from '@/lib/share/record'
import {readShownAs, type ShownAs, shownAsBytes, toldAsEdited} from '@/lib/share/shownAs'
import {mostNoteCharacters, mostNotes, type Note, type NotePlace} from '@/lib/views/note'
import {atRest} from '../fixtures/atRest'
import {example} from './explanations'

const index = fc.nat(1_000_000)
const place: fc.Arbitrary<NotePlace> = fc.oneof(
  fc.constant({on: 'figure'} as const),
  index.map((layer) => ({on: 'layer', layer}) as const),
  index.map((head) => ({on: 'head', head}) as const),
  index.map((feature) => ({on: 'feature', feature}) as const),
  fc.tuple(index, index).map(([layer, feature]) => ({on: 'cell', layer, feature}) as const),
  index.map((sample) => ({on: 'sample', sample}) as const)
)
const note: fc.Arbitrary<Note> = fc.record({at: place, text: fc.string({unit: 'binary', maxLength: 300})})
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: fc.constant('gaussians' as const),
    head: index,
    only: fc.option(fc.array(index, {maxLength: 9})),
    shift: fc.double({noNaN: true, noDefaultInfinity: true}),
    scale: fc.double({noNaN: true, noDefaultInfinity: true, min: 1e-300})
  }),
  fc.record({
    kind: fc.constant('mask' as const),
    of: fc.constantFrom('layer' as const, 'head' as const, 'feature' as const),
    index
  })
)
const shownAs: fc.Arbitrary<ShownAs> = fc.record({
  edits: fc.array(edit, {maxLength: 8}),
  over: fc.option(fc.tuple(fc.nat(), fc.nat())),
  version: fc.option(fc.nat())
})

it('any notes come back as they were written', () => {
  fc.assert(
    fc.property(fc.array(note, {maxLength: 12}), (notes) => {
      expect(readNotes(noteBytes(notes))).toEqual(notes)
    })
  )
})

it('any edits come back as they were made', () => {
  fc.assert(
    fc.property(shownAs, (found) => {
      expect(readShownAs(shownAsBytes(found))).toEqual(found)
    })
  )
})

it('any bytes are notes, are edits, or are refused in a sentence', () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `{"notes":[{"at":${json},"text":"a"}]}`)
  )
  const bytes = fc.oneof(
    fc.uint8Array({maxLength: 200}),
    text.map((json) => new TextEncoder().encode(json))
  )
  fc.assert(
    fc.property(bytes, fc.constantFrom(readNotes, readShownAs), (found, read) => {
      try {
        read(found)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    })
  )
})

const figure = {on: 'figure'} as const

it.each([
  ['more notes than one explanation carries', Array.from({length: mostNotes + 1}, () => ({at: figure, text: 'a'}))],
  ['a note that is too long', [{at: figure, text: 'a'.repeat(mostNoteCharacters + 1)}]],
  ['a cell without its feature', [{at: {on: 'cell', layer: 1} as NotePlace, text: 'a'}]]
])('%s is refused', (_, notes) => {
  expect(() => readNotes(noteBytes(notes))).toThrow(FormatError)
})

it('more text than notes may take is refused before it is read', () => {
  expect(() => readNotes(new Uint8Array(2 ** 20 + 1).fill(32))).toThrow('needed at most 1048576')
})

it.each([
  ['a spread made negative', '{"edits":[{"kind":"gaussians","head":0,"only":null,"shift":0,"scale":-1}]'],
  ['a spread of nothing', '{"edits":[{"kind":"gaussians","head":0,"only":null,"shift":0,"scale":0}]'],
  ['a head before the first', '{"edits":[{"kind":"mask","of":"head","index":-1}]'],
  ['an edit of another kind', '{"edits":[{"kind":"script"}]']
])('%s is refused', (_, start) => {
  const json = `${start},"over":null,"version":null}`
  expect(() => readShownAs(new TextEncoder().encode(json))).toThrow(FormatError)
})

const notes: readonly Note[] = [
  {at: {on: 'cell', layer: 4, feature: 16}, text: 'Here it *peaks*.'},
  {at: {on: 'sample', sample: 9}, text: 'Wrong'}
]
const edited: ShownAs = {
  edits: [
    {kind: 'gaussians', head: 1, only: [16], shift: 0.25, scale: 0.5},
    {kind: 'mask', of: 'layer', index: 4}
  ],
  over: [497, 497],
  version: 3
}
const pictures = {count: 2, width: 2, height: 1, values: Uint8Array.of(1, 2, 3, 255)}

it('a record carries notes, edits and pictures; so does a link', async () => {
  const beside = {notes, shownAs: edited, pictures, view: null}
  const explanation = example('digits')
  const file = await decodeRecord(await encodeRecord({explanation, plan: wholePlan, ...beside}))
  expect(file).toMatchObject({...beside, unread: [], left: []})
  const {hash, dropped} = await hashLink({explanation, without: ['samples', 'nullDensity', 'signal'], ...beside})
  expect(await readHashLink(hash)).toMatchObject({notes, shownAs: edited})
  expect(dropped).not.toContain('gaussians')
})

it('damaged notes and edits are named, and the rest is given', async () => {
  const {sections} = await unpack(
    await encodeRecord({explanation: example('digits'), plan: wholePlan, notes, shownAs: edited, pictures})
  )
  const broken = sections.map(({tag, bytes}) => ({tag, bytes: tag >= 13 ? bytes.subarray(1) : bytes}))
  const read = await decodeRecord(await pack(broken))
  expect(read).toMatchObject({notes: [], shownAs: null, pictures: null})
  expect(read.unread).toEqual(['the notes', 'the edits', 'the pictures'])
  expect(read.explanation.layers).toEqual(example('digits').layers)
})

it('pictures that were not let go along are said to be left out', async () => {
  const {pictures: _, ...plan} = wholePlan
  const read = await decodeRecord(await encodeRecord({explanation: example('digits'), plan, pictures}))
  expect(read).toMatchObject({pictures: null, left: ['pictures']})
})

/** A record whose parts of JSON were changed. */
async function written(change: (tag: number, json: Record<string, unknown>) => unknown) {
  const {sections} = await unpack(await encodeRecord({explanation: example('digits'), view: atRest, plan: {}}))
  const changed = sections.map(({tag, bytes}) => {
    if (tag !== 1 && tag !== 4) return {tag, bytes}
    const json = change(tag, JSON.parse(new TextDecoder().decode(bytes)))
    return {tag, bytes: new TextEncoder().encode(JSON.stringify(json))}
  })
  return decodeRecord(await pack(changed))
}

/** The summary and the view, as JSON, of a record that was read and written again. */
async function again(read: Awaited<ReturnType<typeof written>>) {
  const {sections} = await unpack(await encodeRecord({...read, plan: {}}))
  const json = (wanted: number) => JSON.parse(new TextDecoder().decode(sections.find(({tag}) => tag === wanted)!.bytes))
  return {summary: json(1), view: json(4)}
}

it('what a later version adds to the summary and the view survives this one', async () => {
  const read = await written((tag, json) => {
    if (tag === 4) return {...json, camera: {zoom: 2}}
    const heads = (json.heads as object[]).map((head, i) => (i === 2 ? {...head, tilt: 0.125} : head))
    return {...json, heads, mood: ['grey', null], model: {...(json.model as object), licence: 'x'}}
  })
  expect(read.unread).toEqual([])
  const {summary, view} = await again(read)
  expect(summary).toMatchObject({mood: ['grey', null], model: {licence: 'x', title: read.explanation.model.title}})
  expect(summary.heads[2].tilt).toBe(0.125)
  expect('tilt' in summary.heads[1]).toBe(false)
  expect(view).toMatchObject({order: 'model', camera: {zoom: 2}})
})

it('what this version writes reads the same with and without another’s keys', async () => {
  const plain = await written((_, json) => json)
  expect(plain.strangers).toEqual({summary: null, view: null, notes: null, edits: null})
  const read = await written((_, json) => ({...json, later: 1}))
  expect(read.explanation).toEqual(plain.explanation)
})

/** A record with notes and edits whose sections a later version has written more into. */
async function annotated() {
  const {sections} = await unpack(
    await encodeRecord({explanation: example('digits'), notes, shownAs: edited, plan: {}})
  )
  const later: Readonly<Record<number, (json: Record<string, object[]>) => object>> = {
    13: ({notes}) => ({notes: notes!.map((note, i) => ({...note, by: `reader ${i}`})), colour: 'green'}),
    14: (json) => ({...json, edits: json.edits!.map((edit, i) => (i === 1 ? {...edit, why: 'loud'} : edit)), from: 'b'})
  }
  const changed = sections.map(({tag, bytes}) => {
    const json = later[tag]?.(JSON.parse(new TextDecoder().decode(bytes)))
    return {tag, bytes: json ? new TextEncoder().encode(JSON.stringify(json)) : bytes}
  })
  return decodeRecord(await pack(changed))
}

const jsonIn = async (bytes: Uint8Array, wanted: number) =>
  JSON.parse(new TextDecoder().decode((await unpack(bytes)).sections.find(({tag}) => tag === wanted)!.bytes))

it('what a later version adds to notes and edits survives this one', async () => {
  const read = await annotated()
  expect(read).toMatchObject({notes, shownAs: edited, unread: []})
  const bytes = await encodeRecord({...read, plan: {}})
  expect(await jsonIn(bytes, 13)).toEqual({
    notes: notes.map((note, i) => ({...note, by: `reader ${i}`})),
    colour: 'green'
  })
  expect(await jsonIn(bytes, 14)).toMatchObject({edits: [{}, {why: 'loud', of: 'layer'}], from: 'b', version: 3})
})

it('what a later version says of a note goes with that note alone, wherever it stands now', async () => {
  const read = await annotated()
  const now = [{...notes[0]!, text: 'Written anew'}, {at: {on: 'head', head: 1} as const, text: 'New'}, notes[1]!]
  const bytes = await encodeRecord({...read, notes: now, plan: {}})
  expect((await jsonIn(bytes, 13)).notes).toEqual([now[0], now[1], {...now[2], by: 'reader 1'}])
})

it.each([
  ['__proto__', (json: object) => JSON.parse(JSON.stringify(json).replace('{', '{"__proto__":{"polluted":1},'))],
  ['constructor', (json: object) => ({...json, constructor: {prototype: {polluted: 1}}})]
])('a key called %s changes nothing but itself', async (_, change) => {
  const read = await written((_tag, json) => change(json))
  await again(read)
  expect(({} as {polluted?: number}).polluted).toBeUndefined()
  expect((read.explanation as {polluted?: number}).polluted).toBeUndefined()
})

it('more of a later version than is carried on is named, and the rest is given', async () => {
  const read = await written((tag, json) => (tag === 1 ? {...json, later: 'x'.repeat(200_000)} : json))
  expect(read.unread).toEqual(['the summary'])
  expect((await again(read)).summary.later).toBeUndefined()
})

it('edits are said in the line under the title, once', () => {
  const explanation = example('digits')
  const told = toldAsEdited(explanation, edited.edits)
  expect(told.finding.title).toBe(explanation.finding.title)
  expect(told.finding.caveat).toBe(
    `Edited by hand, not the checkpoint’s own: Head 2, feature 17: offset +0.25 z, spread × 0.50; Layer 5: masked, so that it reaches no prediction. ${explanation.finding.caveat}`
  )
  expect(toldAsEdited(told, edited.edits)).toBe(told)
  expect(toldAsEdited(explanation, [])).toBe(explanation)
})
