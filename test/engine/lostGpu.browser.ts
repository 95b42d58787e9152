import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, memory} from '@tensorflow/tfjs-core'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {EngineCalls} from '@/lib/engine/calls'
import {type Caller, connect, serve} from '@/lib/engine/rpc'
import {engineService} from '@/lib/engine/service'
import {npyBytes} from '@/lib/formats/npyBytes'
import {openBackend} from '@/lib/models/backend'

const address = (name: string) =>
  ({kind: 'address', name, url: new URL(`/examples/digits/${name}`, location.href).href}) as const
// Nine files of two inputs: slice after slice, of the model and of its untrained twin in turn.
const shape = [2, 12, 64]
const inputs = Array.from({length: 9}, (_, file) => {
  const values = Float32Array.from({length: 2 * 12 * 64}, (_, i) => Math.sin(file + i * i))
  return {kind: 'file', file: new File([npyBytes('f32', shape, [values])], `${file}.npy`)} as const
})
const request = {checkpoint: address('checkpoint.pth'), inputs, settings: {}}

let port: MessagePort
let call: Caller<EngineCalls>['call']
beforeEach(async () => {
  // Not a GPU, so that the next wish for one is a new one.
  await openBackend('cpu')
  const {port1, port2} = new MessageChannel()
  serve<EngineCalls>(port1, engineService())
  port = port1
  call = connect<EngineCalls>(port2).call
  await call('begin', 'webgpu')
})
afterEach(() => port.close())

/** The explanation without its provenance, which tells the time. */
async function explained() {
  const reply = await call('explain', request)
  if (reply.kind !== 'explained') throw new Error(`expected an explanation, got ${reply.kind}`)
  const {provenance, ...numbers} = reply.explanation
  return numbers
}

const {submit} = GPUQueue.prototype
afterEach(() => {
  GPUQueue.prototype.submit = submit
})

/** Counts what is handed to each device, and destroys those for which `after` gives a number once that many are in. */
function watchSubmissions(after: (device: number) => number | null): {readonly submissions: readonly number[]} {
  const submissions: number[] = []
  const devices = new Map<GPUQueue, number>()
  GPUQueue.prototype.submit = function (commands) {
    submit.call(this, commands)
    const index = devices.get(this) ?? devices.size
    devices.set(this, index)
    submissions[index] = (submissions[index] ?? 0) + 1
    if (submissions[index] === after(index)) (backend() as WebGPUBackend).device.destroy()
  }
  return {submissions}
}

let undisturbed: ReturnType<typeof runUndisturbed> | null = null

/** What comes of the request when nothing is lost, in how many submissions, and the tensors that its model keeps. */
async function runUndisturbed() {
  const tensors = memory().numTensors
  const {submissions} = watchSubmissions(() => null)
  const before = await explained()
  GPUQueue.prototype.submit = submit
  const submitted = submissions.reduce((sum, count) => sum + count, 0)
  return {before, submitted, kept: memory().numTensors - tensors}
}

// Once for all tests: it takes seconds.
const withoutLoss = () => {
  undisturbed ??= runUndisturbed()
  return undisturbed
}

it('a GPU that is lost between two requests is opened again, the numbers are the same, and the report says so', async () => {
  const {before} = await withoutLoss()
  await call('backend', null)
  const {device} = backend() as WebGPUBackend
  device.destroy()
  await device.lost
  expect(await explained()).toEqual(before)
  expect(await call('backend', null)).toMatchObject({
    name: 'webgpu',
    reason: expect.stringMatching(/; the GPU was lost \(.*\) and was opened again$/)
  })
})

it('between two requests the device holds the parameters of the last and nothing else; its peak is told', async () => {
  await withoutLoss()
  await explained()
  const {memory: held} = await call('backend', null)
  expect(held!.bytes).toBeGreaterThan(0)
  expect(held!.peak).toBeGreaterThan(held!.bytes)
  const {numBytesInGPU} = memory() as unknown as {readonly numBytesInGPU: number}
  expect(held!.bytes).toBe(numBytesInGPU)
})

describe('a GPU that is lost in the middle of a request', () => {
  it('once, and the one after it too, changes nothing in the explanation and leaves no tensor behind', async () => {
    const {before, submitted, kept} = await withoutLoss()
    expect(submitted).toBeGreaterThan(16)
    const third = Math.floor(submitted / 3)
    const lossy = watchSubmissions((device) => (device < 2 ? third : null))
    const tensors = memory().numTensors
    expect(await explained()).toEqual(before)
    // What is under way when the device goes may still hand it something; then a third of the work is left.
    expect(lossy.submissions).toHaveLength(3)
    for (const count of lossy.submissions) expect(count).toBeGreaterThan(third / 2)
    expect(memory().numTensors - tensors).toBe(kept)
    expect(await call('backend', null)).toMatchObject({name: 'webgpu'})
  })

  it('with no adapter to be had after it gives way to WASM, and both are told', async () => {
    const {requestAdapter} = GPU.prototype
    watchSubmissions(() => {
      GPU.prototype.requestAdapter = async () => null
      return 2
    })
    try {
      await explained()
    } finally {
      GPU.prototype.requestAdapter = requestAdapter
    }
    expect(await call('backend', null)).toMatchObject({
      name: 'wasm',
      reason: expect.stringMatching(/^WASM, because the browser offers no WebGPU adapter; the GPU was lost \(.+\)$/)
    })
  })

  it('time and again gives way to WASM, which gives the same numbers and says why it runs', async () => {
    const {before} = await withoutLoss()
    const lossy = watchSubmissions(() => 2)
    const after = await explained()
    expect(lossy.submissions).toHaveLength(3)
    for (const map of ['density', 'nullDensity'] as const) {
      const [a, b] = [before[map]!.values, after[map]!.values]
      expect(b.length).toBe(a.length)
      expect(Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)))).toBeLessThan(1e-5)
    }
    expect(after.layers.map(({rank}) => rank)).toEqual(before.layers.map(({rank}) => rank))
    expect(await call('backend', null)).toMatchObject({
      name: 'wasm',
      reason: expect.stringMatching(/^WASM, because the GPU was lost 3 times$/)
    })
    // Asked for anew, it is given another chance.
    GPUQueue.prototype.submit = submit
    await openBackend('cpu')
    expect(await openBackend('webgpu')).toMatchObject({name: 'webgpu'})
  })
})
