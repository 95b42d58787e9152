import {tensor3d, tidy} from '@tensorflow/tfjs-core'
import type {TypedArray} from '@/lib/formats/archive'
import {backendInForce, onBackend} from './backend'
import {meanOnArrays, meanOverTime, type TimeShape} from './kernels/meanOverTime'
import {readBack} from './readBack'
import {toFloat32} from './shape'

/** Bytes of an input that are on the device at once. */
const slabBytes = 2 ** 25

export interface TimeOptions {
  /** Whether the device takes the means. Default: where it is hardware and the numbers are float32, as it wants them. */
  readonly onDevice?: boolean
  readonly slabBytes?: number
}

/**
 * Mean over time of values (outer, time, inner), as (outer, inner), in one pass: on a GPU slab by slab, so that no more
 * than a slab is there at once; else where they lie, without a copy, with sums in float64.
 */
export async function averageTime(
  values: TypedArray,
  shape: TimeShape,
  {onDevice = onHardware(values), slabBytes: bytes = slabBytes}: TimeOptions = {}
): Promise<Float32Array> {
  const {outer, time, inner} = shape
  const averaged = new Float32Array(outer * inner)
  if (!onDevice) meanOnArrays(asNumbers(values), averaged, shape)
  else {
    const most = Math.max(1, Math.floor(Math.min(bytes, backendInForce().largest) / (4 * inner)))
    const numbers = toFloat32(values)
    if (time <= most) await byRows(numbers, averaged, shape, Math.floor(most / time))
    else await bySteps(numbers, averaged, shape, most)
  }
  return averaged
}

function onHardware(values: TypedArray): boolean {
  const {gpu} = backendInForce()
  return gpu !== null && !gpu.software && values instanceof Float32Array
}

/** `rows` rows at a time, all of their time. */
async function byRows(values: Float32Array, to: Float32Array, {outer, time, inner}: TimeShape, rows: number) {
  for (let row = 0; row < outer; row += rows) {
    const stop = Math.min(row + rows, outer)
    const slab = values.subarray(row * time * inner, stop * time * inner)
    to.set(await meanOf(slab, {outer: stop - row, time, inner}), row * inner)
  }
}

/** Row by row, `steps` steps of time at a time. */
async function bySteps(values: Float32Array, to: Float32Array, {outer, time, inner}: TimeShape, steps: number) {
  for (let row = 0; row < outer; row++) {
    const sums = new Float64Array(inner)
    for (let step = 0; step < time; step += steps) {
      const own = Math.min(steps, time - step)
      const from = (row * time + step) * inner
      const mean = await meanOf(values.subarray(from, from + own * inner), {outer: 1, time: own, inner})
      for (let i = 0; i < inner; i++) sums[i]! += mean[i]! * own
    }
    for (let i = 0; i < inner; i++) to[row * inner + i] = sums[i]! / time
  }
}

async function meanOf(values: Float32Array, {outer, time, inner}: TimeShape): Promise<Float32Array> {
  const {mean} = await onBackend(() =>
    readBack(tidy(() => ({mean: meanOverTime(tensor3d(values, [outer, time, inner]))})))
  )
  return mean
}

// A big integer does not add to a number.
const asNumbers = (values: TypedArray) =>
  values instanceof BigInt64Array || values instanceof BigUint64Array ? toFloat32(values) : values
