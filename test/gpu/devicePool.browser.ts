import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, exp, memory, type Tensor, tensor1d, tidy} from '@tensorflow/tfjs-core'
import {beforeEach, describe, expect, it} from 'vitest'
import {backendInForce, onBackend, openBackend} from '@/lib/models/backend'
import {idleBytes} from '@/lib/models/devicePool'
import {readBack} from '@/lib/models/readBack'

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
    for (const length of [5 * MB + 8, 6 * MB + 4, 6 * MB + 4, 8 * MB]) {
      memory.restart()
      const {y} = await run(ramp(length))
      expect(y.length).toBe(length)
      expect(memory.peak, `${length} numbers`).toBeGreaterThanOrEqual(2 * 4 * length)
      expect(memory.peak, `${length} numbers`).toBeLessThanOrEqual(2 * 4 * length + 64 * MB)
    }
    // What a larger run left behind goes with the next.
    await run(ramp(2 * MB))
    expect(memory.bytes).toBeLessThanOrEqual(2 * 8 * MB + 2 * idleBytes)
  })
})

describe('the pool of buffers', () => {
  it('does not grow over inputs of 200 different lengths', async () => {
    const {memory: held} = device()
    const tensors = memory().numTensors
    let most = 0
    for (let i = 0; i < 200; i++) {
      const length = 300_000 + 4 * i
      await run(ramp(length))
      most = Math.max(most, held.bytes)
    }
    // Input, output and what reads it back, of one length; 200 of them would be 700 MB.
    expect(most).toBeLessThan(3 * 4 * 301_000 + idleBytes + MB)
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
