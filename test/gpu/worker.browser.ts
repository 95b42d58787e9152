import {expect, it} from 'vitest'
import type {Answer} from './runInWorker'

it.each(['webgpu', 'wasm', 'cpu'])('models run in a dedicated worker on %s', async (wish) => {
  const worker = new Worker(new URL('./runInWorker.ts', import.meta.url), {type: 'module'})
  const answer = await new Promise<Answer>((resolve, reject) => {
    worker.onmessage = ({data}: MessageEvent<Answer>) => resolve(data)
    worker.onerror = ({message}) => reject(new Error(message))
    worker.postMessage(wish)
  })
  worker.terminate()
  expect(answer.report.name).toBe(wish)
  // δ = 0, c = 2, three layers at −1, 0 and 1: z is −√1.5, 0 and √1.5.
  const far = Math.exp(-1.5 / 4)
  for (const [i, value] of [far, 1, far].entries()) expect(answer.density[i]).toBeCloseTo(value, 4)
})
