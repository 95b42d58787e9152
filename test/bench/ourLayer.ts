// The gradients of what stands around the kernel, which the app does without.
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import {grads, reshape, type Tensor, type Tensor2D, type Tensor4D, tensor2d, tensor4d} from '@tensorflow/tfjs-core'
import {layerForm, layerParameters} from '@/lib/models/kernels/layerForm'
import {readBack} from '@/lib/models/readBack'
import type {LayerCase} from './cases'
import type {Contender, Given} from './contender'
import {tensorContender} from './tensorContender'

/** Our layer form on the backend in force. */
export function ourLayer(given: Given): Contender {
  const {y, offset, spread, shape} = tensorsOf(given)
  const work = () => ({density: reshape(density(y, offset, spread), shape)})
  return tensorContender([y, offset, spread], work, readBack)
}

/** Its gradients for input, offset and spread. */
export function ourLayerGradients(given: Given): Contender {
  const {y, offset, spread, upstream, shape} = tensorsOf(given)
  const gradientsOf = grads((a: Tensor, b: Tensor, c: Tensor) => density(a as Tensor4D, b as Tensor2D, c as Tensor2D))
  const work = () => {
    const [input, byOffset, bySpread] = gradientsOf([y, offset, spread], upstream)
    return {input: reshape(input!, shape), offset: byOffset!, spread: bySpread!}
  }
  return tensorContender([y, offset, spread, upstream], work, readBack)
}

const density = (y: Tensor4D, offset: Tensor2D, spread: Tensor2D): Tensor =>
  layerForm(y, layerParameters(offset, spread), ['density']).density

function tensorsOf({case: its, x, upstream}: Given) {
  const {shape, gaussians} = its as LayerCase
  const [batch, layers, features] = shape
  const {heads} = gaussians
  const split: [number, number, number, number] = [batch, heads, layers / heads, features]
  return {
    y: tensor4d(x, split),
    upstream: tensor4d(upstream, split),
    offset: tensor2d(gaussians.offset, [heads, features]),
    spread: tensor2d(gaussians.spread, [heads, features]),
    shape: [...shape]
  }
}
