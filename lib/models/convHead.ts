import {
  add,
  conv2d,
  matMul,
  relu,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tensor4d,
  transpose
} from '@tensorflow/tfjs-core'
import type {TensorArchive} from '@/lib/formats/archive'
import type {Detection} from './family'
import {type HeadRole, type HeadShape, headShape} from './findConvHead'
import {nanPerSample} from './keepNaN'
import {foldOf} from './mapFold'
import {toFloat32} from './shape'

// The published classifier (DAAM-PEFT-paper-code, DAAMModel): the map's layers are the channels of two 3 × 3
// convolutions over the features folded into a height × width picture, each followed by a ReLU; then one linear layer.

/** The classifier's numbers, laid out for TensorFlow.js. */
export interface HeadWeights {
  readonly shape: HeadShape
  readonly fold: readonly [height: number, width: number]
  /** Tensors of their own on every call. */
  upload(): HeadTensors
}

export type HeadTensors = {
  /** (height, width, in, out) */
  conv1: Tensor4D
  bias1: Tensor1D
  conv2: Tensor4D
  bias2: Tensor1D
  /** (height × width × layers, classes), rows in the order that the convolutions leave them in. */
  fc: Tensor2D
  bias: Tensor1D
}

/** Reads the classifier that `findConvHead` found complete; null where it did not. */
export async function readConvHead(archive: TensorArchive, detection: Detection): Promise<HeadWeights | null> {
  const {bindings, classCount, settings} = detection
  if (classCount === null) return null
  const bound = (role: string) => bindings.find((binding) => binding.role === role)
  const shapes = (role: HeadRole) => bound(role.replace('.', ' '))?.shape ?? null
  const shape = headShape(shapes)
  const read = async (role: string, size = 0) => {
    const binding = bound(role)
    return binding ? toFloat32((await archive.read(binding.name)).values) : new Float32Array(size)
  }
  const [shape1, shape2] = [shapes('conv1.weight')!, shapes('conv2.weight')!]
  const conv1 = channelsLast(await read('conv1 weight'), shape1)
  const bias1 = await read('conv1 bias', shape.hidden)
  const conv2 = channelsLast(await read('conv2 weight'), shape2)
  const bias2 = await read('conv2 bias', shape.out)
  const fc = layersLast(await read('fc weight'), shape)
  const bias = await read('fc bias', shape.classes)
  return {
    shape,
    fold: foldOf(shape.features, settings),
    upload: () => ({
      conv1: tensor4d(conv1, lastly(shape1)),
      bias1: tensor1d(bias1),
      conv2: tensor4d(conv2, lastly(shape2)),
      bias2: tensor1d(bias2),
      fc: tensor2d(fc, [shape.out * shape.features, shape.classes]),
      bias: tensor1d(bias)
    })
  }
}

const lastly = ([out = 0, inputs = 0, height = 0, width = 0]: readonly number[]): [number, number, number, number] => [
  height,
  width,
  inputs,
  out
]

/** (out, in, height, width) as (height, width, in, out): WASM convolves with channels last only. */
function channelsLast(
  values: Float32Array,
  [out = 0, inputs = 0, height = 0, width = 0]: readonly number[]
): Float32Array {
  const moved = new Float32Array(values.length)
  const area = height * width
  for (let o = 0; o < out; o++)
    for (let i = 0; i < inputs; i++)
      for (let p = 0; p < area; p++) moved[(p * inputs + i) * out + o] = values[(o * inputs + i) * area + p]!
  return moved
}

/**
 * fc columns come layer by layer; with channels last the picture comes pixel by pixel. (classes, layers × features) as
 * (features × layers, classes).
 */
function layersLast(values: Float32Array, {out, features, classes}: HeadShape): Float32Array {
  const moved = new Float32Array(values.length)
  for (let k = 0; k < classes; k++)
    for (let l = 0; l < out; l++)
      for (let f = 0; f < features; f++) moved[(f * out + l) * classes + k] = values[(k * out + l) * features + f]!
  return moved
}

/** Logits (n, classes) of weighted features (n, layers, features). Call inside tidy. */
export function convHead(weighted: Tensor, {shape, fold}: HeadWeights, tensors: HeadTensors): Tensor2D {
  const n = weighted.shape[0]!
  const picture: Tensor4D = reshape(weighted, [n, shape.layers, ...fold])
  const pixels: Tensor4D = transpose(picture, [0, 2, 3, 1])
  const first: Tensor4D = relu(add(conv2d(pixels, tensors.conv1, 1, 'same'), tensors.bias1))
  const second: Tensor4D = relu(add(conv2d(first, tensors.conv2, 1, 'same'), tensors.bias2))
  const flat: Tensor2D = reshape(second, [n, shape.out * shape.features])
  return add(add(matMul(flat, tensors.fc), tensors.bias), nanPerSample(weighted))
}
