import '@/app/styles/tokens.css'
import '@/app/styles/base.css'
import '@/app/styles/floating.css'
import '@/app/styles/watch.css'
import {act} from 'react'
import {createRoot} from 'react-dom/client'
import {expect, it, onTestFinished} from 'vitest'
import {createStore} from 'zustand/vanilla'
import {WatchContext} from '@/components/watch/WatchContext'
import {WatchStrip} from '@/components/watch/WatchStrip'
import type {Watch} from '@/lib/state/watch'
import type {WatchedVersion} from '@/lib/state/watchedVersion'
import {button, press, the} from './renderShell'

const versionOf = (version: number, more: Partial<WatchedVersion> = {}): WatchedVersion => ({
  version,
  at: Date.now() - 3000,
  name: 'checkpoint.pth',
  size: 987_377,
  sha256: '0123456789ab',
  epoch: version,
  accuracy: 0.81,
  samples: 100,
  layers: [],
  whole: true,
  trouble: null,
  ...more
})

async function renderStrip(state: Partial<Watch> = {}) {
  const asked: string[] = []
  const note = (name: string) => (value?: unknown) =>
    void asked.push(typeof value === 'number' ? `${name} ${value}` : name)
  const watch = createStore<Watch>()(() => ({
    state: 'watching',
    name: 'checkpoint.pth',
    kind: 'file',
    writing: null,
    reading: false,
    versions: [versionOf(10), versionOf(11, {trouble: 'It holds something else.'}), versionOf(12)],
    missed: 0,
    forgotten: 0,
    shown: null,
    because: null,
    begin: async () => {},
    pause: note('pause'),
    resume: note('resume'),
    stop: note('stop'),
    close: note('close'),
    show: note('show'),
    step: note('step'),
    ...state
  }))
  const host = document.body.appendChild(document.createElement('div'))
  const root = createRoot(host)
  await act(async () =>
    root.render(
      <WatchContext value={watch}>
        <WatchStrip />
      </WatchContext>
    )
  )
  onTestFinished(async () => {
    await act(async () => root.unmount())
    host.remove()
  })
  return {asked, watch}
}

it('says which version is the newest, how old it is, what is being written and what was missed', async () => {
  await renderStrip({writing: {name: 'checkpoint.pth', because: 'torn', gone: false}, missed: 2})
  const line = the('.watch-line').textContent
  expect(line).toContain('Watching checkpoint.pth: version 12, epoch 12, accuracy 81.0\u00a0%')
  expect(line).toMatch(/[34] s ago/)
  expect(line).toContain('being written…; 2 written over unread')
})

it('the slider turns through the versions that could be explained, and says which it stands at', async () => {
  const {asked} = await renderStrip({shown: 10})
  const slider = the<HTMLInputElement>('.watch-timeline input')
  expect([slider.min, slider.max, slider.value]).toEqual(['0', '1', '0'])
  expect(slider.getAttribute('aria-valuetext')).toContain('version 10, epoch 10')
  await act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(slider, '1')
    slider.dispatchEvent(new Event('input', {bubbles: true}))
  })
  expect(asked).toEqual(['show 12'])
})

it('the history names every version, and why one could not be explained', async () => {
  const {asked} = await renderStrip()
  const items = [...document.querySelectorAll<HTMLButtonElement>('.watch-history li button')]
  expect(items.map((item) => item.disabled)).toEqual([false, true, false])
  expect(items[1]!.textContent).toContain('It holds something else.')
  expect(items[0]!.getAttribute('aria-current')).toBe('true')
  await press(items[2]!)
  expect(asked).toEqual(['show 10'])
})

it('is paused, resumed, stopped and put away; nothing is there while nothing is watched', async () => {
  const {asked, watch} = await renderStrip()
  await press(button('Pause'))
  await act(async () => watch.setState({state: 'paused'}))
  await press(button('Resume'))
  await press(button('Stop'))
  await act(async () => watch.setState({state: 'stopped', because: 'Another file was opened.'}))
  expect(the('.watch-line').textContent).toContain('No longer watching checkpoint.pth. Another file was opened.')
  await press(button('Close'))
  expect(asked).toEqual(['pause', 'resume', 'stop', 'close'])
  await act(async () => watch.setState({state: 'off'}))
  expect(document.querySelector('.watch')).toBeNull()
})
