import {expect, it} from 'vitest'
import {hashLink} from '@/lib/share/link'
import {createNotes, followNotes} from '@/lib/state/notes'
import {createSession} from '@/lib/state/session'
import {mostNoteCharacters, mostNotes, type Note, notePlaces, notePlaceText} from '@/lib/views/note'
import {example} from '../share/explanations'
import {replyOf, scriptedEngine} from './scriptedEngine'

const layer = {on: 'layer', layer: 4} as const
const cell = {on: 'cell', layer: 4, feature: 16} as const

function written(...texts: string[]) {
  const store = createNotes()
  for (const text of texts) {
    store.getState().write(layer)
    store.getState().draw({text})
    store.getState().keep()
  }
  return {store, now: () => store.getState(), texts: () => store.getState().notes.map(({text}) => text)}
}

it('a note is kept where it was pinned, changed, moved and deleted; each can be undone', () => {
  const {now, texts} = written('one', 'two')
  now().rewrite(0)
  now().draw({text: ' uno ', at: cell})
  now().keep()
  expect(now().notes).toEqual([
    {at: cell, text: 'uno'},
    {at: layer, text: 'two'}
  ])
  now().remove(1)
  expect(texts()).toEqual(['uno'])
  now().undo()
  now().undo()
  expect(texts()).toEqual(['one', 'two'])
  now().undo()
  now().undo()
  expect(now()).toMatchObject({notes: [], canUndo: false})
})

it('a note without words is none, and one that is let go changes nothing', () => {
  const {now, texts} = written('one', '  \n ')
  now().rewrite(0)
  now().draw({text: 'other'})
  now().abandon()
  expect(texts()).toEqual(['one'])
})

it('what is being written is not lost to another beginning', () => {
  const {now} = written()
  now().write(layer)
  now().draw({text: 'half a'})
  now().write(cell)
  expect(now().draft).toEqual({at: layer, text: 'half a', index: null})
})

it('a note is no longer than it may be, and there are no more than can be shared', () => {
  const {now} = written('x'.repeat(mostNoteCharacters + 9))
  expect(now().notes[0]!.text.length).toBe(mostNoteCharacters)
  now().take(Array.from({length: mostNotes}, (): Note => ({at: layer, text: 'a'})))
  now().write(layer)
  expect(now().draft).toBeNull()
})

/** A session over files that explain themselves, and one shared explanation. */
async function opened() {
  const engine = scriptedEngine(async (request) => {
    const reply = replyOf(request)
    if (reply.kind !== 'explained') return reply
    const {explanation} = reply
    const checkpoint = {...explanation.provenance.checkpoint, sha256: '0'.repeat(64)}
    return {...reply, explanation: {...explanation, provenance: {...explanation.provenance, checkpoint}}}
  })
  const session = createSession({engine})
  const {store, now, texts} = written()
  followNotes(session, store)
  const notes = [{at: cell, text: 'shared'}]
  const {bytes} = await hashLink({explanation: example('digits'), without: ['samples', 'nullDensity'], notes})
  return {session: () => session.getState(), bytes: async () => bytes, store, now, texts, notes}
}

it('a shared explanation brings its notes, and they are shown', async () => {
  const {session, bytes, now, notes} = await opened()
  await session().openShared(bytes, 'link', 'the link')
  expect(now()).toMatchObject({notes, open: true, canUndo: false})
})

it('another file begins without notes, and whoever turns back finds theirs', async () => {
  const {session, bytes, now, texts} = await opened()
  await session().openShared(bytes, 'link', 'the link')
  now().write(layer)
  now().draw({text: 'mine'})
  now().keep()
  await session().openFiles([new File(['x'], 'a.pth')])
  expect(texts()).toEqual([])
  session().undo()
  expect(texts()).toEqual(['shared', 'mine'])
})

it('offers the places where the reader stands, the nearest first, and only such as are there', () => {
  const digits = example('digits')
  const nowhere = {pinned: null, pinnedFeature: null, layer: null, feature: null, sample: null}
  const said = (reader: Partial<typeof nowhere> | Record<string, number>) =>
    notePlaces(digits, {...nowhere, ...reader}).map((place) => notePlaceText(digits, place))
  expect(said({})).toEqual(['The whole figure'])
  expect(said({pinned: 4, pinnedFeature: 16, sample: 9})).toEqual([
    'Layer 5, feature 17',
    'Layer 5',
    'Head 2',
    'Feature 17',
    'Input 10',
    'The whole figure'
  ])
  expect(said({layer: 2, feature: 3})[0]).toBe('Layer 3, feature 4')
  expect(said({pinned: 900, sample: 100_000})).toEqual(['The whole figure'])
})
