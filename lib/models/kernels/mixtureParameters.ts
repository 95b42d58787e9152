import {
  add,
  clipByValue,
  div,
  log,
  minimum,
  mul,
  neg,
  reshape,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D
} from '@tensorflow/tfjs-core'
import type {BlockFormName} from '../blockForm'
import type {HeadParameters} from '../family'
import {clampedSpread, product} from '../headParameters'

// Every form is a few numbers per head: (peak, tightness / 2, discord, log peak) of a product, which is one quadratic;
// (offset, 1 / 2c², height) or (offset, 1 / 2c², normaliser) of each Gaussian of the others.

/** Added to a variance, and the least sum a head divides by. The published constructor takes another and drops it. */
export const epsilon = 1e-8

/** Numbers per head. */
export const parameterCount = (form: BlockFormName, gaussians: number): number =>
  form === 'product' ? 4 : 3 * gaussians

/** The parameters of all heads as the kernel takes them, (heads, parameterCount), worked out in float64. */
export const packParameters = (form: BlockFormName, heads: readonly HeadParameters[]): Float32Array =>
  Float32Array.from(heads.flatMap((head) => packed[form](head)))

/** Whether packed parameters are of a product without high peaks, e to the 10 at most: almost all are. */
export const isModerate = (form: BlockFormName, packed: Float32Array): boolean =>
  form === 'product' && packed.every((value, i) => i % 4 !== 3 || value <= 10)

const packed: Readonly<Record<BlockFormName, (head: HeadParameters) => number[]>> = {
  product: ({offset, spread}) => {
    const {tightness, offset: peak, discord, logPeak} = product(offset, spread)
    return [peak, finite(tightness / 2), finite(discord), logPeak]
  },
  clamped: ({offset, spread}) =>
    Array.from(offset, (delta, k) => {
      const variance = clampedSpread(spread[k]!) ** 2 + epsilon
      return [delta, 1 / (2 * variance), 0.5 * Math.log(2 * Math.PI * variance)]
    }).flat(),
  additive: ({offset, spread, mixture}) =>
    Array.from(offset, (delta, k) => [delta, finite(1 / (2 * spread[k]! ** 2)), mixture!.heights[k]!]).flat()
}

// Infinity × 0 is no number, and no number this large is needed: exp is zero long before.
const most = 1e30
const finite = (value: number): number => Math.min(value, most)

/**
 * The same by ordinary operations of offsets, spreads and, where Gaussians are added, heights (heads, Gaussians), so
 * that gradients reach them. Call inside tidy.
 */
export function mixtureParameters(
  form: BlockFormName,
  offset: Tensor2D,
  spread: Tensor2D,
  heights?: Tensor2D
): Tensor2D {
  if (form === 'product') return productParameters(offset, spread)
  const third = form === 'additive' ? heights! : mul(log(mul(clampedVariance(spread), 2 * Math.PI)), 0.5)
  const variance = form === 'additive' ? square(spread) : clampedVariance(spread)
  const precision = minimum(div(0.5, variance), most)
  return reshape(stack([offset, precision, third as Tensor2D], 2), [offset.shape[0], 3 * offset.shape[1]])
}

const clampedVariance = (spread: Tensor): Tensor => add(square(clipByValue(spread, 1e-2, 10)), epsilon)

function productParameters(offset: Tensor2D, spread: Tensor2D): Tensor2D {
  const weight = div(1, square(spread))
  const tightness = sum(weight, 1)
  const peak = div(sum(mul(weight, offset), 1), tightness)
  const apart = square(sub(offset, reshape(peak, [-1, 1])))
  const discord = mul(sum(mul(apart, weight), 1), 0.5)
  const logPeak = neg(mul(sum(log(mul(square(spread), 2 * Math.PI)), 1), 0.5))
  return stack([peak, minimum(mul(tightness, 0.5), most), minimum(discord, most), logPeak], 1) as Tensor2D
}
