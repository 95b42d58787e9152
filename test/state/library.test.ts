import {beforeEach, describe, expect, it} from 'vitest'
import {ReaderError} from '@/lib/core/errors'
import {noteHandles} from '@/lib/state/fileHandles'
import {createLibrary, type LibraryStore} from '@/lib/state/library'
import type {LibraryCopies} from '@/lib/state/libraryCopies'
import {type LibraryShelf, memoryShelf} from '@/lib/state/libraryShelf'
import {createSession, type SessionStore} from '@/lib/state/session'
import {type ScriptedEngine, scriptedEngine} from './scriptedEngine'

const file = (name: string, lastModified = 1000) => new File(['x'], name, {lastModified})

let clock: number
let shelf: LibraryShelf
let copied: Map<string, File>
const copies: LibraryCopies = {
  keep: async (given) => {
    copied.set(`copy of ${given.name}`, given)
    return `copy of ${given.name}`
  },
  open: async (copy, name, lastModified) => {
    if (!copied.has(copy)) throw new ReaderError('The copy is gone', `${name}: gone.`)
    return file(name, lastModified)
  },
  remove: async (copy) => void copied.delete(copy)
}
beforeEach(() => {
  clock = 0
  shelf = {...memoryShelf(), lasting: true}
  copied = new Map()
})

/** One visit to the page. */
function visit(over: Partial<{shelf: () => Promise<LibraryShelf>; copies: LibraryCopies | null}> = {}) {
  const engine: ScriptedEngine = scriptedEngine()
  const session: SessionStore = createSession({engine})
  const library: LibraryStore = createLibrary({session, shelf: async () => shelf, copies, now: () => ++clock, ...over})
  const leave = library.getState().begin()
  const settled = () => new Promise((resolve) => setTimeout(resolve))
  const names = () => library.getState().entries.map(({name}) => name)
  return {engine, session, library, leave, settled, names, open: session.getState().openFiles}
}

it('remembers what was opened by name, size, kind and time, the last first, and no bytes', async () => {
  const {open, names, library, settled} = visit()
  await open([file('one.pth')])
  await open([file('two.pth')])
  await settled()
  expect(names()).toEqual(['two.pth', 'one.pth'])
  expect(library.getState().entries[0]).toEqual({
    id: '["two.pth",1,1000]',
    name: 'two.pth',
    size: 2048,
    title: 'density attention over layers',
    openedAt: 2,
    from: {kind: 'file'}
  })
  expect(await shelf.all()).toHaveLength(2)
  expect(copied.size).toBe(0)
})

it('is there at the next visit, and what is opened twice stands in it once', async () => {
  const first = visit()
  await first.open([file('one.pth')])
  await first.open([file('two.pth')])
  await first.settled()
  const {open, names, settled} = visit()
  await settled()
  expect(names()).toEqual(['two.pth', 'one.pth'])
  await open([file('one.pth')])
  await settled()
  expect(names()).toEqual(['one.pth', 'two.pth'])
})

it('tells files of one name apart by when they were changed', async () => {
  const {open, names, settled} = visit()
  await open([file('model.pth', 1)])
  await open([file('model.pth', 2)])
  await settled()
  expect(names()).toEqual(['model.pth', 'model.pth'])
})

it('what cannot be opened is not remembered', async () => {
  const {open, names, settled} = visit()
  await open([file('notes.txt')])
  await settled()
  expect(names()).toEqual([])
})

it('keeps the twenty that were opened last, and those whose bytes are kept', async () => {
  const {open, names, library, settled} = visit()
  await open([file('kept.pth')])
  await settled()
  await library.getState().keep('["kept.pth",1,1000]')
  for (let i = 0; i < 25; i++) await open([file(`${i}.pth`)])
  await settled()
  expect(names()).toEqual([...Array.from({length: 20}, (_, i) => `${24 - i}.pth`), 'kept.pth'])
  expect(await shelf.all()).toHaveLength(21)
})

describe('opening again', () => {
  it('asks addresses again, inputs with them', async () => {
    const {session, library, engine, settled} = visit()
    const addresses = ['https://example.org/model.pth', 'https://example.org/a.npz']
    await session.getState().openAddresses(addresses)
    await settled()
    const [entry] = library.getState().entries
    expect(entry).toMatchObject({id: addresses[0], from: {kind: 'address', addresses}})
    engine.asked.length = 0
    await library.getState().reopen(addresses[0]!)
    expect(engine.asked).toEqual(['inspect model.pth', 'inspect a.npz', 'explain model.pth + a.npz'])
  })

  it('takes a file that was given during this visit', async () => {
    const {open, session, library, settled} = visit()
    const one = file('one.pth')
    await open([one])
    await open([file('two.pth')])
    await settled()
    await library.getState().reopen('["one.pth",1,1000]')
    expect(session.getState().files?.checkpoint).toEqual({kind: 'file', file: one})
  })

  it('takes the files of a set that was given during this visit, which cannot be kept', async () => {
    const parts = [file('a-00001-of-00002.pth'), file('a-00002-of-00002.pth')]
    const {session, library, open, settled} = visit()
    await open(parts)
    await open([file('two.pth')])
    await settled()
    const {id, parts: count} = library.getState().entries[1]!
    expect(count).toBe(2)
    expect([library.getState().canReopen(id), library.getState().canKeep(id)]).toEqual([true, false])
    await library.getState().reopen(id)
    expect(session.getState().files?.checkpoint).toMatchObject({kind: 'set', files: parts})
  })

  it('says that a file of an earlier visit has to be given again', async () => {
    const first = visit()
    await first.open([file('one.pth')])
    await first.settled()
    const {session, library, settled} = visit()
    await settled()
    expect(library.getState().canKeep('["one.pth",1,1000]')).toBe(false)
    await library.getState().reopen('["one.pth",1,1000]')
    expect(session.getState().trouble).toMatchObject({
      message: 'one.pth: this browser keeps its name and no bytes; choose the file again.',
      after: 'Nothing is open yet.'
    })
  })

  it('takes the copy that the person asked for, and it stays one entry', async () => {
    const first = visit()
    await first.open([file('one.pth')])
    await first.settled()
    expect(first.library.getState().canKeep('["one.pth",1,1000]')).toBe(true)
    await first.library.getState().keep('["one.pth",1,1000]')
    expect([...copied.keys()]).toEqual(['copy of one.pth'])
    const {session, library, names, settled} = visit()
    await settled()
    await library.getState().reopen('["one.pth",1,1000]')
    await settled()
    expect(session.getState().trouble).toBeNull()
    expect(names()).toEqual(['one.pth'])
    expect(library.getState().entries[0]!.from.kind).toBe('copy')
  })

  it('says so when the browser has let go of the copy', async () => {
    const {open, session, library, settled} = visit()
    await open([file('one.pth')])
    await settled()
    await library.getState().keep('["one.pth",1,1000]')
    copied.clear()
    await library.getState().reopen('["one.pth",1,1000]')
    expect(session.getState().trouble).toMatchObject({title: 'The copy is gone', after: 'Your figure is unchanged.'})
  })
})

describe('a dropped file whose browser gives the way to it', () => {
  const answer = {state: 'granted' as PermissionState}
  const drop = async (dropped: File) => {
    const handle = {kind: 'file', getFile: async () => dropped, requestPermission: async () => answer.state}
    const items = [{kind: 'string'}, {kind: 'file', getAsFileSystemHandle: async () => handle}]
    noteHandles(items as unknown as DataTransferItemList, [dropped])
    await Promise.resolve()
  }

  it('is kept by that way, with no copy, and read where it lies', async () => {
    const one = file('one.pth')
    await drop(one)
    const first = visit()
    await first.open([one])
    await first.settled()
    await first.library.getState().keep('["one.pth",1,1000]')
    expect(copied.size).toBe(0)
    const {session, library, settled} = visit()
    await settled()
    expect(library.getState().entries[0]!.from.kind).toBe('handle')
    await library.getState().reopen('["one.pth",1,1000]')
    expect(session.getState().files?.checkpoint).toEqual({kind: 'file', file: one})
  })

  it('is not read again without permission', async () => {
    const one = file('one.pth')
    await drop(one)
    const {open, session, library, settled} = visit()
    await open([one])
    await settled()
    await library.getState().keep('["one.pth",1,1000]')
    answer.state = 'denied'
    await library.getState().reopen('["one.pth",1,1000]')
    expect(session.getState().trouble?.message).toContain('was not allowed to read it again')
  })
})

it('one can be forgotten, or all, and their copies with them', async () => {
  const {open, library, names, settled} = visit()
  for (const name of ['one.pth', 'two.pth', 'three.pth']) await open([file(name)])
  await settled()
  await library.getState().keep('["one.pth",1,1000]')
  await library.getState().keep('["two.pth",1,1000]')
  await library.getState().forget('["one.pth",1,1000]')
  expect(names()).toEqual(['three.pth', 'two.pth'])
  expect([...copied.keys()]).toEqual(['copy of two.pth'])
  await library.getState().clear()
  expect(names()).toEqual([])
  expect(copied.size).toBe(0)
  expect(await shelf.all()).toEqual([])
})

it('a browser without storage remembers during the visit and breaks nothing', async () => {
  const refusing: LibraryShelf = {
    lasting: true,
    all: () => Promise.reject(new Error('closed')),
    put: () => Promise.reject(new Error('closed')),
    remove: () => Promise.reject(new Error('closed'))
  }
  const {open, session, library, names, settled} = visit({shelf: async () => refusing, copies: null})
  await settled()
  await open([file('one.pth')])
  await settled()
  expect(names()).toEqual(['one.pth'])
  expect(library.getState()).toMatchObject({lasting: false})
  expect(library.getState().canKeep('["one.pth",1,1000]')).toBe(false)
  await library.getState().clear()
  expect(session.getState().trouble).toBeNull()
})
