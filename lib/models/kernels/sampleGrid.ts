import type {Tensor, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core'
import {defineKernel} from './kernel'
import {type MapShape, pointGradientOnArrays, sampleOnArrays, scatterOnArrays} from './sampleGridOnArrays'
import {pointGradientOnDevice, sampleOnDevice, scatterOnDevice} from './sampleGridOnDevice'

/** Shapes of one sampling, from the map's (m, rows, cols, channels) and the points' (n, groups, points, 2). */
export function mapShape(
  [maps = 0, rows = 0, cols = 0, channels = 0]: readonly number[],
  [n = 0, groups = 0, points = 0]: readonly number[]
): MapShape {
  return {n, maps, rows, cols, channels, groups, points}
}

const kernel = defineKernel<'x' | 'points', object>({
  name: 'SampleGrid',
  inputs: ['x', 'points'],
  shapes: ({x: [, , , channels = 0], points: [n = 0, , count = 0]}) => [[n, count, channels]],
  onArrays: ({x, points}, [y], _, shapes) => sampleOnArrays(x, points, y!, mapShape(shapes.x, shapes.points)),
  onDevice: (backend, {x, points}, [y]) => sampleOnDevice(backend, x, points, y!, mapShape(x.shape, points.shape)),
  gradient: {
    save: ['x', 'points'],
    of: ([flowing], [x, points]) => {
      const map = x!.shape as MapAttributes['map']
      return {
        x: () => toMap({flowing: flowing!, points: points!}, {map})[0]!,
        points: () => toPoints({flowing: flowing!, points: points!, x: x!}, {})[0]!
      }
    }
  }
})

/**
 * Reads maps x (n, rows, cols, channels) at points (n, groups, points, 2), bilinearly, as (n, points, channels): a point
 * is (y, x), -1 and 1 the first and last row's or column's centre, and beyond them stand zeros, as PyTorch's grid_sample
 * with align_corners. Group g reads its own run of channels. A map (1, …) is read by all n.
 */
export function sampleGrid(x: Tensor4D, points: Tensor4D): Tensor3D {
  const [y] = kernel({x, points}, {})
  return y as Tensor as Tensor3D
}

interface MapAttributes {
  readonly map: readonly [maps: number, rows: number, cols: number, channels: number]
}

/** What flows back to the map. */
const toMap = defineKernel<'flowing' | 'points', MapAttributes>({
  name: 'SampleGridToMap',
  inputs: ['flowing', 'points'],
  shapes: (_, {map}) => [map],
  onArrays: ({flowing, points}, [x], {map}, shapes) =>
    scatterOnArrays(flowing, points, x!, mapShape(map, shapes.points)),
  onDevice: (backend, {flowing, points}, [x], {map}) =>
    scatterOnDevice(backend, flowing, points, x!, mapShape(map, points.shape))
})

/** What flows back to the points: on a cell's centre, towards the next one, as PyTorch has it. */
const toPoints = defineKernel<'flowing' | 'points' | 'x', object>({
  name: 'SampleGridToPoints',
  inputs: ['flowing', 'points', 'x'],
  shapes: ({points}) => [points],
  onArrays: ({flowing, points, x}, [back], _, shapes) =>
    pointGradientOnArrays(flowing, points, x, back!, mapShape(shapes.x, shapes.points)),
  onDevice: (backend, {flowing, points, x}, [back]) =>
    pointGradientOnDevice(backend, flowing, points, x, back!, mapShape(x.shape, points.shape))
})
