import {afterEach, beforeEach, expect, it, vi} from 'vitest'
import {pace} from '@/lib/engine/pace'
import type {Progress} from '@/lib/engine/protocol'

const step = (done: number, phase: Progress['phase'] = 'running') =>
  ({phase, done, total: 100, unit: 'inputs', text: `${done}`}) as const

beforeEach(() => void vi.useFakeTimers({toFake: ['performance']}))
afterEach(() => void vi.useRealTimers())

it('at most four reports a second are passed on, and an explanation is made only for those', () => {
  const told: number[] = []
  let made = 0
  const {tell} = pace(undefined, ({done}) => told.push(done))
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
  const {tell} = pace(undefined, ({phase}) => told.push(phase))
  for (const phase of ['opening', 'reading', 'running', 'running', 'intervals'] as const) tell(step(1, phase))
  expect(told).toEqual(['opening', 'reading', 'running', 'intervals'])
})

it('breathing lets a cancel arrive, and stops there', async () => {
  const controller = new AbortController()
  const {breathe} = pace(controller.signal, undefined)
  await breathe()
  setTimeout(() => controller.abort())
  await expect(breathe()).rejects.toMatchObject({name: 'CancelledError'})
})
