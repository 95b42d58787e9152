import {type Tensor, tensor2d} from '@tensorflow/tfjs-core'
import type {BlockForm} from './blockForm'
import type {HeadParameters} from './family'
import {type MixtureOutput, mixture} from './kernels/mixture'
import {isModerate, packParameters} from './kernels/mixtureParameters'

export interface LayerOfHeads {
  readonly form: BlockForm
  readonly heads: readonly HeadParameters[]
  readonly paddingValue: number | null
}

/** Which axis of a batch is normalised, and which one its maps have across. */
export interface LayerAxes {
  readonly axis: number
  readonly column: number | null
}

/**
 * What is wanted of all heads of one block layer over an axis of x, each on its own chunk (Gaussian-Adaptive-Attention,
 * GaussianBlock); the output is without any residual. Call inside tidy.
 */
export function headsForward<Wanted extends MixtureOutput>(
  x: Tensor,
  {axis, column}: LayerAxes,
  {form, heads, paddingValue}: LayerOfHeads,
  want: readonly Wanted[]
): Record<Wanted, Tensor> {
  const packed = packParameters(form.name, heads)
  const parameters = tensor2d(packed, [heads.length, packed.length / heads.length])
  return mixture(x, parameters, {
    form: form.name,
    axis,
    column,
    heads: heads.length,
    remainder: form.remainder,
    padding: paddingValue,
    moderate: isModerate(form.name, packed),
    want
  })
}
