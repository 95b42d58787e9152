import {afterEach, expect, it} from 'vitest'
import {createLibrary} from '@/lib/state/library'
import {browserCopies} from '@/lib/state/libraryCopies'
import type {LibraryEntry} from '@/lib/state/libraryEntry'
import {openShelf} from '@/lib/state/libraryShelf'
import {createSession} from '@/lib/state/session'
import {scriptedEngine} from './scriptedEngine'

// The browser's own IndexedDB and private file system.
const settled = () => new Promise((resolve) => setTimeout(resolve, 30))
const entry = (id: string, openedAt = 1): LibraryEntry => ({
  id,
  name: id,
  size: 3,
  title: 'density attention over layers',
  openedAt,
  from: {kind: 'address', addresses: [`https://example.org/${id}`]}
})

afterEach(async () => {
  const shelf = await openShelf()
  for (const {id} of await shelf.all()) await shelf.remove(id)
})

it('the shelf keeps entries as they are, from one opening to the next', async () => {
  const shelf = await openShelf()
  expect(shelf.lasting).toBe(true)
  await shelf.put(entry('one.pth'))
  await shelf.put(entry('two.pth'))
  await shelf.put(entry('one.pth', 5))
  expect(await (await openShelf()).all()).toEqual([entry('one.pth', 5), entry('two.pth')])
  await shelf.remove('one.pth')
  expect(await shelf.all()).toEqual([entry('two.pth')])
})

it('a browser whose database is closed to us gives a shelf that ends with the page', async () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB')!
  const shelves = []
  for (const indexedDB of [
    undefined,
    {
      open: () => {
        throw new DOMException('no', 'SecurityError')
      }
    }
  ]) {
    Object.defineProperty(globalThis, 'indexedDB', {configurable: true, value: indexedDB})
    shelves.push(await openShelf())
  }
  Object.defineProperty(globalThis, 'indexedDB', real)
  for (const shelf of shelves) {
    expect(shelf.lasting).toBe(false)
    await shelf.put(entry('one.pth'))
    expect(await shelf.all()).toHaveLength(1)
  }
})

it('a copy has the bytes, the name and the date of its file, and goes when it is let go', async () => {
  const copies = browserCopies()!
  const copy = await copies.keep(new File(['some bytes'], 'a/b.pth', {lastModified: 42}))
  const back = await copies.open(copy, 'b.pth', 42)
  expect(back).toMatchObject({name: 'b.pth', size: 10, lastModified: 42})
  expect(await back.text()).toBe('some bytes')
  await copies.remove(copy)
  await expect(copies.open(copy, 'b.pth', 42)).rejects.toMatchObject({title: 'The copy is gone'})
})

it('a way to a file outlives the visit, and says so when the file is gone', async () => {
  const folder = await navigator.storage.getDirectory()
  const handle = await folder.getFileHandle('elsewhere.pth', {create: true})
  const writable = await handle.createWritable()
  await writable.write('x')
  await writable.close()
  await (await openShelf()).put({...entry('elsewhere.pth'), from: {kind: 'handle', handle}})
  const session = createSession({engine: scriptedEngine()})
  const library = createLibrary({session})
  library.getState().begin()
  await settled()
  await library.getState().reopen('elsewhere.pth')
  expect(session.getState().explanation?.provenance.checkpoint.name).toBe('elsewhere.pth')
  await folder.removeEntry('elsewhere.pth')
  await library.getState().reopen('elsewhere.pth')
  expect(session.getState().trouble).toMatchObject({
    title: 'The file is not where it was',
    after: 'Your figure is unchanged.'
  })
})

it('what was opened and kept in one visit opens in the next', async () => {
  const visit = () => {
    const session = createSession({engine: scriptedEngine()})
    const library = createLibrary({session})
    library.getState().begin()
    return {session, library}
  }
  const first = visit()
  await first.session.getState().openFiles([new File(['x'], 'kept.pth', {lastModified: 7})])
  await settled()
  await first.library.getState().keep('["kept.pth",1,7]')
  const {session, library} = visit()
  await settled()
  expect(library.getState()).toMatchObject({lasting: true, entries: [{name: 'kept.pth', from: {kind: 'copy'}}]})
  await library.getState().reopen('["kept.pth",1,7]')
  expect(session.getState().trouble).toBeNull()
  expect(session.getState().explanation?.provenance.checkpoint.name).toBe('kept.pth')
  await library.getState().clear()
})
