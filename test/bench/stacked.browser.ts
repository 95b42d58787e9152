import {memory} from '@tensorflow/tfjs-core'
import {expect, it} from 'vitest'
import {openBackend} from '@/lib/models/backend'
import {measureStacked} from './stacked'

it('times stacked latent attention as the app runs it and of stock functions, which answer the same', async () => {
  await openBackend('wasm')
  const before = memory().numTensors
  const size = {inputs: 2, hops: 3, regions: 5, width: 16, answers: 4}
  const {ours, stock, apart} = await measureStacked('wasm', size, 1)
  expect(ours).toBeGreaterThan(0)
  expect(stock).toBeGreaterThan(0)
  expect(apart).toBeLessThan(1e-5)
  expect(memory().numTensors, 'tensors left behind').toBe(before)
})
