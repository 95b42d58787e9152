import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import type {Tensor, Tensor3D, Tensor4D, TensorInfo} from '@tensorflow/tfjs-core'
import {dispatch, type Program} from './dispatch'
import {defineKernel} from './kernel'

interface Attributes {
  readonly heads: number
  /** Whether the bias is meant; every input is there on every call. */
  readonly biased: boolean
}

interface Shape {
  readonly n: number
  readonly queries: number
  readonly keys: number
  readonly channels: number
}

const shapeOf = ([n = 0, queries = 0, channels = 0]: readonly number[], [, keys = 0]: readonly number[]): Shape => ({
  n,
  queries,
  keys,
  channels
})

const kernel = defineKernel<'q' | 'k' | 'v' | 'bias', Attributes>({
  name: 'Attend',
  inputs: ['q', 'k', 'v', 'bias'],
  shapes: ({q, k}, {heads}) => {
    const {n, queries, keys, channels} = shapeOf(q, k)
    return [
      [n, queries, channels],
      [n, heads, queries, keys]
    ]
  },
  onArrays: (given, [seen, weights], attributes, shapes) =>
    attendOnArrays(given, {seen: seen!, weights: weights!}, shapeOf(shapes.q, shapes.k), attributes),
  onDevice: (backend, given, [seen, weights], attributes) =>
    attendOnDevice(backend, given, {seen: seen!, weights: weights!}, attributes)
})

/**
 * Dot-product attention of `heads` heads, which own runs of channels: softmax(q · k / √(channels per head) + bias) and
 * what it sees of v. q is (n, queries, channels), k and v (n, keys, channels); bias (m, queries, keys, heads), input i
 * with its i mod m, or null. Gives what is seen (n, queries, channels) and the weights (n, heads, queries, keys).
 */
export function attend(
  {q, k, v, bias}: {readonly q: Tensor3D; readonly k: Tensor3D; readonly v: Tensor3D; readonly bias: Tensor4D | null},
  heads: number
): {readonly seen: Tensor3D; readonly weights: Tensor4D} {
  const [seen, weights] = kernel({q, k, v, bias: bias ?? q}, {heads, biased: bias !== null})
  return {seen: seen as Tensor as Tensor3D, weights: weights as Tensor as Tensor4D}
}

type Arrays<Name extends string> = Readonly<Record<Name, Float32Array>>

function attendOnArrays(
  {q, k, v, bias}: Arrays<'q' | 'k' | 'v' | 'bias'>,
  {seen, weights}: Arrays<'seen' | 'weights'>,
  {n, queries, keys, channels}: Shape,
  {heads, biased}: Attributes
): void {
  const own = channels / heads
  const scale = own ** -0.5
  const biases = biased ? bias.length / (queries * keys * heads) : 1
  const scores = new Float64Array(keys)
  for (let sample = 0; sample < n; sample++)
    for (let head = 0; head < heads; head++)
      for (let query = 0; query < queries; query++) {
        const from = (sample * queries + query) * channels + head * own
        let most = Number.NEGATIVE_INFINITY
        for (let key = 0; key < keys; key++) {
          const at = (sample * keys + key) * channels + head * own
          let dot = 0
          for (let c = 0; c < own; c++) dot += q[from + c]! * k[at + c]!
          const added = biased ? bias[(((sample % biases) * queries + query) * keys + key) * heads + head]! : 0
          scores[key] = dot * scale + added
          most = Math.max(most, scores[key]!)
        }
        let sum = 0
        for (let key = 0; key < keys; key++) {
          scores[key] = Math.exp(scores[key]! - most)
          sum += scores[key]!
        }
        const to = ((sample * heads + head) * queries + query) * keys
        for (let key = 0; key < keys; key++) {
          scores[key]! /= sum
          weights[to + key] = scores[key]!
        }
        for (let c = 0; c < own; c++) {
          let mixed = 0
          for (let key = 0; key < keys; key++)
            mixed += scores[key]! * v[(sample * keys + key) * channels + head * own + c]!
          seen[from + c] = mixed
        }
      }
}

const workgroup = 64

// A thread for each head of each query: keys are few, and neighbours read the same ones.
function attendOnDevice(
  backend: WebGPUBackend,
  {q, k, v, bias}: Readonly<Record<'q' | 'k' | 'v' | 'bias', TensorInfo>>,
  {seen, weights}: Readonly<Record<'seen' | 'weights', TensorInfo>>,
  {heads, biased}: Attributes
): void {
  const {n, queries, keys, channels} = shapeOf(q.shape, k.shape)
  const packed = (channels / heads) % 4 === 0
  const element = packed ? 'vec4<f32>' : 'f32'
  const program: Program = {
    key: `attend ${element} ${biased}`,
    workgroup,
    bindings: [
      {name: 'q', element},
      {name: 'k', element},
      {name: 'v', element},
      ...(biased ? [{name: 'bias', element: 'f32'} as const] : []),
      {name: 'seen', element, writes: true},
      {name: 'weights', element: 'f32', writes: true}
    ],
    uniforms: ['threads', 'queries', 'keys', 'heads', 'width', 'biases'],
    floats: ['scale'],
    code: () => `
fn run(group: u32, lane: u32) {
  let index = group * ${workgroup}u + lane;
  if (index >= u.threads) { return; }
  let query = index % u.queries;
  let head = index / u.queries % u.heads;
  let sample = index / (u.queries * u.heads);
  let whole = u.width * u.heads;
  let start = (sample * u.queries + query) * whole + head * u.width;
  let first = sample * u.keys * whole + head * u.width;
  let to = index * u.keys;
  var most = -3.4e38;
  var broken = false;
  for (var key = 0u; key < u.keys; key++) {
    var sum = ${element}(0.);
    for (var c = 0u; c < u.width; c++) { sum += q[start + c] * k[first + key * whole + c]; }
    var score = ${packed ? 'dot(sum, vec4<f32>(1.))' : 'sum'} * u.scale;
    ${biased ? 'score += bias[((sample % u.biases * u.queries + query) * u.keys + key) * u.heads + head];' : ''}
    // WGSL leaves the greatest of numbers and NaN open.
    broken = broken || isMissing(score);
    most = max(most, score);
    weights[to + key] = score;
  }
  var total = 0.;
  for (var key = 0u; key < u.keys; key++) {
    let own = exp(weights[to + key] - most);
    weights[to + key] = own;
    total += own;
  }
  for (var key = 0u; key < u.keys; key++) {
    weights[to + key] = select(weights[to + key] / total, missing(), broken);
  }
  for (var c = 0u; c < u.width; c++) {
    var sum = ${element}(0.);
    for (var key = 0u; key < u.keys; key++) { sum += weights[to + key] * v[first + key * whole + c]; }
    seen[start + c] = sum;
  }
}`
  }
  const threads = n * heads * queries
  if (threads === 0) return
  const width = channels / heads / (packed ? 4 : 1)
  const uniforms = {
    threads,
    queries,
    keys,
    heads,
    width,
    biases: biased ? bias.shape[0]! : 1,
    scale: (channels / heads) ** -0.5
  }
  const buffers = [q, k, v, ...(biased ? [bias] : []), seen, weights]
  dispatch(backend, [{program, buffers, uniforms, workgroups: Math.ceil(threads / workgroup)}])
}
