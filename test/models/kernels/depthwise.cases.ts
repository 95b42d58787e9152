import {tensor1d, tensor3d, tensor4d, tidy} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import {expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {type BackendName, onBackend} from '@/lib/models/backend'
import {depthwise} from '@/lib/models/kernels/depthwise'
import {readBack} from '@/lib/models/readBack'
import {type Bench, kernelCases} from './onEveryBackend'
import {worstError} from './worstError'

interface Shape {
  readonly n: number
  readonly rows: number
  readonly cols: number
  readonly own: number
  readonly groups: number
  readonly tall: number
  readonly wide: number
  readonly stride: number
  readonly padded: boolean
}

/** Convolution of each channel by itself, held to float64. */
export function depthwiseCases(backend: BackendName, bench: Bench = {}): void {
  const {poison, runs = 30} = bench
  kernelCases('a depthwise convolution', backend, bench, () => {
    it('is the sum under the kernel for any shape, stride and padding, groups with the same weights', async () => {
      const size = (max: number, min = 1) => fc.integer({min, max})
      const shapes = fc.record({
        n: size(3),
        rows: size(12, 5),
        cols: size(13, 5),
        own: size(8),
        groups: size(3),
        tall: size(5),
        wide: size(5),
        stride: size(4),
        padded: fc.boolean()
      })
      await fc.assert(fc.asyncProperty(shapes, check), {numRuns: runs, seed: 6})
    })
  })

  async function check(shape: Shape): Promise<void> {
    const {n, rows, cols, own, groups, tall, wide, stride, padded} = shape
    const draws = random(rows + 7 * cols + 77 * own)
    const numbers = (length: number) => Float32Array.from({length}, () => draws.normal())
    const channels = own * groups
    const x = numbers(n * rows * cols * channels)
    const weight = numbers(tall * wide * own)
    const bias = numbers(own)
    const padding: [number, number] = padded ? [tall >> 1, wide >> 1] : [0, 0]
    const rowsOut = Math.floor((rows + 2 * padding[0] - tall) / stride) + 1
    const colsOut = Math.floor((cols + 2 * padding[1] - wide) / stride) + 1
    const wanted: number[] = []
    for (let at = 0; at < n * rowsOut * colsOut; at++)
      for (let c = 0; c < channels; c++) {
        let sum = bias[c % own]!
        for (let i = 0; i < tall; i++)
          for (let j = 0; j < wide; j++) {
            const row = (Math.floor(at / colsOut) % rowsOut) * stride + i - padding[0]
            const col = (at % colsOut) * stride + j - padding[1]
            if (row < 0 || col < 0 || row >= rows || col >= cols) continue
            const cell = (Math.floor(at / (rowsOut * colsOut)) * rows + row) * cols + col
            sum += x[cell * channels + c]! * weight[(i * wide + j) * own + (c % own)]!
          }
        wanted.push(sum)
      }
    for (const round of poison ? [0, 1] : [0]) {
      if (round) poison?.()
      const {y} = await onBackend(() =>
        readBack(
          tidy(() => ({
            y: depthwise(tensor4d(x, [n, rows, cols, channels]), tensor3d(weight, [tall, wide, own]), tensor1d(bias), {
              stride,
              padding
            })
          }))
        )
      )
      expect(worstError(y, wanted, 1)).toBeLessThan(1e-5)
    }
  }
}
