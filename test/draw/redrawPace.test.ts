import {expect, it} from 'vitest'
import {redrawPace} from '@/lib/draw/redrawPace'
import {createLiveStream} from '@/lib/state/liveStream'
import {layersOf} from '../views/streamSample'

/** A clock that moves when it is told to. */
function handClock() {
  let time = 0
  let waiting: {at: number; call: () => void}[] = []
  return {
    now: () => time,
    after: (ms: number, call: () => void) => {
      const one = {at: time + ms, call}
      waiting.push(one)
      return () => {
        waiting = waiting.filter((other) => other !== one)
      }
    },
    moveTo: (to: number) => {
      while (true) {
        const [next] = waiting.filter(({at}) => at <= to).sort((a, b) => a.at - b.at)
        if (!next) break
        waiting = waiting.filter((other) => other !== next)
        time = Math.max(time, next.at)
        next.call()
      }
      time = to
    }
  }
}

it('draws 30 pictures of 3,000 samples that come within 3 seconds, the newest last, and says what it left out', () => {
  const clock = handClock()
  const stream = createLiveStream({now: clock.now})
  const drawnAt: number[] = []
  let newest = -1
  const pace = redrawPace(
    () => {
      drawnAt.push(clock.now())
      newest = stream.getState().record().extent![1]
      stream.getState().drew()
    },
    10,
    clock
  )
  for (let ms = 0; ms < 3000; ms++) {
    clock.moveTo(ms)
    stream.getState().append({source: 'pad', kind: 'input', layers: layersOf([0.1, 0.2 + ms / 1e5])})
    pace.ask()
  }
  clock.moveTo(2999)
  expect(drawnAt).toHaveLength(30)
  clock.moveTo(10_000)
  expect(newest).toBe(2999)
  expect(drawnAt.at(-1)).toBe(3000)
  expect(drawnAt.every((at, i) => i === 0 || at - drawnAt[i - 1]! >= 100)).toBe(true)
  const {received, drawn, dropped} = stream.getState()
  expect({received, drawn, dropped}).toEqual({received: 3000, drawn: 31, dropped: 2969})
})

it('draws at once what comes after a rest, and nothing that was called off', () => {
  const clock = handClock()
  let pictures = 0
  const pace = redrawPace(() => pictures++, 10, clock)
  pace.ask()
  clock.moveTo(0)
  expect(pictures).toBe(1)
  clock.moveTo(500)
  pace.ask()
  clock.moveTo(500)
  expect(pictures).toBe(2)
  pace.ask()
  pace.stop()
  clock.moveTo(5000)
  expect(pictures).toBe(2)
})
