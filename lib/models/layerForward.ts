import {add, div, mul, neg, sqrt, square, sub, type Tensor, type Tensor4D} from '@tensorflow/tfjs-core'
import {expKeepingNaN} from './keepNaN'
import {part, sumAlong} from './reduceAlong'

// The paper's letters: n samples, h heads, s layers of one head, f features (arXiv 2401.11143v4, Algorithm 1).

/** Added to the variance, then again under the root: both are in the published code. */
const epsilon = 1e-8 + 1e-5

export type LayerTensors = {
  /** δ (1, h, 1, f) */
  offset: Tensor4D
  /** 1 / 2c (1, h, 1, f) */
  sharpness: Tensor4D
}

export type LayerResult = {
  /** G (n, h, s, f) */
  density: Tensor
  /** (y − m) / sqrt(v + ε) (n, h, s, f) */
  standardised: Tensor
  /** sqrt(v + ε) (n, h, 1, f) */
  deviation: Tensor
}

/**
 * G = exp(−((y − m − δ) / sqrt(v + ε))² / 2c) over each head's layers, m and v their mean and biased variance. The
 * variance is taken in two passes about the head's first layer: the published one-pass formula subtracts two squares,
 * which in float32 loses everything when the mean is large. Call inside tidy.
 */
export function layerDensity(y: Tensor4D, {offset, sharpness}: LayerTensors): LayerResult {
  const layers = y.shape[2]
  const meanOf = (x: Tensor) => div(sumAlong(x, 2), layers)
  const fromFirst = sub(y, part(y, 2, 0, 1))
  const deviations = sub(fromFirst, meanOf(fromFirst))
  const deviation = sqrt(add(meanOf(square(deviations)), epsilon))
  const z = div(sub(deviations, offset), deviation)
  return {
    density: expKeepingNaN(neg(mul(square(z), sharpness))),
    standardised: div(deviations, deviation),
    deviation
  }
}
