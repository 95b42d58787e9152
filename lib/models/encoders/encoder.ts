import {
  concat,
  matMul,
  type NamedTensorMap,
  stack,
  type Tensor,
  type Tensor3D,
  tensor,
  tensor3d,
  tidy
} from '@tensorflow/tfjs-core'
import type {TensorArchive} from '@/lib/formats/archive'
import {onBackend} from '../backend'
import {kept} from '../kept'
import {readBack} from '../readBack'
import {type BlocksDescription, describedIn, type EncoderDescription} from './description'
import {type Arranged, arrangeSamples, type EncoderSample, embedInput} from './embedInput'
import {readEncoderTensors} from './encoderTensors'
import {melFront} from './melFront'
import {transformerBlock} from './transformerBlock'

export type {EncoderDescription, EncoderSample}

/** A frozen encoder on the backend in force. Tensors never leave this floor. */
export interface LoadedEncoder {
  readonly description: EncoderDescription
  /** Of what comes out for one sample: (layers, features), or (1, bands, frames). */
  readonly stateShape: readonly number[]
  /** Numbers in all tensors that run. */
  readonly parameters: number
  /**
   * What each block leaves, averaged over the tokens that count: (n, layers, features); the log mel frames where there
   * is no block: (n, 1, bands, frames). Throws ShapeError; ReaderError for a sound that is silent or no numbers.
   */
  states(samples: readonly EncoderSample[]): Promise<Float32Array>
  /** What each block leaves of one sample, token by token: (layers, tokens, features). Throws ShapeError. */
  hiddenStates(sample: EncoderSample): Promise<{readonly shape: readonly number[]; readonly values: Float32Array}>
  dispose(): void
}

/** Loads an encoder from an archive that describes itself. Throws FormatError for one that does not, or does not fit. */
export async function loadEncoder(archive: TensorArchive): Promise<LoadedEncoder> {
  const description = describedIn(archive)
  return description.states === 'log mel frames' ? melFront(description) : loadBlocks(archive, description)
}

async function loadBlocks(archive: TensorArchive, description: BlocksDescription): Promise<LoadedEncoder> {
  const numbers = await readEncoderTensors(archive, description)
  // Token embeddings are looked up on our side; only what is computed with goes to the device.
  const uploaded = Object.entries(numbers).filter(([name]) => name !== 'token.weight')
  const parameters = kept(
    (): NamedTensorMap =>
      Object.fromEntries(uploaded.map(([name, {shape, values}]) => [name, tensor(values, [...shape])]))
  )

  function blocks(arranged: Arranged): {readonly states: Tensor3D[]; readonly lengths: readonly number[] | null} {
    const tensors = parameters.tensors()
    const at = (prefix: string) => (name: string) => tensors[prefix + name]!
    const {x, mask, lengths} = embedInput(arranged, description, at(''))
    const states: Tensor3D[] = []
    for (let block = 0; block < description.blocks; block++)
      states.push(transformerBlock(states.at(-1) ?? x, at(`blocks.${block}.`), description, mask))
    return {states, lengths}
  }

  async function run(arranged: Arranged, of: (states: Tensor3D[], lengths: readonly number[] | null) => Tensor) {
    return onBackend(async () => {
      const result = tidy(() => {
        const {states, lengths} = blocks(arranged)
        return of(states, lengths)
      })
      const {shape} = result
      const {values} = await readBack({values: result})
      return {shape, values}
    })
  }

  return {
    description,
    stateShape: [description.blocks, description.features],
    parameters: Object.values(numbers).reduce((total, {values}) => total + values.length, 0),
    async states(samples) {
      if (samples.length === 0) return new Float32Array(0)
      const arranged = arrangeSamples(samples, description, numbers)
      const {values} = await run(arranged, (states, lengths) => {
        const shares = tokenShares(states[0]!.shape, lengths)
        return concat(
          states.map((state) => matMul(shares, state)),
          1
        )
      })
      return values
    },
    async hiddenStates(sample) {
      const {values, shape} = await run(arrangeSamples([sample], description, numbers), (states) => stack(states, 1))
      return {shape: shape.slice(1), values}
    },
    dispose: () => parameters.dispose()
  }
}

/** (n, 1, tokens): what each token counts in its sample's mean. */
function tokenShares([n, tokens]: Tensor3D['shape'], lengths: readonly number[] | null): Tensor3D {
  const shares = new Float32Array(n * tokens)
  for (let i = 0; i < n; i++) {
    const count = lengths?.[i] ?? tokens
    shares.fill(1 / count, i * tokens, i * tokens + count)
  }
  return tensor3d(shares, [n, 1, tokens])
}
