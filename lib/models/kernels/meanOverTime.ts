import {div, reshape, type Tensor, type Tensor2D, type Tensor3D, tile} from '@tensorflow/tfjs-core'
import {sumColumns} from './columnSums'
import {defineKernel} from './kernel'

const kernel = defineKernel<'x', {readonly time: number}>({
  name: 'MeanOverTime',
  inputs: ['x'],
  shapes: ({x: [outer = 0, , inner = 0]}) => [[outer, inner]],
  onArrays: ({x}, [y], _, {x: [outer = 0, time = 0, inner = 0]}) => meanOnArrays(x, y!, {outer, time, inner}),
  onDevice: (backend, {x}, [y]) => {
    const [outer = 0, time = 0, inner = 0] = x.shape
    sumColumns(backend, x, y!, {outer, rows: time, inner}, 1 / time)
  },
  gradient: {
    save: [],
    of: ([flowing], _, {time}) => ({
      x: () => {
        const [outer, inner] = flowing!.shape as [number, number]
        return tile(reshape(div(flowing!, time), [outer, 1, inner]), [1, time, 1])
      }
    })
  }
})

/** Mean over time of x (outer, time, inner), as (outer, inner). NaN where the time is 0. */
export function meanOverTime(x: Tensor3D): Tensor2D {
  const [mean] = kernel({x}, {time: x.shape[1]})
  return mean as Tensor as Tensor2D
}

export interface TimeShape {
  readonly outer: number
  readonly time: number
  readonly inner: number
}

/** Steps that are added up before the sums are touched again. */
const together = 4

/** The same on arrays, read where they lie: x (outer, time, inner) into y (outer, inner), with sums in float64. */
export function meanOnArrays(x: ArrayLike<number>, y: Float32Array, {outer, time, inner}: TimeShape): void {
  const sums = new Float64Array(inner)
  for (let row = 0; row < outer; row++) {
    sums.fill(0)
    let step = 0
    for (; step + together <= time; step += together) {
      const a = (row * time + step) * inner
      const [b, c, d] = [a + inner, a + 2 * inner, a + 3 * inner]
      for (let i = 0; i < inner; i++) sums[i]! += x[a + i]! + x[b + i]! + (x[c + i]! + x[d + i]!)
    }
    for (; step < time; step++) {
      const from = (row * time + step) * inner
      for (let i = 0; i < inner; i++) sums[i]! += x[from + i]!
    }
    for (let i = 0; i < inner; i++) y[row * inner + i] = sums[i]! / time
  }
}
