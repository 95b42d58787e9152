import {random} from '@/lib/core/random'
import type {HopLayer, StackForm, StreamName} from './stackedLayout'

/** y = x W + b; W is (inputs, outputs), row-major. */
export interface Linear {
  readonly inputs: number
  readonly outputs: number
  readonly weight: Float32Array
  readonly bias: Float32Array | null
}

/** One hop over one stream; `carry` is null for stacked attention, and in the first hop. */
export type Hop = Readonly<Record<Exclude<HopLayer, 'carry'>, Linear>> & {readonly carry: Linear | null}

export interface Stream {
  readonly name: StreamName
  /** tanh(W x + b) before the first hop; null where items come as wide as the state. */
  readonly projection: Linear | null
  readonly hops: readonly Hop[]
}

/** Stacked attention, ready to run. */
export interface StackParts {
  readonly form: StackForm
  /** Whether latent states are carried on, and read beside the state by the answer. */
  readonly latent: boolean
  /** Numbers in the state, which is the question before the first hop. */
  readonly state: number
  readonly streams: readonly Stream[]
  readonly answer: Linear | null
}

/** Numbers in one item of a stream, as it is given. */
export const itemWidth = ({projection, hops}: Stream): number => projection?.inputs ?? hops[0]!.look.inputs

/**
 * The same layers as PyTorch's `Linear` begins: weights and biases uniform within ±1 / √inputs (torch.nn.Linear), drawn
 * in the order of the layers by our own generator, so that the untrained twin is the same everywhere.
 */
export function initialised(parts: StackParts, seed = 0): StackParts {
  const {next} = random(seed)
  const draw = (length: number, bound: number) => Float32Array.from({length}, () => bound * (2 * next() - 1))
  const layer = (linear: Linear): Linear => {
    const bound = 1 / Math.sqrt(linear.inputs)
    const weight = draw(linear.weight.length, bound)
    return {...linear, weight, bias: linear.bias && draw(linear.bias.length, bound)}
  }
  const orNull = (linear: Linear | null) => linear && layer(linear)
  const streams = parts.streams.map(({name, projection, hops}) => ({
    name,
    projection: orNull(projection),
    hops: hops.map(({look, ask, carry, point}) => ({
      look: layer(look),
      ask: layer(ask),
      carry: orNull(carry),
      point: layer(point)
    }))
  }))
  return {...parts, streams, answer: orNull(parts.answer)}
}
