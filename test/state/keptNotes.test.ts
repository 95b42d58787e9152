import {beforeEach, expect, it} from 'vitest'
import {encodeRecord, wholePlan} from '@/lib/share/record'
import {type BrowserTable, memoryTable} from '@/lib/state/browserTable'
import {createNotesKeeper, type KeptNotes} from '@/lib/state/keptNotes'
import {createLibrary} from '@/lib/state/library'
import {createNotes, followNotes} from '@/lib/state/notes'
import {createSession} from '@/lib/state/session'
import {example} from '../share/explanations'
import {replyOf, scriptedEngine} from './scriptedEngine'

let table: BrowserTable<KeptNotes>
beforeEach(() => {
  table = {...memoryTable<KeptNotes>(), lasting: true}
})

const file = (name: string) => new File(['x'], name)
const settled = () => new Promise((resolve) => setTimeout(resolve))

/** One visit to the page; checkpoints are hashed by what `hashes` says of their names. */
function visit(hashes: Readonly<Record<string, string>> = {}, place = table) {
  const engine = scriptedEngine(async (request) => {
    const reply = replyOf(request)
    if (reply.kind !== 'explained') return reply
    const {explanation} = reply
    const {checkpoint} = explanation.provenance
    const named = {...checkpoint, sha256: hashes[checkpoint.name] ?? null}
    return {...reply, explanation: {...explanation, provenance: {...explanation.provenance, checkpoint: named}}}
  })
  const session = createSession({engine})
  const notes = createNotes()
  followNotes(session, notes)
  const keeper = createNotesKeeper({session, notes, table: async () => place})
  keeper.begin()
  const library = createLibrary({session, shelf: async () => memoryTable(), copies: null, forgotten: keeper.forget})
  library.getState().begin()
  const write = (text: string) => {
    notes.getState().write({on: 'figure'})
    notes.getState().draw({text})
    notes.getState().keep()
  }
  const open = async (...names: string[]) => {
    await session.getState().openFiles(names.map(file))
    await settled()
  }
  return {session, notes, library, open, write, texts: () => notes.getState().notes.map(({text}) => text)}
}

it('notes are there again when their checkpoint is opened on another visit, without opening the list', async () => {
  const first = visit()
  await first.open('one.pth')
  first.write('peaks')
  first.write('**falls**')
  await settled()
  const second = visit()
  await second.open('two.pth')
  expect(second.texts()).toEqual([])
  await second.open('one.pth')
  expect(second.texts()).toEqual(['peaks', '**falls**'])
  expect(second.notes.getState()).toMatchObject({open: false, lasting: true, canUndo: false})
})

it('a checkpoint is known by its SHA-256 under any name, and another one of its name is another', async () => {
  const first = visit({'one.pth': 'aa'})
  await first.open('one.pth')
  first.write('mine')
  await settled()
  const second = visit({'renamed.pth': 'aa', 'one.pth': 'bb'})
  await second.open('one.pth')
  expect(second.texts()).toEqual([])
  await second.open('renamed.pth')
  expect(second.texts()).toEqual(['mine'])
})

it('what is deleted, changed or undone is so on the next visit, too', async () => {
  const first = visit()
  await first.open('one.pth')
  for (const text of ['a', 'b', 'c']) first.write(text)
  first.notes.getState().remove(0)
  first.notes.getState().remove(0)
  first.notes.getState().undo()
  await settled()
  const second = visit()
  await second.open('one.pth')
  expect(second.texts()).toEqual(['b', 'c'])
  second.notes.getState().remove(1)
  second.notes.getState().remove(0)
  await settled()
  expect(await table.all()).toEqual([])
})

it('what is written before the kept notes have come stands after them, and can be undone alone', async () => {
  const first = visit()
  await first.open('one.pth')
  first.write('old')
  await settled()
  let come: () => void = () => {}
  const waits = new Promise<void>((resolve) => {
    come = resolve
  })
  const slow = {...table, get: async (id: string) => waits.then(() => table.get(id))}
  const second = visit({}, slow)
  await second.open('one.pth')
  second.write('new')
  come()
  await settled()
  expect(second.texts()).toEqual(['old', 'new'])
  expect((await table.all())[0]?.notes).toHaveLength(2)
  second.notes.getState().undo()
  expect(second.texts()).toEqual(['old'])
})

it('another subject leaves what is kept of the one before as it is', async () => {
  const first = visit()
  await first.open('one.pth')
  first.write('one')
  await first.open('two.pth')
  first.write('two')
  await first.open('three.pth')
  await settled()
  expect((await table.all()).map(({name, notes}) => [name, notes.map(({text}) => text)])).toEqual([
    ['one.pth', ['one']],
    ['two.pth', ['two']]
  ])
})

it('notes that somebody else shared are not kept: they are in what was shared', async () => {
  const {session, write, texts} = visit()
  const notes = [{at: {on: 'figure'}, text: 'theirs'} as const]
  const bytes = await encodeRecord({explanation: example('digits'), notes, plan: wholePlan})
  await session.getState().openShared(async () => bytes, 'link', 'the link')
  write('mine')
  await settled()
  expect(texts()).toEqual(['theirs', 'mine'])
  expect(await table.all()).toEqual([])
})

it('forgetting a checkpoint forgets its notes; clearing the list forgets all', async () => {
  const {library, open, write} = visit()
  for (const name of ['one.pth', 'two.pth', 'three.pth']) {
    await open(name)
    write(name)
  }
  await settled()
  const {id} = library.getState().entries.find(({name}) => name === 'two.pth')!
  await library.getState().forget(id)
  expect((await table.all()).map(({name}) => name)).toEqual(['one.pth', 'three.pth'])
  await library.getState().clear()
  expect(await table.all()).toEqual([])
})

it('a browser that refuses to store costs nothing but the memory, and the page knows it', async () => {
  const refusing = {...table, put: () => Promise.reject(new DOMException('full', 'QuotaExceededError'))}
  const {notes, open, write, texts} = visit({}, refusing)
  await open('one.pth')
  write('a')
  await settled()
  expect(texts()).toEqual(['a'])
  expect(notes.getState().lasting).toBe(false)
})
