import '@tensorflow/tfjs-core/dist/register_all_gradients'
import {
  add,
  div,
  exp,
  grads,
  mean,
  mul,
  neg,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor,
  tensor
} from '@tensorflow/tfjs-core'
import type {LayerCase} from './cases'
import type {Contender, Given} from './contender'
import {tensorContender} from './tensorContender'

const epsilon = 1e-8 + 1e-5

/** The layer form with stock functions. */
export function stockLayer(given: Given): Contender {
  const {y, offset, spread, shape} = tensorsOf(given)
  return tensorContender([y, offset, spread], () => ({density: reshape(density(y, offset, spread), shape)}))
}

/** Its gradients for input, offset and spread, by TensorFlow.js's own differentiation. */
export function stockLayerGradients(given: Given): Contender {
  const {y, offset, spread, upstream, shape} = tensorsOf(given)
  const gradientsOf = grads((a: Tensor, b: Tensor, c: Tensor) => density(a, b, c))
  return tensorContender([y, offset, spread, upstream], () => {
    const [input, byOffset, bySpread] = gradientsOf([y, offset, spread], upstream)
    return {input: reshape(input!, shape), offset: byOffset!, spread: bySpread!}
  })
}

/** (batch, heads, layers of one head, features) → the same. */
function density(y: Tensor, offset: Tensor, spread: Tensor): Tensor {
  const centre = mean(y, 2, true)
  const variance = mean(square(sub(y, centre)), 2, true)
  const z = div(sub(sub(y, centre), offset), sqrt(add(variance, epsilon)))
  return exp(neg(div(square(z), mul(spread, 2))))
}

function tensorsOf({case: its, x, upstream}: Given) {
  const {shape, gaussians} = its as LayerCase
  const [batch, layers, features] = shape
  const {heads} = gaussians
  const split = [batch, heads, layers / heads, features]
  return {
    y: tensor(x, split),
    upstream: tensor(upstream, split),
    offset: tensor(gaussians.offset, [1, heads, 1, features]),
    spread: tensor(gaussians.spread, [1, heads, 1, features]),
    shape: [...shape]
  }
}
