import {add, concat, maximum, slice, type Tensor} from '@tensorflow/tfjs-core'

// TensorFlow.js reduces with a barrier tree per output element, which a software adapter pays for dearly (forty times
// on an axis of 249). Halving by slices has no barriers, and adding in pairs also rounds less.

/** Sum along `axis`, which stays with length 1. */
export const sumAlong = (x: Tensor, axis: number): Tensor => halve(x, axis, add)

/** Maximum along `axis`, which stays with length 1. Must not be relied on to keep NaN. */
export const maxAlong = (x: Tensor, axis: number): Tensor => halve(x, axis, maximum)

function halve(x: Tensor, axis: number, pair: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const length = x.shape[axis]!
  if (length === 1) return x
  const half = length >> 1
  const paired = pair(part(x, axis, 0, half), part(x, axis, half, half))
  const rest = halve(paired, axis, pair)
  return length % 2 ? pair(rest, part(x, axis, length - 1, 1)) : rest
}

/** Items start..start + count along `axis`. */
export function part(x: Tensor, axis: number, start: number, count: number): Tensor {
  const begin = x.shape.map((_, i) => (i === axis ? start : 0))
  const size = x.shape.map((length, i) => (i === axis ? count : length))
  return slice(x, begin, size)
}

/** One after the other along `axis`. */
export const joinAlong = (parts: readonly Tensor[], axis: number): Tensor =>
  parts.length === 1 ? parts[0]! : concat([...parts], axis)
