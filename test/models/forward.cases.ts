import {memory} from '@tensorflow/tfjs-core'
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {type BackendName, backendInForce, openBackend} from '@/lib/models/backend'
import {detect, load} from '@/lib/models/detect'
import type {LoadedModel, RunResult, Samples} from '@/lib/models/family'
import additiveDensity from '../fixtures/models/additiveDensity.json' with {type: 'json'}
import clampedDensity from '../fixtures/models/clampedDensity.json' with {type: 'json'}
import densityBlock from '../fixtures/models/densityBlock.json' with {type: 'json'}
import densityGate from '../fixtures/models/densityGate.json' with {type: 'json'}
import groupedLayerDensity from '../fixtures/models/groupedLayerDensity.json' with {type: 'json'}
import layerDensity from '../fixtures/models/layerDensity.json' with {type: 'json'}
import layerWeights from '../fixtures/models/layerWeights.json' with {type: 'json'}
import {archiveOf, expectClose, inputOf, type ModelFixture, type Packed} from './fixtures'

const others = {
  'additive density attention': additiveDensity,
  'density block in clamped log space': clampedDensity,
  'density gate': densityGate,
  'density attention over layers with grouped-query attention': groupedLayerDensity,
  'scalar layer weights': layerWeights
}

interface Bench {
  readonly wasmPaths?: string
  /** Spoils whatever a broken kernel could mistake for its own answer. Called between two runs of the same input. */
  readonly poison?: () => void
  readonly setUp?: () => void
}

/** The same models on any backend, held to float64: 1e-4 relative or 1e-5 absolute, whichever is wider. */
export function forwardCases(backend: BackendName, {wasmPaths, poison, setUp}: Bench = {}): void {
  describe(`on ${backend}`, () => {
    beforeAll(async () => {
      await openBackend(backend, wasmPaths === undefined ? {} : {wasmPaths})
      setUp?.()
    })

    let before = 0
    beforeEach(() => {
      expect(backendInForce().report.name).toBe(backend)
      before = memory().numTensors
    })
    afterEach(() => {
      expect(memory().numTensors - before, 'tensors left behind').toBe(0)
    })

    describe('density attention over layers', () => {
      for (const fixture of layerDensity as unknown as ModelFixture[])
        it(fixture.name, async () => {
          await withModel(fixture, async (model, samples) => {
            const result = await runTwice(model, samples, poison)
            expectClose('density', result.density, fixture.expected.density)
            expectClose('standardised', result.standardised, fixture.expected.standardised!)
            expectClose('deviation', result.deviation, fixture.expected.deviation!)
            if (fixture.expected.logits) expectClose('logits', result.logits, fixture.expected.logits)
            else expect(result.logits).toBeNull()
            const untrained = model.untrained()
            expectClose(
              'untrained',
              (await untrained.run(samples, 0, samples.count)).density,
              fixture.expected.untrained!
            )
            untrained.dispose()
            // The model outlives its untrained twin.
            expectClose('density', (await model.run(samples, 0, samples.count)).density, fixture.expected.density)
          })
        })
    })

    describe('density block', () => {
      for (const fixture of densityBlock as unknown as ModelFixture[])
        it(fixture.name, async () => {
          await withModel(fixture, async (model, samples) => {
            const result = await runTwice(model, samples, poison)
            expectClose('density', result.density, fixture.expected.density)
            expectClose('standardised', result.standardised, fixture.expected.standardised!)
            expectClose('deviation', result.deviation, fixture.expected.deviation!)
            expectDetails(result, {
              output: fixture.expected.output!,
              ...Object.fromEntries(
                fixture.expected.attention!.map((values, layer) => [`attention.layer_${layer}`, values])
              )
            })
            if (fixture.expected.logits) expectClose('logits', result.logits, fixture.expected.logits)
          })
        })
    })

    for (const [title, fixtures] of Object.entries(others))
      describe(title, () => {
        for (const fixture of fixtures as unknown as ModelFixture[])
          it(fixture.name, async () => {
            await withModel(fixture, async (model, samples) => {
              const {expected} = fixture
              const result = await runTwice(model, samples, poison)
              expectClose('density', result.density, expected.density)
              // Scalar weights standardise nothing.
              if (expected.standardised) expectClose('standardised', result.standardised, expected.standardised)
              if (expected.deviation) expectClose('deviation', result.deviation, expected.deviation)
              if (expected.weights) expectClose('weights', model.own?.density, expected.weights)
              if (expected.logits) expectClose('logits', result.logits, expected.logits)
              else expect(result.logits).toBeNull()
              expectDetails(result, expected.details!)
              const untrained = model.untrained()
              const twin = await untrained.run(samples, 0, samples.count)
              untrained.dispose()
              expectClose('untrained', twin.density, expected.untrained!)
            })
          })
      })

    it('gives the same numbers one input at a time', async () => {
      const fixture = layerDensity[0] as unknown as ModelFixture
      await withModel(fixture, async (model, samples) => {
        const whole = await model.run(samples, 0, samples.count)
        const size = whole.density.length / samples.count
        for (let i = 0; i < samples.count; i++) {
          const one = await model.run(samples, i, i + 1)
          expect(one.density.length).toBe(size)
          for (const [cell, value] of one.density.entries())
            expect(value).toBeCloseTo(whole.density[i * size + cell]!, 6)
        }
      })
    })
  })
}

function expectDetails({details}: RunResult, expected: Readonly<Record<string, Packed>>): void {
  expect(details?.map(({name}) => name)).toEqual(Object.keys(expected))
  for (const {name, shape, values} of details ?? []) {
    const wanted = expected[name]!
    expect(shape, `${name}: shape of one input`).toEqual(wanted.shape.slice(wanted.shape.length - shape.length))
    expectClose(name, values, wanted)
  }
}

async function withModel(fixture: ModelFixture, use: (model: LoadedModel, samples: Samples) => Promise<void>) {
  const archive = archiveOf(fixture)
  const detection = detect(archive, fixture.settings)
  if (detection.family === null) throw new Error('nothing was recognised')
  const model = await load(archive, detection)
  await use(model, await model.arrange(inputOf(fixture), fixture.settings))
  model.dispose()
}

async function runTwice(model: LoadedModel, samples: Samples, poison?: () => void): Promise<RunResult> {
  const first = await model.run(samples, 0, samples.count, {details: true})
  if (!poison) return first
  poison()
  return model.run(samples, 0, samples.count, {details: true})
}
