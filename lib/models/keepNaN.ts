import {exp, isNaN as isNaNElement, type Tensor, where} from '@tensorflow/tfjs-core'

/** exp(x) that stays NaN where x is: WGSL leaves exp(NaN) open, and SwiftShader answers infinity. */
export const expKeepingNaN = (x: Tensor): Tensor => where(isNaNElement(x), x, exp(x))
