import * as tf from '@tensorflow/tfjs'
import {beforeAll, expect, it} from 'vitest'
import {openBackend} from '@/lib/models/backend'
import {detect, load} from '@/lib/models/detect'
import type {Detection} from '@/lib/models/family'
import {type MemoryTensor, memoryArchive, tensor} from '../fixtures/memoryArchive'

const [layers, height, width, hidden, classes] = [6, 4, 8, 5, 3]
const features = height * width
const noise = (seed: number) => (i: number) => Math.sin(seed * 7919 + i * 12.9898) * 0.3

const parameters = {
  'daam.gcts.0.c': tensor([1, features], 2),
  'daam.gcts.0.mean_offset': tensor([1, features]),
  'conv1.weight': tensor([hidden, layers, 3, 3], noise(1)),
  'conv1.bias': tensor([hidden], noise(2)),
  'conv2.weight': tensor([layers, hidden, 3, 3], noise(3)),
  'conv2.bias': tensor([layers], noise(4)),
  'fc.weight': tensor([classes, layers * features], noise(5)),
  'fc.bias': tensor([classes], noise(6))
}

beforeAll(() => openBackend('cpu'))

it('gives the logits that a network of TensorFlow.js layers with the same weights gives', async () => {
  const archive = memoryArchive({state_dict: parameters})
  const model = await load(archive, detect(archive, {map: [height, width]}) as Detection)
  const samples = await model.arrange(
    {dtype: 'f32', shape: [2, layers, features], values: tensor([2, layers, features], noise(7)).values},
    {}
  )
  const {logits, density} = await model.run(samples, 0, 2)

  const weighted = samples.values.map((value, i) => value * density[i]!)
  const picture = tf.transpose(tf.tensor4d(weighted, [2, layers, height, width]), [0, 2, 3, 1])
  const expected = await (network().predict(picture) as tf.Tensor).data()
  expect(logits?.length).toBe(2 * classes)
  for (const [i, logit] of logits!.entries()) expect(logit).toBeCloseTo(expected[i]!, 4)
  model.dispose()
})

/** The published classifier built from ready-made layers, which lay nothing out by hand but flatten layers first. */
function network(): tf.Sequential {
  const kernel = (weights: MemoryTensor) =>
    tf.transpose(
      tf.tensor4d(weights.values as Float32Array, [...weights.shape] as [number, number, number, number]),
      [2, 3, 1, 0]
    )
  const vector = (weights: MemoryTensor) => tf.tensor1d(weights.values as Float32Array)
  const dense = tf.tensor2d(parameters['fc.weight'].values as Float32Array, [classes, layers * features])
  const conv = {kernelSize: 3, padding: 'same', activation: 'relu'} as const
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...conv,
        filters: hidden,
        inputShape: [height, width, layers],
        weights: [kernel(parameters['conv1.weight']), vector(parameters['conv1.bias'])]
      }),
      tf.layers.conv2d({
        ...conv,
        filters: layers,
        weights: [kernel(parameters['conv2.weight']), vector(parameters['conv2.bias'])]
      }),
      tf.layers.permute({dims: [3, 1, 2]}),
      tf.layers.flatten(),
      tf.layers.dense({units: classes, weights: [tf.transpose(dense), vector(parameters['fc.bias'])]})
    ]
  })
}
