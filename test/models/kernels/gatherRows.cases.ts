import {tensor1d, tensor3d, tidy} from '@tensorflow/tfjs-core'
import {expect, it} from 'vitest'
import {type BackendName, onBackend} from '@/lib/models/backend'
import {gatherRows} from '@/lib/models/kernels/gatherRows'
import {readBack} from '@/lib/models/readBack'
import {type Bench, kernelCases} from './onEveryBackend'

/** Rows in any order, each as often as asked for. */
export function gatherRowsCases(backend: BackendName, bench: Bench = {}): void {
  kernelCases('gathering rows', backend, bench, () => {
    it.each([1, 4, 6])('takes rows of %i numbers from every input', async (width) => {
      const [n, own, rows] = [3, 5, [4, 0, 0, 3, 1, 4, 2]]
      const x = Float32Array.from({length: n * own * width}, (_, i) => i)
      const wanted = Array.from({length: n}, (_, sample) =>
        rows.flatMap((row) => [...x.subarray((sample * own + row) * width, (sample * own + row + 1) * width)])
      ).flat()
      for (const round of bench.poison ? [0, 1] : [0]) {
        if (round) bench.poison?.()
        const {y} = await onBackend(() =>
          readBack(tidy(() => ({y: gatherRows(tensor3d(x, [n, own, width]), tensor1d(rows))})))
        )
        expect([...y]).toEqual(wanted)
      }
    })
  })
}
