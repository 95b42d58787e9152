import {
  add,
  div,
  erf,
  matMul,
  mean,
  mul,
  reshape,
  rsqrt,
  slice,
  softmax,
  square,
  sub,
  type Tensor,
  type Tensor3D,
  transpose
} from '@tensorflow/tfjs-core'
import type {BlocksDescription} from './description'

/** Reads one uploaded tensor of the block by its name after `blocks.i.`. */
export type Weights = (name: string) => Tensor

/**
 * One transformer block on x (n, tokens, features). Pre-norm: x + f(norm(x)) for attention, then for the MLP; post-norm:
 * norm(x + f(x)). As torch.nn.TransformerEncoderLayer computes it without dropout, with queries, keys and values in one
 * matrix. `mask` (n, 1, 1, tokens) is added to the scores. Call inside tidy.
 */
export function transformerBlock(
  x: Tensor3D,
  weights: Weights,
  {heads, norm, epsilon}: Pick<BlocksDescription, 'heads' | 'norm' | 'epsilon'>,
  mask: Tensor | null
): Tensor3D {
  const normed = (y: Tensor3D, name: string) =>
    layerNorm(y, weights(`${name}.weight`), weights(`${name}.bias`), epsilon)
  const attended = (y: Tensor3D) => selfAttention(y, weights, heads, mask)
  if (norm === 'pre') {
    const attentive = add(x, attended(normed(x, 'norm1'))) as Tensor3D
    return add(attentive, mlp(normed(attentive, 'norm2'), weights))
  }
  const attentive = normed(add(x, attended(x)), 'norm1')
  return normed(add(attentive, mlp(attentive, weights)), 'norm2')
}

/** (y − mean) / sqrt(variance + ε) · weight + bias over the last axis. */
export function layerNorm<T extends Tensor>(y: T, weight: Tensor, bias: Tensor, epsilon: number): T {
  const centred = sub(y, mean(y, -1, true))
  const scale = rsqrt(add(mean(square(centred), -1, true), epsilon))
  return add(mul(mul(centred, scale), weight), bias) as T
}

/** x · weightᵀ + bias, weight (out, in) as PyTorch keeps it. */
export function linear(x: Tensor3D, weight: Tensor, bias: Tensor): Tensor3D {
  const [n, tokens, width] = x.shape
  const flat = matMul(reshape(x, [n * tokens, width]), weight as Tensor<never>, false, true)
  return reshape(add(flat, bias), [n, tokens, weight.shape[0]!])
}

/** ½x (1 + erf(x / √2)), the exact form. */
export const gelu = <T extends Tensor>(x: T): T => mul(mul(x, 0.5), add(erf(div(x, Math.SQRT2)), 1)) as T

const mlp = (x: Tensor3D, weights: Weights): Tensor3D =>
  linear(
    gelu(linear(x, weights('mlp.0.weight'), weights('mlp.0.bias'))),
    weights('mlp.2.weight'),
    weights('mlp.2.bias')
  )

function selfAttention(x: Tensor3D, weights: Weights, heads: number, mask: Tensor | null): Tensor3D {
  const [n, tokens, features] = x.shape
  const own = features / heads
  const all = linear(x, weights('qkv.weight'), weights('qkv.bias'))
  const part = (i: number) =>
    transpose(reshape(slice(all, [0, 0, i * features], [n, tokens, features]), [n, tokens, heads, own]), [0, 2, 1, 3])
  const scores = div(matMul(part(0), part(1), false, true), Math.sqrt(own))
  const mixed = matMul(softmax(mask ? add(scores, mask) : scores), part(2))
  return linear(
    reshape(transpose(mixed, [0, 2, 1, 3]), [n, tokens, features]),
    weights('out.weight'),
    weights('out.bias')
  )
}
