import {memory} from '@tensorflow/tfjs-core'
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {type BackendName, openBackend} from '@/lib/models/backend'
import {detect, load} from '@/lib/models/detect'
import type {LoadedModel, Samples} from '@/lib/models/family'
import deformableAudio from '../fixtures/models/deformableAudio.json' with {type: 'json'}
import {archiveOf, expectClose, inputOf, type ModelFixture, type Packed} from './fixtures'
import type {Bench} from './kernels/onEveryBackend'

interface DeformableFixture extends ModelFixture {
  readonly expected: ModelFixture['expected'] & {
    readonly measures: Readonly<Record<string, Packed>>
    readonly points?: {
      readonly row: number
      readonly column: number
      readonly query: number
      readonly reference: Packed
      readonly sampled: Packed
      readonly attention: Packed
    }
  }
}

const fixtures = deformableAudio as unknown as DeformableFixture[]

/** Deformable pyramids on any backend, held to PyTorch in float64: 1e-4 relative or 1e-5 absolute, whichever is wider. */
export function deformableCases(backend: BackendName, {poison, setUp}: Bench = {}): void {
  describe(`deformable pyramids on ${backend}`, () => {
    beforeAll(async () => {
      await openBackend(backend)
      setUp?.()
    })
    let before = 0
    beforeEach(() => {
      before = memory().numTensors
    })
    afterEach(() => {
      expect(memory().numTensors - before, 'tensors left behind').toBe(0)
    })

    for (const fixture of fixtures)
      it(fixture.name, async () => {
        await withModel(fixture, async (model, samples) => {
          const {expected} = fixture
          let result = await model.run(samples, 0, samples.count)
          if (poison) {
            poison()
            result = await model.run(samples, 0, samples.count)
          }
          expectClose('density', result.density, expected.density)
          expectClose('standardised', result.standardised, expected.standardised!)
          if (expected.logits) expectClose('logits', result.logits, expected.logits)
          else expect(result.logits).toBeNull()
          expect(result.measures?.map(({id}) => id)).toEqual(Object.keys(expected.measures))
          for (const {id, values} of result.measures!) expectClose(id, values, expected.measures[id]!)
          if (!expected.points) return
          const {row, column, query, reference, sampled, attention} = expected.points
          const points = await model.points!(samples, samples.count - 1, row, column)
          expect(points!.query).toBe(query)
          expectClose('reference', points!.reference, reference)
          expectClose('sampled', points!.sampled, sampled)
          expectClose('attention', points!.attention, attention)
        })
      })

    it('gives the same numbers one input at a time, and after inputs of another size', async () => {
      const fixture = fixtures[2]!
      await withModel(fixture, async (model, samples) => {
        const {density} = await model.run(samples, 0, 2)
        const other = await model.arrange({dtype: 'f32', shape: [1, 12, 16], values: noise(192)}, {})
        expect((await model.run(other, 0, 1)).density.length).toBe(3 * 4)
        const second = await model.run(samples, 1, 2)
        expect([...second.density]).toEqual([...density.subarray(density.length / 2)])
      })
    })

    it('begins anew from one seed: the twin draws another map, the same one every time, and predicts nothing', async () => {
      await withModel(fixtures[6]!, async (model, samples) => {
        const trained = await model.run(samples, 0, 1)
        const maps: Float32Array[] = []
        for (const _ of [0, 1]) {
          const twin = model.untrained()
          const {density, logits, measures} = await twin.run(samples, 0, 1)
          twin.dispose()
          maps.push(density)
          expect(logits).toBeNull()
          expect(density.every(Number.isFinite)).toBe(true)
          // Its adaptors are zeros yet.
          const adapted = measures!.find(({id}) => id === 'adaptor-shift')!.values
          expect([...adapted].map((value) => value || 0)).toEqual(
            [Number.NaN, 0, Number.NaN, 0].map((value) => value || 0)
          )
        }
        expect(maps[0]).toEqual(maps[1])
        expect(maps[0]).not.toEqual(trained.density)
      })
    })
  })
}

const noise = (length: number) => Float32Array.from({length}, (_, i) => Math.sin(i * i))

async function withModel(fixture: ModelFixture, use: (model: LoadedModel, samples: Samples) => Promise<void>) {
  const archive = archiveOf(fixture)
  const detection = detect(archive, fixture.settings)
  if (detection.family === null) throw new Error('nothing was recognised')
  const model = await load(archive, detection)
  await use(model, await model.arrange(inputOf(fixture), fixture.settings))
  model.dispose()
}
