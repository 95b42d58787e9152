import {exp, isNaN as isNaNElement, reshape, type Tensor, where, zerosLike} from '@tensorflow/tfjs-core'
import {sumAlong} from './reduceAlong'

/** exp(x) that stays NaN where x is: WGSL leaves exp(NaN) open, and SwiftShader answers infinity. */
export const expKeepingNaN = (x: Tensor): Tensor => where(isNaNElement(x), x, exp(x))

/** (n, 1): NaN for samples of x (n, …) that hold one, 0 for the others. WASM's convolutions and products lose it. */
export function nanPerSample(x: Tensor): Tensor {
  const only = where(isNaNElement(x), x, zerosLike(x))
  return sumAlong(reshape(only, [x.shape[0]!, -1]), 1)
}
