import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, getBackend} from '@tensorflow/tfjs-core'
import {afterEach, describe, expect, it} from 'vitest'
import {backendInForce, onBackend, openBackend, watchBackend} from '@/lib/models/backend'
import {checkFits} from '@/lib/models/batchSize'
import {detect, load} from '@/lib/models/detect'
import type {Detection} from '@/lib/models/family'
import layerDensity from '../fixtures/models/layerDensity.json' with {type: 'json'}
import {archiveOf, expectClose, inputOf, type ModelFixture} from '../models/fixtures'

const wasmPaths = '/node_modules/@tensorflow/tfjs-backend-wasm/dist/'
const fixture = layerDensity[0] as unknown as ModelFixture

describe('where there is WebGPU', () => {
  it('takes the software adapter when WebGPU is asked for', async () => {
    expect(await openBackend('webgpu')).toMatchObject({
      name: 'webgpu',
      software: true,
      reason: expect.stringMatching(/^WebGPU, as asked, on the software adapter /)
    })
  })

  it('asks for all that the adapter gives', async () => {
    await openBackend('webgpu')
    const adapter = await navigator.gpu.requestAdapter()
    const {maxBufferSize, maxStorageBufferBindingSize} = adapter!.limits
    expect(backendInForce().largest).toBe(Math.min(maxBufferSize, maxStorageBufferBindingSize))
  })

  it('knows what a kernel asks of the device: the adapter’s limits, its subgroups, and that it is software', async () => {
    await openBackend('webgpu')
    const adapter = (await navigator.gpu.requestAdapter())!
    const {gpu} = backendInForce()
    expect(gpu).toMatchObject({device: (backend() as WebGPUBackend).device, software: true})
    const {subgroupMinSize: min, subgroupMaxSize: max} = adapter.info
    expect(gpu!.subgroups).toEqual(adapter.features.has('subgroups') ? {min, max} : null)
    for (const limit of ['maxStorageBuffersPerShaderStage', 'maxComputeWorkgroupSizeZ'] as const)
      expect(gpu!.limits[limit]).toBe(adapter.limits[limit])
  })

  it('refuses a tensor that the device would take and compute garbage with', async () => {
    await openBackend('webgpu')
    expect(() => checkFits([8192, 65536], 8192 * 65536)).toThrow(
      /^one input \(8192, 65536\) needs a tensor of 2048 MB; .+ takes \d+ MB at most$/
    )
  })

  it('prefers WASM to a software adapter, saying so', async () => {
    expect(await openBackend('auto', {wasmPaths})).toMatchObject({
      name: 'wasm',
      reason: 'WASM, because this WebGPU adapter is software and slower'
    })
  })
})

describe('a device that is refused', () => {
  const {requestDevice} = GPUAdapter.prototype
  afterEach(() => {
    GPUAdapter.prototype.requestDevice = requestDevice
  })

  it('is asked for again without its features, then with no wishes at all', async () => {
    const asked: (GPUDeviceDescriptor | undefined)[] = []
    GPUAdapter.prototype.requestDevice = async function (wish) {
      asked.push(wish)
      if (asked.length < 3) throw new Error('not today')
      return requestDevice.call(this, wish)
    }
    await openBackend('cpu')
    expect(await openBackend('webgpu')).toMatchObject({name: 'webgpu'})
    expect(asked.map((wish) => Object.keys(wish!))).toEqual([
      ['requiredFeatures', 'requiredLimits'],
      ['requiredLimits'],
      []
    ])
    expect(backendInForce().gpu!.subgroups).toBeNull()
    expect(backendInForce().largest).toBe(2 ** 27)
  })

  it('for good leaves the work to WASM, with the adapter and the first refusal named', async () => {
    let asked = 0
    GPUAdapter.prototype.requestDevice = async () => {
      throw new Error(`refusal ${++asked}`)
    }
    await openBackend('cpu')
    expect(await openBackend('webgpu', {wasmPaths})).toMatchObject({
      name: 'wasm',
      reason: expect.stringMatching(/^WASM, because WebGPU failed on .+ \(refusal 1\)$/)
    })
    expect(backendInForce().gpu).toBeNull()
  })
})

it('a device that TensorFlow.js refuses is let go, and the work left to WASM', async () => {
  const own = Object.getOwnPropertyDescriptor(Navigator.prototype, 'gpu')!
  const devices: GPUDevice[] = []
  const {requestDevice} = GPUAdapter.prototype
  GPUAdapter.prototype.requestDevice = async function (wish) {
    const device = await requestDevice.call(this, wish)
    devices.push(device)
    // From here on TensorFlow.js finds no WebGPU.
    Object.defineProperty(Navigator.prototype, 'gpu', {get: () => undefined, configurable: true})
    return device
  }
  try {
    await openBackend('cpu')
    expect(await openBackend('webgpu', {wasmPaths})).toMatchObject({
      name: 'wasm',
      reason: expect.stringMatching(/^WASM, because WebGPU failed on .+ \(WebGPU is not supported on this device\)$/)
    })
    expect(getBackend()).toBe('wasm')
    expect(await devices[0]!.lost).toMatchObject({reason: 'destroyed'})
  } finally {
    GPUAdapter.prototype.requestDevice = requestDevice
    Object.defineProperty(Navigator.prototype, 'gpu', own)
  }
})

describe('where there is none', () => {
  const {requestAdapter} = GPU.prototype
  afterEach(() => {
    GPU.prototype.requestAdapter = requestAdapter
  })

  it('falls back to WASM, saying why', async () => {
    GPU.prototype.requestAdapter = async () => null
    await openBackend('cpu')
    expect(await openBackend('webgpu', {wasmPaths})).toMatchObject({
      name: 'wasm',
      reason: 'WASM, because the browser offers no WebGPU adapter'
    })
  })

  it('falls back when asking itself fails', async () => {
    GPU.prototype.requestAdapter = async () => {
      throw new Error('blocked')
    }
    await openBackend('cpu')
    expect(await openBackend('webgpu', {wasmPaths})).toMatchObject({
      name: 'wasm',
      reason: 'WASM, because asking for a WebGPU adapter failed (blocked)'
    })
  })
})

describe('a hardware adapter', () => {
  const {get} = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'info')!
  const pretend = (read: () => unknown) =>
    Object.defineProperty(GPUAdapter.prototype, 'info', {get: read, configurable: true})
  afterEach(() => void pretend(get!))

  it('is taken without being asked for, until it has been lost too often', async () => {
    pretend(() => ({vendor: 'acme', architecture: 'one'}))
    await openBackend('cpu')
    expect(await openBackend('auto', {wasmPaths})).toEqual({
      name: 'webgpu',
      adapter: 'acme one',
      software: false,
      reason: 'WebGPU on acme one'
    })
    // A browser that hides the sizes of subgroups leaves kernels without them.
    expect(backendInForce().gpu).toMatchObject({software: false, subgroups: null})
    const archive = archiveOf(fixture)
    const model = await load(archive, detect(archive) as Detection)
    const samples = await model.arrange(inputOf(fixture), {})
    for (const after of ['webgpu', 'wasm']) {
      const lost = (backend() as WebGPUBackend).device
      lost.destroy()
      await lost.lost
      expectClose('density', (await model.run(samples, 0, 3)).density, fixture.expected.density)
      expect(backendInForce().report.name).toBe(after)
    }
    expect(backendInForce().report.reason).toBe('WASM, because the GPU was lost 2 times')
    model.dispose()
  })

  it('opens one device for two callers at once', async () => {
    await openBackend('cpu')
    const [first, second] = await Promise.all([openBackend('webgpu'), openBackend('webgpu')])
    expect(second).toBe(first)
  })
})

describe('a device', () => {
  it('that is lost is replaced, and the model goes on with the same numbers', async () => {
    await openBackend('cpu')
    await openBackend('webgpu')
    const archive = archiveOf(fixture)
    const model = await load(archive, detect(archive) as Detection)
    const samples = await model.arrange(inputOf(fixture), {})
    const untrained = model.untrained()
    await model.run(samples, 0, samples.count)
    await untrained.run(samples, 0, samples.count)

    const told: (string | null)[] = []
    const stop = watchBackend((_, lost) => told.push(lost))
    const {device} = backend() as WebGPUBackend
    device.destroy()
    const after = await model.run(samples, 0, samples.count)
    expectClose('density', after.density, fixture.expected.density)
    expectClose('logits', after.logits, fixture.expected.logits!)
    expectClose('untrained', (await untrained.run(samples, 0, samples.count)).density, fixture.expected.untrained!)
    expect((backend() as WebGPUBackend).device).not.toBe(device)
    expect(told).toEqual([expect.stringMatching(/^the GPU was lost/), null])
    stop()
    untrained.dispose()
    model.dispose()
  })

  it('that is lost while a run is under way gives the numbers all the same', async () => {
    await openBackend('cpu')
    await openBackend('webgpu')
    const archive = archiveOf(fixture)
    const model = await load(archive, detect(archive) as Detection)
    const samples = await model.arrange(inputOf(fixture), {})
    const running = model.run(samples, 0, samples.count)
    ;(backend() as WebGPUBackend).device.destroy()
    expectClose('density', (await running).density, fixture.expected.density)
    model.dispose()
  })

  it('that rejects a command does not pass for one that worked', async () => {
    await openBackend('cpu')
    await openBackend('webgpu')
    const {device} = backend() as WebGPUBackend
    const broken = onBackend(async () => void device.createBuffer({size: 16, usage: 0xffff}))
    await expect(broken).rejects.toThrow(/^WebGPU: /)
    // And the next run is not blamed for it.
    await expect(onBackend(async () => 'fine')).resolves.toBe('fine')
  })

  it('that complains outside every error scope while work runs makes that work fail', async () => {
    await openBackend('cpu')
    await openBackend('webgpu')
    const {device} = backend() as WebGPUBackend
    const error = new GPUInternalError('the driver gave up')
    const troubled = onBackend(async () => {
      device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', {error, cancelable: true}))
      return 'garbage'
    })
    await expect(troubled).rejects.toThrow('WebGPU: the driver gave up')
    await expect(onBackend(async () => 'fine')).resolves.toBe('fine')
  })
})
