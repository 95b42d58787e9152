import {expect, it, vi} from 'vitest'
import {pauseControl, untilResumed} from '@/lib/core/pausing'

it('work waits while it is paused, and goes on when it is resumed', async () => {
  const {signal, set} = pauseControl()
  await untilResumed(signal, undefined)
  set(true)
  const went = vi.fn()
  const waiting = untilResumed(signal, undefined).then(went)
  await new Promise((resolve) => setTimeout(resolve))
  expect(went).not.toHaveBeenCalled()
  set(false)
  await waiting
  expect(went).toHaveBeenCalledOnce()
})

it('what is paused can be cancelled, and leaves no listener behind', async () => {
  const {signal, set} = pauseControl()
  const controller = new AbortController()
  set(true)
  const waiting = untilResumed(signal, controller.signal)
  controller.abort()
  await expect(waiting).rejects.toMatchObject({name: 'CancelledError'})
  expect(() => set(false)).not.toThrow()
})

it('listeners hear of changes alone, until they leave', () => {
  const {signal, set} = pauseControl()
  const heard: boolean[] = []
  const leave = signal.onChange((paused) => heard.push(paused))
  set(false)
  set(true)
  set(true)
  set(false)
  leave()
  set(true)
  expect(heard).toEqual([true, false])
})
