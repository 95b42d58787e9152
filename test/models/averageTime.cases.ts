import {expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {averageTime} from '@/lib/models/averageTime'
import type {BackendName} from '@/lib/models/backend'
import {type Bench, kernelCases} from './kernels/onEveryBackend'
import {worstError} from './kernels/worstError'

/** The mean over time of an input on our side, in slabs of any size. */
export function averageTimeCases(backend: BackendName, bench: Bench = {}): void {
  kernelCases('time averaged', backend, bench, () => {
    const shape = {outer: 7, time: 30, inner: 6}
    const values = Float32Array.from(
      {length: 7 * 30 * 6},
      (
        (draws) => () =>
          3 + draws.normal()
      )(random(1))
    )
    const wanted = Float64Array.from({length: 7 * 6}, (_, at) => {
      const steps = Array.from({length: 30}, (_, t) => values[(Math.floor(at / 6) * 30 + t) * 6 + (at % 6)]!)
      return steps.reduce((sum, value) => sum + value, 0) / 30
    })

    it('where it lies', async () => {
      expect(worstError(await averageTime(values, shape, {onDevice: false}), wanted)).toBeLessThan(1e-7)
    })

    it.each([
      ['at once', 2 ** 25],
      ['by three rows, the last alone', 3 * 30 * 6 * 4],
      ['row by row', 30 * 6 * 4],
      ['by seven steps of each row', 7 * 6 * 4],
      ['step by step', 1]
    ])('on the backend, %s', async (_, slabBytes) => {
      for (const round of bench.poison ? [0, 1] : [0]) {
        if (round) bench.poison?.()
        expect(worstError(await averageTime(values, shape, {onDevice: true, slabBytes}), wanted)).toBeLessThan(1e-6)
      }
    })

    it('of whole numbers of 64 bits, and of float64 without losing what float32 would', async () => {
      const whole = await averageTime(BigInt64Array.of(1n, 2n, 3n, 6n), {outer: 1, time: 2, inner: 2})
      expect([...whole]).toEqual([2, 4])
      const fine = await averageTime(Float64Array.of(16_777_217, -16_777_216), {outer: 1, time: 2, inner: 1})
      expect([...fine]).toEqual([0.5])
    })
  })
}
