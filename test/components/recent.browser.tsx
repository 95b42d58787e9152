import '@/app/styles/open.css'
import {act} from 'react'
import {createRoot} from 'react-dom/client'
import {expect, it, onTestFinished} from 'vitest'
import {createStore} from 'zustand/vanilla'
import {LibraryContext} from '@/components/library/LibraryContext'
import {Recent} from '@/components/library/Recent'
import {RoomContext} from '@/components/room'
import type {Library} from '@/lib/state/library'
import type {LibraryEntry} from '@/lib/state/libraryEntry'
import {press, the} from './renderShell'

const entry = (name: string, from: LibraryEntry['from']): LibraryEntry => ({
  id: name,
  name,
  size: 94_400_000,
  title: 'density attention over layers',
  openedAt: Date.UTC(2026, 4, 9, 12),
  from
})
const entries = [
  entry('far.pth', {kind: 'address', addresses: ['https://example.org/far.pth', 'owner/name/inputs.npz']}),
  entry('copied.pth', {kind: 'copy', copy: 'x', lastModified: 1}),
  entry('given.pth', {kind: 'file'}),
  entry('gone.pth', {kind: 'file'})
]

async function renderRecent(state: Partial<Library> = {}) {
  const asked: string[] = []
  const note = (name: string) => async (id?: string) => void asked.push([name, id].filter(Boolean).join(' '))
  const library = createStore<Library>()(() => ({
    entries,
    lasting: true,
    copying: null,
    reopen: note('reopen'),
    canReopen: (id) => !id.startsWith('gone'),
    canKeep: (id) => id === 'given.pth',
    keep: note('keep'),
    forget: note('forget'),
    clear: note('clear'),
    begin: () => () => {},
    ...state
  }))
  const host = document.body.appendChild(document.createElement('div'))
  const root = createRoot(host)
  const room = {pick: () => void asked.push('pick'), show: () => {}}
  await act(async () =>
    root.render(
      <RoomContext value={room}>
        <LibraryContext value={library}>
          <div className="menu">
            <Recent />
          </div>
        </LibraryContext>
      </RoomContext>
    )
  )
  onTestFinished(async () => {
    await act(async () => root.unmount())
    host.remove()
  })
  return asked
}
const line = (name: string) =>
  [...document.querySelectorAll<HTMLElement>('.menu-recent li')].find((li) => li.textContent?.startsWith(name))!

it('each line says what it is, when it was opened, and how it comes back', async () => {
  await renderRecent()
  expect(line('far.pth').textContent).toContain('density attention over layers, 94.4\u00a0MB, 9 May 2026')
  expect(line('far.pth').textContent).toContain('Asks example.org and huggingface.co again')
  expect(line('copied.pth').textContent).toContain('From the copy kept here, 94.4\u00a0MB')
  expect(line('gone.pth').textContent).toContain('Choose the file again')
  expect(the('.menu-recent').textContent).toContain(
    'Names, sizes, times and your notes are remembered, in this browser'
  )
})

it('a checkpoint of several files says how many, and why it cannot be kept', async () => {
  const set = (name: string) => ({...entry(name, {kind: 'file'}), parts: 3})
  await renderRecent({entries: [set('given-shards.pth'), set('gone-shards.pth')]})
  expect(line('given-shards').textContent).toContain(
    '3 files, given during this visit; only a checkpoint of one file can be kept'
  )
  expect(line('gone-shards').textContent).toContain('Choose its 3 files again, together')
})

it('a line opens its checkpoint, or the picker where only the person has it', async () => {
  const asked = await renderRecent()
  await press(line('far.pth').querySelector('button')!)
  await press(line('gone.pth').querySelector('button')!)
  await press(line('given.pth').querySelector('button')!)
  expect(asked).toEqual(['reopen far.pth', 'pick', 'reopen given.pth'])
})

it('bytes are kept only on request, and each line or all of them can be forgotten', async () => {
  const asked = await renderRecent()
  expect(document.querySelectorAll('[aria-label^="Keep"]')).toHaveLength(1)
  await press(the('[aria-label="Keep given.pth"]'))
  await press(the('[aria-label="Forget gone.pth"]'))
  await press(the('.menu-recent > ul:last-child button'))
  expect(asked).toEqual(['keep given.pth', 'forget gone.pth', 'clear'])
})

it('a browser that keeps nothing says so, and an empty list is not shown', async () => {
  await renderRecent({lasting: false})
  expect(the('.menu-recent').textContent).toContain('This browser keeps nothing between visits')
  document.querySelector('.menu-recent')!.remove()
  await renderRecent({entries: []})
  expect(document.querySelector('.menu-recent')).toBeNull()
})
