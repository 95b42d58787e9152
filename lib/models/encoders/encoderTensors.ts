import {FormatError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {sameShape, shapeText, sizeOf, toFloat32} from '../shape'
import type {BlocksDescription, EncoderInput} from './description'

/** One tensor of an encoder, on our side of the device. */
export interface EncoderTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

export type EncoderTensors = Readonly<Record<string, EncoderTensor>>

/**
 * Reads every tensor that the description calls for. Throws FormatError naming the first that is absent or has another
 * shape. A dimension that the description leaves open (vocabulary, width of the MLP, channels between convolutions) is
 * taken from the file and must then agree.
 */
export async function readEncoderTensors(
  archive: TensorArchive,
  description: BlocksDescription
): Promise<EncoderTensors> {
  const entries = new Map(archive.entries.map((entry) => [entry.name, entry]))
  const found: Record<string, EncoderTensor> = {}
  const refused = (what: string) =>
    new FormatError(`${archive.source.name}: ${what}`, {title: 'Not an encoder that runs here'})
  const shapeOf = (name: string) => entries.get(name)?.shape
  for (const [name, needed] of neededBy(description, shapeOf)) {
    const shape = shapeOf(name)
    if (!shape) throw refused(`found no ${name}; needed one of ${shapeText(needed)}`)
    if (!sameShape(shape, needed))
      throw refused(`found ${name} of ${shapeText(shape)}; the description needs ${shapeText(needed)}`)
    const {values} = await archive.read(name)
    if (values.length !== sizeOf(shape)) throw refused(`${name} is cut short`)
    found[name] = {shape, values: toFloat32(values)}
  }
  return found
}

type Needed = readonly (readonly [name: string, shape: readonly number[]])[]

function neededBy(
  {input, blocks, features}: BlocksDescription,
  shapeOf: (name: string) => readonly number[] | undefined
) {
  const needed: (readonly [string, readonly number[]])[] = [...front(input, features, shapeOf)]
  for (let block = 0; block < blocks; block++) {
    const at = `blocks.${block}`
    const hidden = shapeOf(`${at}.mlp.0.weight`)?.[0] ?? 4 * features
    needed.push(
      [`${at}.norm1.weight`, [features]],
      [`${at}.norm1.bias`, [features]],
      [`${at}.qkv.weight`, [3 * features, features]],
      [`${at}.qkv.bias`, [3 * features]],
      [`${at}.out.weight`, [features, features]],
      [`${at}.out.bias`, [features]],
      [`${at}.norm2.weight`, [features]],
      [`${at}.norm2.bias`, [features]],
      [`${at}.mlp.0.weight`, [hidden, features]],
      [`${at}.mlp.0.bias`, [hidden]],
      [`${at}.mlp.2.weight`, [features, hidden]],
      [`${at}.mlp.2.bias`, [features]]
    )
  }
  return needed
}

function front(
  input: EncoderInput,
  features: number,
  shapeOf: (name: string) => readonly number[] | undefined
): Needed {
  const position = ['position', [shapeOf('position')?.[0] ?? 1, features]] as const
  if (input.kind === 'patches') {
    const {height, width, channels, patch} = input
    return [
      ['embed.weight', [features, channels * patch * patch]],
      ['embed.bias', [features]],
      ['position', [(height / patch) * (width / patch), features]]
    ]
  }
  if (input.kind === 'tokens')
    return [
      ['token.weight', [shapeOf('token.weight')?.[0] ?? 1, features]],
      ['position', [input.tokens, features]],
      ['embed_norm.weight', [features]],
      ['embed_norm.bias', [features]]
    ]
  let channels = input.mel.bands
  const convolutions = input.convolutions.flatMap((_, i): Needed => {
    const name = `conv${i + 1}`
    const last = i === input.convolutions.length - 1
    const [wide = features, , kernel = 3] = shapeOf(`${name}.weight`) ?? []
    const out = last ? features : wide
    const shapes: Needed = [
      [`${name}.weight`, [out, channels, kernel]],
      [`${name}.bias`, [out]]
    ]
    channels = out
    return shapes
  })
  return [...convolutions, position]
}
