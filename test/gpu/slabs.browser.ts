import {env, memory} from '@tensorflow/tfjs-core'
import {afterAll, beforeEach, describe, expect, it} from 'vitest'
import {backendInForce, openBackend} from '@/lib/models/backend'
import {detect, load} from '@/lib/models/detect'
import additiveDensity from '../fixtures/models/additiveDensity.json' with {type: 'json'}
import clampedDensity from '../fixtures/models/clampedDensity.json' with {type: 'json'}
import densityBlock from '../fixtures/models/densityBlock.json' with {type: 'json'}
import layerDensity from '../fixtures/models/layerDensity.json' with {type: 'json'}
import {archiveOf, expectClose, inputOf, type ModelFixture} from '../models/fixtures'

const fixtures = [...densityBlock, ...additiveDensity, ...clampedDensity, ...layerDensity] as unknown as ModelFixture[]

const {requestDevice} = GPUAdapter.prototype
let most = 0
beforeEach(() => {
  GPUAdapter.prototype.requestDevice = async function (wish) {
    const device = await requestDevice.call(this, wish)
    const small = {maxBufferSize: 4 * most, maxStorageBufferBindingSize: 4 * most}
    const limits = new Proxy(device.limits, {
      get: (all, limit) => small[limit as keyof typeof small] ?? Reflect.get(all, limit, all)
    })
    return Object.defineProperty(device, 'limits', {value: limits})
  }
})
afterAll(() => {
  GPUAdapter.prototype.requestDevice = requestDevice
})

/** Opens a device whose tensors hold `numbers` at most, and tells the bytes of the largest that is made on it. */
async function deviceOf(numbers: number): Promise<() => number> {
  most = numbers
  await openBackend('cpu')
  await openBackend('webgpu')
  env().set('WEBGPU_CPU_FORWARD', false)
  expect(backendInForce().largest).toBe(4 * numbers)
  const {device} = backendInForce().gpu!
  const createBuffer = device.createBuffer.bind(device)
  let largest = 0
  device.createBuffer = (descriptor) => {
    if (descriptor.usage & GPUBufferUsage.STORAGE) largest = Math.max(largest, descriptor.size)
    return createBuffer(descriptor)
  }
  return () => largest
}

async function modelOf(name: string) {
  const fixture = fixtures.find((one) => one.name === name)
  if (!fixture) throw new Error(`no fixture is called ${name}`)
  const archive = archiveOf(fixture)
  const detection = detect(archive, fixture.settings)
  if (detection.family === null) throw new Error('nothing was recognised')
  const model = await load(archive, detection)
  return {fixture, model, samples: await model.arrange(inputOf(fixture), fixture.settings)}
}

describe('an input larger than the largest tensor', () => {
  it.each([
    ['two heads of four Gaussians along the last axis', 40, 'rows, which stand one after the other'],
    ['five Gaussians, and a last head with the remainder along axis 1', 30, 'columns, which lie apart'],
    ['a middle axis of four', 10, 'both the axis before and the axis behind'],
    ['axis 0, without a batch', 12, 'columns of an input without a batch'],
    ['padded rows', 10, 'columns with padding'],
    ['five items over two heads: the fifth is dropped', 10, 'columns of which no head owns the last items'],
    ['four heads with the remainder in the last, layers.0.heads', 20, 'rows of the clamped form'],
    ['one head of 24 layers', 240, 'features of the layer form'],
    ['time averaged', 24, 'features of two heads'],
    ['c of zero', 25, 'features, some of which are no number']
  ])('%s, at most %i numbers: is cut into %s', async (name, numbers) => {
    const largest = await deviceOf(numbers)
    const tensors = memory().numTensors
    const {fixture, model, samples} = await modelOf(name)
    expect(samples.values.length / samples.count, 'numbers of one input').toBeGreaterThan(numbers)
    expect(model.batchSize(samples)).toBe(1)
    const result = await model.run(samples, 0, samples.count, {details: true})
    expectClose('density', result.density, fixture.expected.density)
    expectClose('standardised', result.standardised, fixture.expected.standardised!)
    expectClose('deviation', result.deviation, fixture.expected.deviation!)
    const output = result.details?.find((detail) => detail.name === 'output')
    const expected = fixture.expected.output ?? fixture.expected.details?.output
    if (expected) expectClose('output', output?.values, expected)
    expect(largest()).toBeGreaterThan(0)
    // Parameters of so small an example can be larger than its slabs: three numbers for each Gaussian.
    const gaussians = model.heads.reduce((sum, {kind, offset}) => sum + (kind === 'feature' ? 0 : offset.length), 0)
    expect(largest()).toBeLessThanOrEqual(4 * Math.max(numbers, 3 * gaussians))
    model.dispose()
    expect(memory().numTensors).toBe(tensors)
  })

  it.each([
    ['padding of −1 through two layers', 25, 'layers that normalise all of its axes'],
    ['a block over layers, with a classifier', 80, 'a classifier, which looks at all of it'],
    ['a thousand items', 400, 'one axis that is too long by itself']
  ])('%s: is refused for %3$s', async (name, numbers) => {
    await deviceOf(numbers)
    const {model, samples} = await modelOf(name)
    await expect(model.run(samples, 0, 1)).rejects.toThrow(
      /^one input \(.+\) needs a tensor of 1 MB; .+ takes 1 MB at most$/
    )
    model.dispose()
  })
})

it('several inputs that fit one by one are run in as few runs as they fit into', async () => {
  const largest = await deviceOf(160)
  const {fixture, model, samples} = await modelOf('two heads of four Gaussians along the last axis')
  const result = await model.run(samples, 0, samples.count)
  expectClose('density', result.density, fixture.expected.density)
  expectClose('deviation', result.deviation, fixture.expected.deviation!)
  // Two inputs of 80 numbers.
  expect(largest()).toBe(640)
  model.dispose()
})
