import {memory} from '@tensorflow/tfjs-core'
import {beforeAll, describe, expect, it} from 'vitest'
import {type BackendName, openBackend} from '@/lib/models/backend'
import {type EncoderSample, loadEncoder} from '@/lib/models/encoders/encoder'
import encoders from '../../fixtures/encoders/encoders.json' with {type: 'json'}
import {memoryArchive, tensor} from '../../fixtures/memoryArchive'
import {expectClose, type Packed, unpack} from '../fixtures'

export interface EncoderFixture {
  readonly name: string
  readonly description: Readonly<Record<string, unknown>>
  readonly tensors: Readonly<Record<string, Packed>>
  readonly samples: readonly ({readonly values: Packed} | {readonly ids: readonly number[]})[]
  readonly hidden: Packed
  readonly states: Packed
}

export const fixtures = encoders as unknown as readonly EncoderFixture[]

/** The file as examples/transformer.py writes it. */
export const archiveOf = ({tensors, description}: Pick<EncoderFixture, 'tensors' | 'description'>) =>
  memoryArchive({
    ...Object.fromEntries(
      Object.entries(tensors).map(([name, packed]) => [name, tensor(packed.shape, unpack(packed))])
    ),
    __metadata__: {encoder: JSON.stringify(description)}
  })

const sampleOf = (sample: EncoderFixture['samples'][number]): EncoderSample =>
  'ids' in sample ? sample : {values: unpack(sample.values)}

/** Small random encoders on any backend against torch.nn.TransformerEncoderLayer in float64. */
export function encoderCases(backend: BackendName, wasmPaths?: string): void {
  describe(`encoders on ${backend}`, () => {
    beforeAll(async () => {
      await openBackend(backend, wasmPaths === undefined ? {} : {wasmPaths})
    })

    for (const fixture of fixtures)
      it(`${fixture.name}: all hidden states and their means are PyTorch's`, async () => {
        const before = memory().numTensors
        const encoder = await loadEncoder(archiveOf(fixture))
        const samples = fixture.samples.map(sampleOf)
        const {shape, values} = await encoder.hiddenStates(samples[0]!)
        expect(shape).toEqual(fixture.hidden.shape)
        expectClose('hidden states', values, fixture.hidden)
        expectClose('means', await encoder.states(samples), fixture.states)
        encoder.dispose()
        expect(memory().numTensors - before, 'tensors left behind').toBe(0)
      })
  })
}
