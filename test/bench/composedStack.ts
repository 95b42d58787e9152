import {
  add,
  concat,
  matMul,
  reshape,
  softmax,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tanh,
  tile
} from '@tensorflow/tfjs-core'
import type {StackInput, StackTensors} from '@/lib/models/stackedForward'

/** The layers of one hop as the equation has them, side by side over what they read: (in, out) and (out). */
interface ComposedHop {
  readonly weight: Tensor2D
  readonly bias: Tensor
}

/**
 * Stacked latent attention over one stream as it is published, s = tanh(W [v; h; s'] + b), with the state repeated for
 * each region and one product over all three: a graph of stock functions. Give it the hops of `composedHops`.
 */
export function composedStack(
  {streams, answer}: StackTensors,
  composed: readonly ComposedHop[],
  {items: [v], question}: StackInput
): Tensor2D {
  const [n, regions] = v!.shape
  let state: Tensor = question
  let latent: Tensor3D | null = null
  let shares: Tensor | null = null
  for (const [i, {weight, bias}] of composed.entries()) {
    const {point} = streams[0]!.hops[i]!
    const asked = tile(reshape(state, [n, 1, -1]), [1, regions, 1])
    const read: Tensor = concat(latent ? [v!, asked, latent] : [v!, asked], 2)
    latent = tanh(add(by(read, weight), bias)) as Tensor3D
    const scores: Tensor = add(by(latent, point.weight), point.bias!)
    shares = reshape(softmax(reshape(scores, [n, regions])), [n, 1, regions])
    state = add(state, reshape(matMul(shares, v!), [n, -1]))
  }
  const seen = reshape(matMul(shares!, latent!), [n, -1])
  return add(matMul(concat([state, seen], 1), concat([...answer!.weights], 0)), answer!.bias!) as Tensor2D
}

/** Weights of each hop, stacked in the order of what is read; keep them, they are the caller's. */
export const composedHops = ({streams}: StackTensors): ComposedHop[] =>
  streams[0]!.hops.map(({look, ask, carry}) => {
    const layers = [look, ask, ...(carry ? [carry] : [])]
    return {
      weight: concat(
        layers.map(({weight}) => weight),
        0
      ) as Tensor2D,
      bias: layers.map(({bias}) => bias!).reduce((sum, bias) => add(sum, bias))
    }
  })

const by = (x: Tensor, weight: Tensor2D): Tensor =>
  reshape(matMul(reshape(x, [-1, weight.shape[0]]), weight), [...x.shape.slice(0, -1), weight.shape[1]])
