import {act} from 'react'
import {beforeAll, expect, it} from 'vitest'
import type {Progress} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {syntheticExplanation} from '../fixtures/explanations'
import {button, press, renderShell, the} from './renderShell'

let explanation: Explanation
beforeAll(async () => {
  explanation = await syntheticExplanation({resamples: 20})
})

const running = (more: Partial<Progress> = {}) =>
  ({
    kind: 'working',
    name: 'large.pth',
    visible: true,
    progress: {
      phase: 'running',
      done: 1200,
      total: 5000,
      unit: 'inputs',
      text: '1,200 of about 5,000 inputs through 4 heads, file 1,200 of 5,000',
      partial: explanation,
      perSecond: 221.3,
      secondsLeft: 17.2,
      ...more
    }
  }) as const

it('the rate and the time left stand behind how far it has come', async () => {
  await renderShell({work: running()})
  expect(the('.title .caveat').textContent).toBe(
    '1,200 of about 5,000 inputs through 4 heads, file 1,200 of 5,000: 221 inputs per second, about 17 seconds left.'
  )
})

it('Pause turns into Resume in its place, keeps the focus, and the figure so far can still be read', async () => {
  const {asked, lens} = await renderShell({work: running()})
  const pause = button('Pause')
  pause.focus()
  await press(pause)
  expect(asked).toEqual([['pause']])
  expect(document.activeElement?.textContent).toBe('Resume')
  expect(the('.title .caveat').textContent).toMatch(/^Paused\. 1,200 of about 5,000 inputs/)
  expect(the('.bar-live').textContent).toContain('Paused')
  await act(async () => lens.getState().pin(2))
  expect(the('.reading h2').textContent).toBe('Layer 3')
  await press(button('Resume'))
  expect(asked).toEqual([['pause'], ['resume']])
  expect(document.activeElement?.textContent).toBe('Pause')
})

it('what cannot stand still offers no Pause', async () => {
  await renderShell({work: running({phase: 'opening', unit: 'bytes'})})
  expect([...document.querySelectorAll('.title button')].map(({textContent}) => textContent)).toEqual(['Cancel Esc'])
})
