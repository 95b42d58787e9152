import {afterEach, beforeEach, expect, it, vi} from 'vitest'
import {pauseControl} from '@/lib/core/pausing'
import {pace} from '@/lib/engine/pace'
import type {Progress} from '@/lib/engine/protocol'

const step = (done: number, phase: Progress['phase'] = 'running') =>
  ({phase, done, total: 100, unit: 'inputs', text: `${done}`}) as const

beforeEach(() => void vi.useFakeTimers({toFake: ['performance']}))
afterEach(() => void vi.useRealTimers())

it('at most four reports a second are passed on, and an explanation is made only for those', () => {
  const told: number[] = []
  let made = 0
  const {tell} = pace({onProgress: ({done}) => told.push(done)})
  for (let i = 0; i < 100; i++) {
    tell(step(i), () => {
      made++
      return null
    })
    vi.advanceTimersByTime(20)
  }
  expect(told).toEqual([0, 13, 26, 39, 52, 65, 78, 91])
  expect(made).toBe(told.length)
})

it('the first report of a phase is passed on at once', () => {
  const told: string[] = []
  const {tell} = pace({onProgress: ({phase}) => told.push(phase)})
  for (const phase of ['opening', 'reading', 'running', 'running', 'intervals'] as const) tell(step(1, phase))
  expect(told).toEqual(['opening', 'reading', 'running', 'intervals'])
})

it('breathing lets a cancel arrive, and stops there', async () => {
  const controller = new AbortController()
  const {breathe} = pace({signal: controller.signal})
  await breathe()
  setTimeout(() => controller.abort())
  vi.advanceTimersByTime(30)
  await expect(breathe()).rejects.toMatchObject({name: 'CancelledError'})
})

it('the rate and the time left are told once they are known', () => {
  const told: Progress[] = []
  const {tell} = pace({onProgress: (progress) => told.push(progress)})
  for (let i = 0; i <= 50; i++) {
    tell(step(i))
    vi.advanceTimersByTime(20)
  }
  expect(told[0]).not.toHaveProperty('perSecond')
  expect(told.at(-1)!.perSecond).toBeCloseTo(50, 6)
  expect(told.at(-1)!.secondsLeft).toBeCloseTo((100 - told.at(-1)!.done) / 50, 6)
})

it('what is paused tells all that was done, stands still until it is resumed, and counts no time meanwhile', async () => {
  const told: Progress[] = []
  const {signal, set} = pauseControl()
  const {tell, breathe} = pace({pause: signal, onProgress: (progress) => told.push(progress)})
  for (let i = 0; i <= 50; i++) {
    tell(step(i))
    vi.advanceTimersByTime(20)
  }
  expect(told.at(-1)!.done).toBe(39)
  set(true)
  let went = false
  const standing = breathe().then(() => {
    went = true
  })
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect([told.at(-1)!.done, went]).toEqual([50, false])
  vi.advanceTimersByTime(60_000)
  set(false)
  await standing
  vi.advanceTimersByTime(380)
  tell(step(70))
  expect(told.at(-1)!.perSecond).toBeCloseTo(50, 6)
})

it('what is paused can be cancelled', async () => {
  const controller = new AbortController()
  const {signal, set} = pauseControl()
  const {breathe} = pace({signal: controller.signal, pause: signal})
  set(true)
  setTimeout(() => controller.abort(), 2)
  await expect(breathe()).rejects.toMatchObject({name: 'CancelledError'})
})

it('breathing takes a turn at most every 25 ms: thousands of small inputs cost few', async () => {
  const {breathe} = pace({})
  const turns = vi.spyOn(globalThis, 'setTimeout')
  for (let i = 0; i < 1000; i++) {
    await breathe()
    vi.advanceTimersByTime(1)
  }
  expect(turns).toHaveBeenCalledTimes(40)
  turns.mockRestore()
})
