import {grad, type Tensor3D, tensor, tensor3d, tidy} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import {expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {type BackendName, onBackend} from '@/lib/models/backend'
import {meanOverTime} from '@/lib/models/kernels/meanOverTime'
import {readBack} from '@/lib/models/readBack'
import {type Bench, kernelCases} from './onEveryBackend'
import {worstError} from './worstError'

type Shape = readonly [outer: number, time: number, inner: number]

/** The mean over time held to float64. */
export function meanOverTimeCases(backend: BackendName, bench: Bench = {}): void {
  const {poison, runs = 30} = bench
  kernelCases('the mean over time', backend, bench, () => {
    it.each([
      [2, 3, 8],
      [1, 1, 1],
      [3, 1500, 20],
      [1, 2000, 7],
      [5, 31, 1]
    ])('of (%i, %i, %i) numbers', async (outer, time, inner) => {
      await check([outer, time, inner])
    })

    it('of any shape', async () => {
      const shapes = fc.tuple(
        fc.integer({min: 1, max: 5}),
        fc.integer({min: 1, max: 70}),
        fc.integer({min: 1, max: 41})
      )
      await fc.assert(fc.asyncProperty(shapes, check), {numRuns: runs, seed: 4})
    })

    it('is a number only where all steps are', async () => {
      const values = numbers([2, 40, 6], 3)
      values[7 * 6 + 2] = Number.NaN
      values[(40 + 39) * 6 + 5] = Number.POSITIVE_INFINITY
      const mean = await run(values, [2, 40, 6])
      expect([...mean].map(Number.isNaN)).toEqual([...Array(12).keys()].map((i) => i === 2))
      expect(mean[11]).toBe(Number.POSITIVE_INFINITY)
    })

    it('passes back to each step its share', async () => {
      const flowing = Float32Array.of(3, -6, 9, 12)
      const {back} = await onBackend(() =>
        readBack(
          tidy(() => ({
            back: grad((x) => meanOverTime(x as Tensor3D))(
              tensor3d(numbers([2, 3, 2], 1), [2, 3, 2]),
              tensor(flowing, [2, 2])
            )
          }))
        )
      )
      expect([...back].map((value) => Math.round(value * 1e5) / 1e5)).toEqual([1, -2, 1, -2, 1, -2, 3, 4, 3, 4, 3, 4])
    })
  })

  async function check([outer, time, inner]: Shape): Promise<void> {
    const values = numbers([outer, time, inner], outer + time + inner)
    const wanted = Float64Array.from({length: outer * inner}, (_, at) => {
      let sum = 0
      for (let t = 0; t < time; t++) sum += values[(Math.floor(at / inner) * time + t) * inner + (at % inner)]!
      return sum / time
    })
    for (const round of poison ? [0, 1] : [0]) {
      if (round) poison?.()
      expect(worstError(await run(values, [outer, time, inner]), wanted)).toBeLessThan(1e-6)
    }
  }
}

const run = async (values: Float32Array, shape: Shape): Promise<Float32Array> => {
  const {mean} = await onBackend(() => readBack(tidy(() => ({mean: meanOverTime(tensor3d(values, [...shape]))}))))
  return mean
}

// Far from zero, as hidden states can be.
const numbers = (shape: Shape, seed: number) => {
  const source = random(seed)
  return Float32Array.from({length: shape[0] * shape[1] * shape[2]}, () => 5 + 3 * source.normal())
}
