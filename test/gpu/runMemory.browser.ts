import {env, memory as tensorMemory} from '@tensorflow/tfjs-core'
import {beforeAll, describe, expect, it} from 'vitest'
import {backendInForce, openBackend} from '@/lib/models/backend'
import {detect, load} from '@/lib/models/detect'
import type {LoadedModel} from '@/lib/models/family'
import {memoryArchive, tensor} from '../fixtures/memoryArchive'
import densityBlock from '../fixtures/models/densityBlock.json' with {type: 'json'}
import {archiveOf, type ModelFixture} from '../models/fixtures'

const MB = 2 ** 20

beforeAll(async () => {
  await openBackend('webgpu')
  env().set('WEBGPU_CPU_FORWARD', false)
})

const wave = (length: number) => Float32Array.from({length}, (_, i) => Math.sin(i * 0.37) + (i % 7))

async function modelOf(archive: ReturnType<typeof memoryArchive>, settings = {}): Promise<LoadedModel> {
  const detection = detect(archive, settings)
  if (detection.family === null) throw new Error('nothing was recognised')
  return load(archive, detection)
}

/** The most bytes on the device during a run of one input, beyond what was there before. */
async function peakOf(model: LoadedModel, shape: readonly number[]): Promise<number> {
  const values = wave(shape.reduce((a, b) => a * b, 1))
  const samples = await model.arrange({dtype: 'f32', shape: [...shape], values}, {})
  expect(samples.count).toBe(1)
  const {memory, settle} = backendInForce().gpu!
  settle()
  memory.restart()
  const result = await model.run(samples, 0, 1)
  expect(result.density.every(Number.isFinite)).toBe(true)
  return memory.peak
}

describe('a run holds at most its input, its output and 64 MB on the device:', () => {
  it('the layer form on 24 layers of 262,144 features', async () => {
    const features = 262_144
    const archive = memoryArchive({
      state_dict: {
        mean_offset: tensor([1, features], wave(features)),
        c: tensor([1, features], new Float32Array(features).fill(2))
      }
    })
    const tensors = tensorMemory().numTensors
    const model = await modelOf(archive)
    const input = 24 * features * 4
    const peak = await peakOf(model, [1, 24, features])
    // Densities, standardised values and one deviation per feature.
    const output = 2 * input + features * 4
    expect(peak).toBeGreaterThan(input + output)
    expect(peak).toBeLessThanOrEqual(input + output + 64 * MB)
    model.dispose()
    expect(tensorMemory().numTensors).toBe(tensors)
  })

  it('a block on (24, 249, 1,024), of which only maps are kept', async () => {
    const fixture = (densityBlock as unknown as ModelFixture[])[0]!
    const tensors = tensorMemory().numTensors
    const model = await modelOf(archiveOf(fixture), fixture.settings)
    const input = 24 * 249 * 1024 * 4
    const peak = await peakOf(model, [1, 24, 249, 1024])
    expect(peak).toBeGreaterThan(input)
    // The attention's output is as large as its input.
    expect(peak).toBeLessThanOrEqual(2 * input + 64 * MB)
    model.dispose()
    expect(tensorMemory().numTensors).toBe(tensors)
  })
})
