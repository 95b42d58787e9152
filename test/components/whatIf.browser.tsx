import {act} from 'react'
import {createRoot} from 'react-dom/client'
import {afterEach, expect, it, vi} from 'vitest'
import {loadShell, Shell} from '@/components/Shell'
import {StoresProvider} from '@/components/stores'
import {EditsContext} from '@/components/whatIf/EditsContext'
import {createEngine} from '@/lib/engine/client'
import type {Engine} from '@/lib/engine/protocol'
import {createEdits, followEdits} from '@/lib/state/edits'
import {followSession} from '@/lib/state/followSession'
import {createLens} from '@/lib/state/lens'
import {createSession} from '@/lib/state/session'
import {button, key, press, the} from './renderShell'

const end: (() => void)[] = []
afterEach(() => {
  for (const one of end.splice(0)) one()
})

/** The shipped digits in the whole window, over an engine of their own. */
async function digits() {
  await loadShell()
  const engine: Engine = createEngine({backend: 'wasm'})
  const session = createSession({engine})
  const lens = createLens()
  const edits = createEdits({engine, session})
  const host = document.body.appendChild(document.createElement('div'))
  host.style.display = 'contents'
  const root = createRoot(host)
  await act(async () =>
    root.render(
      <StoresProvider session={session} lens={lens}>
        <EditsContext value={edits}>
          <Shell />
        </EditsContext>
      </StoresProvider>
    )
  )
  end.push(followSession(session, lens), followEdits(session, edits), () => {
    act(() => root.unmount())
    host.remove()
    engine.dispose()
  })
  const file = async (name: string) => new File([await (await fetch(`/examples/digits/${name}`)).arrayBuffer()], name)
  const files = [await file('checkpoint.pth'), await file('inputs.npz')]
  await act(() => session.getState().openFiles(files))
  expect(session.getState().trouble).toBeNull()
  await vi.waitFor(() => expect(handles()).toHaveLength(8))
  return {session, lens, edits}
}

const handles = () => [...document.querySelectorAll<HTMLElement>('.gaussian-handle')]
const spreadOfHead2 = () => handles().find(({ariaLabel}) => ariaLabel === 'Spread of head 2, all 64 features')!

/** Ranks and importances as the figure writes them. */
const ranking = () =>
  [...document.querySelectorAll('.panel[data-letter="a"] g.row')].map(({textContent}) => textContent).join(' | ')

const settled = (edits: Awaited<ReturnType<typeof digits>>['edits']) =>
  act(() => vi.waitFor(() => expect(edits.getState().waiting).toBe(false), {timeout: 5000}))

const pointer = (target: HTMLElement, type: string, clientX: number) =>
  act(async () => {
    target.dispatchEvent(
      new PointerEvent(type, {pointerId: 1, clientX, bubbles: true, cancelable: true, isPrimary: true})
    )
  })

it('dragging a spread moves the ranking; undo brings the very picture back, redo the other', async () => {
  const {edits, session, lens} = await digits()
  const open = session.getState().explanation
  const before = ranking()
  const handle = spreadOfHead2()
  handle.setPointerCapture = () => {}
  await pointer(handle, 'pointerdown', 100)
  for (const x of [95, 90, 80]) await pointer(handle, 'pointermove', x)
  await pointer(handle, 'pointerup', 80)
  await settled(edits)
  const after = ranking()
  expect(after).not.toBe(before)
  expect(lens.getState().pinned).toBeNull()
  expect(the('.what-if-mark').textContent).toBe('What if: 1 edit; without intervals, over 100 of 100 inputs')
  await press(button('Undo'))
  expect(ranking()).toBe(before)
  expect(session.getState().explanation).toBe(open)
  expect(document.querySelector('.what-if-mark')).toBeNull()
  await press(button('Redo'))
  await settled(edits)
  expect(ranking()).toBe(after)
})

it('Escape lets go of a drag, arrow keys move a handle, and Ctrl Z takes a key back', async () => {
  const {edits} = await digits()
  const before = ranking()
  const handle = spreadOfHead2()
  handle.setPointerCapture = () => {}
  await pointer(handle, 'pointerdown', 100)
  await pointer(handle, 'pointermove', 60)
  await key('Escape')
  await settled(edits)
  expect(ranking()).toBe(before)
  const said = handle.getAttribute('aria-valuetext')
  await key('ArrowRight')
  await settled(edits)
  expect(handle.getAttribute('aria-valuetext')).not.toBe(said)
  expect(edits.getState().edits).toMatchObject([{head: 1, only: null, shift: 0}])
  await key('z', {ctrlKey: true})
  expect(edits.getState().edits).toEqual([])
  expect(handle.getAttribute('aria-valuetext')).toBe(said)
})

it('a set of features is brushed with Shift or S, and its offsets move together beside what they were', async () => {
  const {edits, lens} = await digits()
  const figure = the('#figure')
  figure.setPointerCapture = () => {}
  const map = the('.panel[data-letter="c"]').getBoundingClientRect()
  const brush = (type: string, share: number) =>
    act(async () => {
      const place = {clientX: map.left + share * map.width, clientY: map.top + 0.4 * map.height}
      const init = {pointerId: 1, bubbles: true, cancelable: true, shiftKey: true, button: 0, ...place}
      figure.dispatchEvent(type === 'click' ? new MouseEvent(type, init) : new PointerEvent(type, init))
    })
  await brush('pointerdown', 0.5)
  await brush('pointermove', 0.25)
  await brush('pointerup', 0.25)
  await brush('click', 0.25)
  expect(lens.getState().pinned, 'a brush pins nothing').toBeNull()
  const [start, stop] = lens.getState().brushed!
  expect(stop - start).toBeGreaterThan(10)
  expect(the('.brush title').textContent).toBe(`Brushed: features ${start + 1}–${stop}`)
  const offset = handles().find(({ariaLabel}) => ariaLabel === `Offset of head 2, features ${start + 1}–${stop}`)!
  expect(document.querySelectorAll('.ghosts .ghost')).toHaveLength(0)
  await act(async () => offset.focus())
  await key('ArrowRight')
  await settled(edits)
  expect(edits.getState().edits).toMatchObject([{head: 1, shift: 0.05, only: {length: stop - start}}])
  expect(document.querySelectorAll('.ghosts .ghost')).toHaveLength(1)
  await act(async () => {
    figure.focus()
    lens.getState().point(0, stop)
  })
  await key('s')
  expect(lens.getState().brushed).toEqual([start, stop + 1])
  await key('Escape')
  expect(lens.getState().brushed).toBeNull()
  expect(document.querySelector('.brush')).toBeNull()
})

it('a pinned cell is moved alone, and masking its layer changes the prediction and strikes the layer through', async () => {
  const {edits, lens} = await digits()
  await act(async () => {
    lens.getState().point(4, 16)
    lens.getState().pin(4)
  })
  expect(handles().map(({ariaLabel}) => ariaLabel)).toEqual([
    'Offset of head 2, feature 17',
    'Spread of head 2, feature 17'
  ])
  const predicted = () => the('.prediction').textContent
  const before = predicted()
  the('#figure').focus()
  await key('m')
  await settled(edits)
  expect(predicted()).not.toBe(before)
  expect(document.querySelectorAll('.masks line').length).toBeGreaterThan(0)
  await key('m')
  await vi.waitFor(() => expect(predicted()).toBe(before))
  expect(document.querySelectorAll('.masks line')).toHaveLength(0)
})
