import {
  add,
  cast,
  grads,
  less,
  matMul,
  max,
  reshape,
  softmax,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tanh,
  zeros
} from '@tensorflow/tfjs-core'
import type {StackForm, StreamName} from './stackedLayout'

/** One linear layer on the backend: weight (in, out), bias (out). */
export interface LinearTensors {
  readonly weight: Tensor2D
  readonly bias: Tensor | null
}

export interface HopTensors {
  readonly look: LinearTensors
  readonly ask: LinearTensors
  readonly carry: LinearTensors | null
  readonly point: LinearTensors
}

export interface StreamTensors {
  readonly name: StreamName
  readonly projection: LinearTensors | null
  readonly hops: readonly HopTensors[]
}

export interface StackTensors {
  readonly form: StackForm
  readonly latent: boolean
  readonly streams: readonly StreamTensors[]
  /** One weight for each part of what is read, (part, answers). */
  readonly answer: {readonly weights: readonly Tensor2D[]; readonly bias: Tensor | null} | null
}

/** What is looked at, stream by stream (n, items, width), and the question (n, state). */
export interface StackInput {
  readonly items: readonly Tensor3D[]
  readonly question: Tensor2D
}

/** Of each hop and stream: the attention logits and the attention, (n, items). */
export interface StackOutput {
  readonly scores: readonly (readonly Tensor2D[])[]
  readonly attention: readonly (readonly Tensor2D[])[]
  /** (n, answers) */
  readonly logits: Tensor2D | null
}

/** What is added to a hop's latent states (n, items, width) where they leave it, by either way. */
interface Nudge {
  readonly content: Tensor
  readonly latent: Tensor | null
}

/**
 * Stacked attention over regions, and over words where there is a second stream. With items v and the state h, which is
 * the question before the first hop, each hop is
 *
 *     s = tanh(W_v v + W_h h + b)           SAN (Yang et al., CVPR 2016, equations 15 to 19)
 *     s = tanh(W_v v + W_h h + W_s s' + b)  SLA; s' = the latent states of the hop before, item by item
 *     a = softmax(w · s + c),  z = Σ a v,   h ← h + z (of both streams)
 *
 * and the answer is linear in h; for SLA in [h; Σ a s of each stream's last hop]. The code released with SAN (imageqa-san,
 * san_att_lstm_twolayer_theano.py) has s = tanh(W_v v + b) + tanh(W_h h + b'), and a = softmax(tanh(w · s + c)).
 *
 * SLA (Fan and Zhou, CVPR 2018) is a RECONSTRUCTION: its paper says that latent states stay on a 1 × 1 path and are
 * concatenated into the next attention layer, which W_s does; its equations are not public in full, and widths, what is
 * looked at again, the non-linearity, the fusion of streams by a sum and what the answer reads are our choice.
 */
export function stackForward(
  {form, latent, streams, answer}: StackTensors,
  {items, question}: StackInput,
  nudges: readonly (readonly Nudge[])[] | null = null
): StackOutput {
  const [n] = question.shape
  const seen = streams.map(({projection}, i) =>
    projection ? (tanh(linear(items[i]!, projection)) as Tensor3D) : items[i]!
  )
  const before: Tensor[] = []
  const scores: Tensor2D[][] = []
  const attention: Tensor2D[][] = []
  let state: Tensor2D = question
  for (const hop of streams[0]!.hops.keys()) {
    scores.push([])
    attention.push([])
    const found = streams.map(({hops}, i) => {
      const {look, ask, carry, point} = hops[hop]!
      const v = seen[i]!
      const asked = reshape(linear(state, ask), [n, 1, -1])
      const looked = linear(v, look)
      const carried = carry && latent && before[i] ? linear(before[i]!, carry) : null
      const sum = add(looked, asked)
      const s = form === 'released' ? add(tanh(looked), tanh(asked)) : tanh(carried ? add(sum, carried) : sum)
      const nudge = nudges?.[hop]?.[i]
      const raw = reshape(linear(nudge ? add(s, nudge.content) : s, point), [n, v.shape[1]]) as Tensor2D
      const score = form === 'released' ? tanh(raw) : raw
      const a = softmax(score)
      before[i] = nudge?.latent ? add(s, nudge.latent) : s
      scores[hop]!.push(score)
      attention[hop]!.push(a)
      return weighted(a, v)
    })
    state = found.reduce((sum, z) => add(sum, z), state)
  }
  return {scores, attention, logits: answer && answered(answer)}

  // A product for each part is the product with the parts side by side.
  function answered({weights, bias}: NonNullable<StackTensors['answer']>): Tensor2D {
    const last = attention.at(-1)!
    const read = latent ? [state, ...before.map((s, i) => weighted(last[i]!, s as Tensor3D))] : [state]
    const sum = read.map((part, i) => matMul(part, weights[i]!)).reduce((all, product) => add(all, product))
    return (bias ? add(sum, bias) : sum) as Tensor2D
  }
}

/** Σ a v over items: (n, items) and (n, items, width) give (n, width). */
function weighted(a: Tensor2D, v: Tensor3D): Tensor2D {
  const [n, items, width] = v.shape
  return reshape(matMul(reshape(a, [n, 1, items]), v), [n, width])
}

/** x W + b over the last axis. */
function linear(x: Tensor, {weight, bias}: LinearTensors): Tensor {
  const flat = reshape(x, [-1, weight.shape[0]])
  const product = matMul(flat, weight)
  return reshape(bias ? add(product, bias) : product, [...x.shape.slice(0, -1), weight.shape[1]])
}

/**
 * What gradient of the winning logit reaches each hop, by each of the two ways out of it: for each hop and stream, the
 * gradient (n, items, width) of the logit in a term added to the hop's latent states s where they leave it
 *
 *   by the CONTENT path: into this hop's own softmax, and by its weighted sum into the state of every later hop;
 *   by the LATENT path: into the next hop's latent states, and from the last hop into what the answer reads of them.
 *
 * The first step out tells the path; behind it the gradient takes every way there is, so that the two add up to the
 * gradient in s itself, and nothing is counted twice. Stacked attention without latent states has the first path only.
 * Where several logits win, they count together.
 */
export function stackGradients(
  stack: StackTensors,
  input: StackInput,
  logits: Tensor2D
): {readonly content: Tensor[][]; readonly latent: Tensor[][] | null} {
  const winner = sub(1, cast(less(logits, max(logits, 1, true)), 'float32')) as Tensor2D
  const shapes = stack.streams[0]!.hops.flatMap((_, hop) =>
    stack.streams.map(({hops}, i): [number, number, number] => {
      const [n, items] = input.items[i]!.shape
      return [n, items, hops[hop]!.look.weight.shape[1]]
    })
  )
  const each = stack.streams.length
  const byHop = <T>(list: readonly T[]): T[][] =>
    stack.streams[0]!.hops.map((_, hop) => list.slice(hop * each, (hop + 1) * each))
  const still = shapes.map((shape) => zeros(shape))
  const ways = stack.latent ? [...still, ...still.map((tensor) => tensor.clone())] : still
  const logit = (...nudges: Tensor[]) => {
    const [content, latent] = [byHop(nudges.slice(0, shapes.length)), byHop(nudges.slice(shapes.length))]
    const pairs = content.map((own, hop) => own.map((nudge, i) => ({content: nudge, latent: latent[hop]![i] ?? null})))
    return stackForward(stack, input, pairs).logits!
  }
  const found = grads(logit)(ways, winner)
  return {
    content: byHop(found.slice(0, shapes.length)),
    latent: stack.latent ? byHop(found.slice(shapes.length)) : null
  }
}
