import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, exp, memory, type Tensor, tensor1d, tidy} from '@tensorflow/tfjs-core'
import {beforeEach, describe, expect, it} from 'vitest'
import {backendInForce, onBackend, openBackend} from '@/lib/models/backend'
import {detect, load} from '@/lib/models/detect'
import {idleBytes} from '@/lib/models/devicePool'
import type {Detection} from '@/lib/models/family'
import {readBack} from '@/lib/models/readBack'
import densityBlock from '../fixtures/models/densityBlock.json' with {type: 'json'}
import {archiveOf, type ModelFixture} from '../models/fixtures'

const MB = 2 ** 20

const device = () => {
  const {gpu} = backendInForce()
  if (!gpu) throw new Error('needs a GPU')
  return gpu
}

/** exp of `values` on the device: one tensor in, one out. */
const run = (values: Float32Array) => onBackend(() => readBack({y: tidy(() => exp(tensor1d(values)) as Tensor)}))

const ramp = (length: number) => Float32Array.from({length}, (_, i) => (i % 1000) / 1000)

beforeEach(async () => {
  await openBackend('cpu')
  await openBackend('webgpu')
})

describe('device memory', () => {
  it('counts every buffer of the device, whoever makes it, until it is destroyed', () => {
    const {device: gpu, memory} = device()
    const before = memory.bytes
    const buffer = gpu.createBuffer({size: 4096, usage: GPUBufferUsage.STORAGE})
    expect(memory.bytes - before).toBe(4096)
    buffer.destroy()
    buffer.destroy()
    expect(memory.bytes).toBe(before)
    expect(memory.peak).toBeGreaterThanOrEqual(before + 4096)
    memory.restart()
    expect(memory.peak).toBe(before)
  })

  it('of a run is its input, its output and less than 64 MB, also when runs of other sizes went before', async () => {
    const {memory} = device()
    for (const length of [3 * MB + 8, 4 * MB + 4, 4 * MB + 4, 6 * MB]) {
      memory.restart()
      const {y} = await run(ramp(length))
      expect(y.length).toBe(length)
      expect(memory.peak, `${length} numbers`).toBeGreaterThanOrEqual(2 * 4 * length)
      expect(memory.peak, `${length} numbers`).toBeLessThanOrEqual(2 * 4 * length + 64 * MB)
    }
    // What a larger run left behind goes with the next.
    await run(ramp(2 * MB))
    expect(memory.bytes).toBeLessThanOrEqual(2 * 4 * 2 * MB + 2 * idleBytes)
  })
})

describe('the pool of buffers', () => {
  it('does not grow over inputs of 200 different lengths', async () => {
    const {memory: held} = device()
    const tensors = memory().numTensors
    const archive = archiveOf(densityBlock[0] as unknown as ModelFixture)
    const model = await load(archive, detect(archive) as Detection)
    let most = 0
    let given = 0
    for (let i = 0; i < 200; i++) {
      const shape = [1, 64 + i, 256]
      const values = ramp(shape[1]! * shape[2]!)
      const samples = await model.arrange({dtype: 'f32', shape, values}, {})
      expect((await model.run(samples, 0, 1)).density.length).toBe(values.length)
      most = Math.max(most, held.bytes)
      given += values.byteLength
    }
    model.dispose()
    // The longest input, its two maps and what reads them back, beside what the pool may keep of other sizes.
    const bound = 6 * 4 * 263 * 256 + idleBytes
    expect(most).toBeLessThan(bound)
    // Kept by size the inputs alone would be more.
    expect(given).toBeGreaterThan(bound)
    expect(memory().numTensors).toBe(tensors)
  })

  it('finds the buffers of the last run again, for a run of the same size', async () => {
    const values = ramp(5 * MB)
    await run(values)
    const made: number[] = []
    const {device: gpu} = device()
    const createBuffer = gpu.createBuffer.bind(gpu)
    gpu.createBuffer = (descriptor) => {
      made.push(descriptor.size)
      return createBuffer(descriptor)
    }
    await run(values)
    // The input takes a new one, which the page fills itself; the old one is gone by then.
    expect(made).toEqual([20 * MB])
  })

  it('is empty once it is drained', async () => {
    await run(ramp(3 * MB))
    const {memory, settle} = device()
    expect(memory.bytes).toBeGreaterThan(12 * MB)
    settle()
    expect(memory.bytes).toBe(0)
    expect((backend() as WebGPUBackend).memory()).toMatchObject({numBytesInGPU: 0, numBytesAllocatedInGPU: 0})
  })
})

it('reads a tensor back whole, in pieces that do not divide it', async () => {
  const values = ramp(9 * MB + 5)
  const {y} = await run(values)
  expect(y.length).toBe(values.length)
  let apart = 0
  for (let i = 0; i < y.length; i++) apart = Math.max(apart, Math.abs(y[i]! - Math.exp(values[i]!)))
  expect(apart).toBeLessThan(1e-6)
})
