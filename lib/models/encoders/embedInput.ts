import {add, conv1d, pad, reshape, type Tensor, type Tensor3D, tensor3d, transpose} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import {joinedValues} from '@/lib/core/joinedValues'
import {shapeText} from '../shape'
import type {BlocksDescription, EncoderInput} from './description'
import type {EncoderTensors} from './encoderTensors'
import {frameCount} from './logMel'
import {soundFrames} from './soundFrames'
import {gelu, layerNorm, linear, type Weights} from './transformerBlock'

/** What goes in, on our side of the device. */
export type EncoderSample =
  /** Picture (channels, height, width), or sound (samples), in the description's own range and rate. */
  | {readonly values: Float32Array}
  /** Token ids; what is longer than the description allows is cut. */
  | {readonly ids: readonly number[]}

/** Samples as the first block takes them: (n, tokens, features), and what masks padding (n, 1, 1, tokens). */
export interface Embedded {
  readonly x: Tensor3D
  readonly mask: Tensor | null
  /** Tokens that count, per sample; null where all do. */
  readonly lengths: readonly number[] | null
}

/** Arranges samples on our side. Throws ShapeError for a picture or a sound of another size, or an unknown token. */
export function arrangeSamples(
  samples: readonly EncoderSample[],
  {input, features}: BlocksDescription,
  tensors: EncoderTensors
): Arranged {
  if (input.kind === 'tokens') return arrangeTokens(samples, input, features, tensors)
  const arranged = samples.map((sample) => {
    const values = 'values' in sample ? sample.values : null
    if (values && input.kind === 'waveform') return soundFrames(values, input)
    if (input.kind === 'patches' && values?.length === input.channels * input.height * input.width)
      return patches(values, input)
    throw new ShapeError(
      `the encoder takes ${neededText(input)}; found ${values ? `${values.length} values` : 'token ids'}`,
      'This input does not fit the encoder'
    )
  })
  const tokens =
    input.kind === 'patches'
      ? (input.height / input.patch) * (input.width / input.patch)
      : frameCount(input.samples, input.mel)
  return {
    count: samples.length,
    tokens,
    width: arranged[0]!.length / tokens,
    values: joinedValues(arranged),
    lengths: null
  }
}

/** Numbers ready to upload: (count, tokens, width). */
export interface Arranged {
  readonly count: number
  readonly tokens: number
  readonly width: number
  readonly values: Float32Array
  readonly lengths: readonly number[] | null
}

const neededText = (input: Exclude<EncoderInput, {kind: 'tokens'}>) =>
  input.kind === 'patches'
    ? `a picture of ${shapeText([input.channels, input.height, input.width])}`
    : `a sound of ${input.samples} samples at ${input.sampleRate} Hz`

/** What comes before the first block. Call inside tidy. */
export function embedInput(arranged: Arranged, {input, epsilon}: BlocksDescription, weights: Weights): Embedded {
  const {count, tokens, width, values, lengths} = arranged
  const given = tensor3d(values, [count, tokens, width])
  if (input.kind === 'patches') {
    const x = add(linear(given, weights('embed.weight'), weights('embed.bias')), weights('position')) as Tensor3D
    return {x, mask: null, lengths}
  }
  if (input.kind === 'tokens') {
    const x = layerNorm(given, weights('embed_norm.weight'), weights('embed_norm.bias'), epsilon)
    return {x, mask: lengths && paddingMask(lengths, tokens), lengths}
  }
  const convolved = input.convolutions.reduce<Tensor3D>((x, {stride, padding}, i) => {
    const kernel = transpose(weights(`conv${i + 1}.weight`) as Tensor3D, [2, 1, 0])
    // Padded here: conv1d would pad the axis that it adds, too.
    const padded = pad(x, [
      [0, 0],
      [padding, padding],
      [0, 0]
    ])
    return gelu(add(conv1d(padded, kernel, stride, 'valid'), weights(`conv${i + 1}.bias`)))
  }, given)
  return {x: add(convolved, weights('position')), mask: null, lengths}
}

/** One row per patch (channels · patch · patch), patches in reading order, as torch.nn.functional.unfold. */
function patches(picture: Float32Array, {height, width, channels, patch}: Extract<EncoderInput, {kind: 'patches'}>) {
  const found = new Float32Array(picture.length)
  let at = 0
  for (let top = 0; top < height; top += patch)
    for (let left = 0; left < width; left += patch)
      for (let channel = 0; channel < channels; channel++)
        for (let y = 0; y < patch; y++)
          for (let x = 0; x < patch; x++) found[at++] = picture[(channel * height + top + y) * width + left + x]!
  return found
}

function arrangeTokens(
  samples: readonly EncoderSample[],
  input: Extract<EncoderInput, {kind: 'tokens'}>,
  features: number,
  tensors: EncoderTensors
): Arranged {
  const table = tensors['token.weight']!
  const position = tensors.position!.values
  const vocabulary = table.shape[0]!
  const rows = samples.map((sample) => ('ids' in sample ? sample.ids.slice(0, input.tokens) : []))
  const lengths = rows.map((ids) => {
    if (ids.length > 0 && ids.every((id) => Number.isInteger(id) && id >= 0 && id < vocabulary)) return ids.length
    const found = ids.length === 0 ? 'none' : `${ids.find((id) => !(id >= 0 && id < vocabulary))}`
    throw new ShapeError(
      `the encoder takes token ids from 0 to ${vocabulary - 1}; found ${found}`,
      'This input does not fit the encoder'
    )
  })
  const tokens = Math.max(...lengths)
  const values = new Float32Array(rows.length * tokens * features)
  for (const [n, ids] of rows.entries())
    for (let t = 0; t < tokens; t++) {
      const from = (ids[t] ?? input.pad) * features
      for (let f = 0; f < features; f++)
        values[(n * tokens + t) * features + f] = table.values[from + f]! + position[t * features + f]!
    }
  return {
    count: rows.length,
    tokens,
    width: features,
    values,
    lengths: lengths.every((l) => l === tokens) ? null : lengths
  }
}

// Far below any score, and finite: a row of nothing else would otherwise be no number.
function paddingMask(lengths: readonly number[], tokens: number): Tensor {
  const values = new Float32Array(lengths.length * tokens)
  for (const [n, length] of lengths.entries()) values.fill(-1e9, n * tokens + length, (n + 1) * tokens)
  return reshape(tensor3d(values, [lengths.length, 1, tokens]), [lengths.length, 1, 1, tokens])
}
