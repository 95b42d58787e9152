import {memory} from '@tensorflow/tfjs-core'
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import type {TensorValues} from '@/lib/formats/archive'
import {type BackendName, backendInForce, openBackend} from '@/lib/models/backend'
import {detect, load} from '@/lib/models/detect'
import type {LoadedModel, RunResult, Samples} from '@/lib/models/family'
import stackedLatent from '../fixtures/models/stackedLatent.json' with {type: 'json'}
import stackedQuestions from '../fixtures/models/stackedQuestions.json' with {type: 'json'}
import {archiveOf, expectClose, inputOf, type ModelFixture, type Packed, unpack} from './fixtures'

type Measured = Readonly<Record<string, Packed>>

/** A fixture of test/reference/stacked_latent.py, or of stacked_questions.py. */
type StackedFixture = Omit<ModelFixture, 'expected'> & {
  readonly beside: Measured
  readonly expected: ModelFixture['expected'] & {
    readonly measures: Measured
    readonly untrainedMeasures: Measured
    /** What the question encoder gives, where words are the question. */
    readonly question?: Packed
  }
}

export const stackedFixtures = [...stackedLatent, ...stackedQuestions] as unknown as readonly StackedFixture[]

interface Bench {
  readonly wasmPaths?: string
  readonly poison?: () => void
  readonly setUp?: () => void
}

export function besideOf({beside}: StackedFixture): ReadonlyMap<string, TensorValues> {
  return new Map(
    Object.entries(beside).map(([name, packed]) => [name, {dtype: 'f32', shape: packed.shape, values: unpack(packed)}])
  )
}

export async function loadStacked(fixture: StackedFixture): Promise<LoadedModel> {
  const archive = archiveOf(fixture)
  const detection = detect(archive, fixture.settings)
  if (detection.family === null) throw new Error('nothing was recognised')
  return load(archive, detection, {running: true})
}

/** Stacks of attention on any backend, gradients included, held to PyTorch in float64. */
export function stackedCases(backend: BackendName, {wasmPaths, poison, setUp}: Bench = {}): void {
  describe(`stacked attention on ${backend}`, () => {
    let before = 0
    beforeAll(async () => {
      await openBackend(backend, wasmPaths === undefined ? {} : {wasmPaths})
      setUp?.()
    })
    beforeEach(() => {
      expect(backendInForce().report.name).toBe(backend)
      before = memory().numTensors
    })
    afterEach(() => expect(memory().numTensors - before, 'tensors left behind').toBe(0))

    for (const fixture of stackedFixtures)
      it(`gives what PyTorch gives: ${fixture.name}`, async () => {
        const model = await loadStacked(fixture)
        await runOf(model, await model.arrange(inputOf(fixture), {}, besideOf(fixture)))
        // A broken kernel may find its right answer in a buffer of the run before.
        poison?.()
        const {expected} = fixture
        const samples = await model.arrange(inputOf(fixture), {}, besideOf(fixture))
        if (expected.question) expectClose('question', samples.beside![0]!.values, expected.question)
        const result = await runOf(model, samples)
        expectClose('density', result.density, expected.density)
        expectClose('standardised', result.standardised, expected.standardised!)
        expect(result.deviation.every((value) => value === 1)).toBe(true)
        if (expected.logits) expectClose('logits', result.logits, expected.logits)
        else expect(result.logits).toBeNull()
        expectMeasures(result, expected.measures)
        const untrained = model.untrained()
        const twin = await runOf(untrained, samples)
        untrained.dispose()
        expectClose('untrained', twin.density, expected.untrained!)
        expectMeasures(twin, expected.untrainedMeasures)
        model.dispose()
      })

    it('gives the same numbers one input at a time, and none of one that is not finite to its neighbours', async () => {
      const fixture = stackedFixtures.find(({name}) => name.includes('NaN'))!
      const model = await loadStacked(fixture)
      const samples = await model.arrange(inputOf(fixture), {}, besideOf(fixture))
      const whole = await runOf(model, samples)
      const size = whole.density.length / samples.count
      const finite = Array.from({length: samples.count}, (_, i) =>
        whole.density.subarray(i * size, (i + 1) * size).every(Number.isFinite)
      )
      expect(finite).toEqual([true, false, true])
      for (let i = 0; i < samples.count; i++) {
        const one = await model.run(samples, i, i + 1)
        for (const [cell, value] of one.density.entries()) {
          const wanted = whole.density[i * size + cell]!
          if (finite[i]) expect(value).toBeCloseTo(wanted, 6)
          else expect([value, wanted]).toEqual([Number.NaN, Number.NaN])
        }
      }
      model.dispose()
    })
  })
}

const runOf = (model: LoadedModel, samples: Samples): Promise<RunResult> => model.run(samples, 0, samples.count)

function expectMeasures({measures}: RunResult, expected: Measured): void {
  expect(measures?.map(({id}) => id)).toEqual(Object.keys(expected))
  for (const {id, values} of measures ?? []) expectClose(id, values, expected[id]!)
}
