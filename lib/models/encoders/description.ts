import {FormatError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {encoderText} from './carriesEncoder'

/** Log mel frames, by the conventions of torchaudio's MelSpectrogram with `norm=None` and a power of 2. */
export interface MelSettings {
  /** Points of the Fourier transform; a power of two. */
  readonly fft: number
  /** Samples of the periodic Hann window, centred in the transform; and samples between frames. */
  readonly window: number
  readonly hop: number
  readonly bands: number
  /** Hz of the lowest and the highest edge. */
  readonly low: number
  readonly high: number
  readonly scale: 'htk' | 'slaney'
  /** Whether frame 0 is centred on sample 0, with the sound mirrored at both ends. */
  readonly center: boolean
  /** Least power before the natural logarithm. */
  readonly floor: number
  /** Taken away and divided by after the logarithm. */
  readonly mean: number
  readonly deviation: number
}

/** What an encoder takes. */
export type EncoderInput =
  | {
      readonly kind: 'patches'
      readonly height: number
      readonly width: number
      readonly channels: number
      /** Side of a square patch; values of the picture lie in `range`. */
      readonly patch: number
      readonly range: readonly [number, number]
    }
  | {
      readonly kind: 'waveform'
      readonly sampleRate: number
      readonly samples: number
      readonly mel: MelSettings
      readonly convolutions: readonly {readonly stride: number; readonly padding: number}[]
    }
  | {
      readonly kind: 'tokens'
      /** The tokenizer's file beside the encoder's. */
      readonly tokenizer: string
      /** Most tokens of one text. */
      readonly tokens: number
      /** Id that fills what is short. */
      readonly pad: number
    }

/** How to run an encoder: what its file carries as JSON under `encoder` in the safetensors metadata. */
export interface EncoderDescription {
  readonly version: 1
  readonly input: EncoderInput
  readonly blocks: number
  readonly features: number
  /** Heads of each block's self-attention. */
  readonly heads: number
  readonly norm: 'pre' | 'post'
  readonly activation: 'gelu'
  /** Of the layer norms. */
  readonly epsilon: number
  readonly states: 'mean over tokens after each block'
}

/** The description an encoder's file carries. Throws FormatError for a file without one, or with one we cannot run. */
export function describedIn(archive: TensorArchive): EncoderDescription {
  const {source} = archive
  const text = encoderText(archive)
  if (text === null)
    throw refused(source.name, 'found no description; needed one as JSON under `encoder` in the safetensors metadata')
  return checked(source.name, parsed(source.name, text))
}

function parsed(name: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch {
    // Said below: whatever is no object is no description.
  }
  throw refused(name, 'found a description that is no JSON object')
}

function checked(name: string, given: Readonly<Record<string, unknown>>): EncoderDescription {
  const is = (field: string, ok: boolean, needed: string) => {
    if (!ok) throw refused(name, `found ${field} ${JSON.stringify(given[field])?.slice(0, 80)}; needed ${needed}`)
  }
  is('version', given.version === 1, '1')
  is('norm', given.norm === 'pre' || given.norm === 'post', 'pre or post')
  is('activation', given.activation === 'gelu', 'gelu')
  is('epsilon', isPositive(given.epsilon), 'a number above 0')
  is('states', given.states === 'mean over tokens after each block', 'mean over tokens after each block')
  is('blocks', isCount(given.blocks, 512), 'a count up to 512')
  is('features', isCount(given.features, 65_536), 'a count up to 65,536')
  is('heads', isCount(given.heads, 1024) && Number(given.features) % Number(given.heads) === 0, 'a divisor of features')
  is('input', isRecord(given.input) && isInput(given.input), 'patches, a waveform or tokens with their sizes')
  return given as unknown as EncoderDescription
}

// Sizes are bounded because a file names them and memory follows.
function isInput(input: Readonly<Record<string, unknown>>): boolean {
  if (input.kind === 'patches') {
    const {height, width, channels, patch, range} = input
    const whole = isCount(patch, 1024) && Number(height) % Number(patch) === 0 && Number(width) % Number(patch) === 0
    return isCount(height, 4096) && isCount(width, 4096) && isCount(channels, 16) && whole && isRange(range)
  }
  if (input.kind === 'tokens')
    return isFileName(input.tokenizer) && isCount(input.tokens, 8192) && isCount(Number(input.pad) + 1, 2 ** 24)
  if (input.kind !== 'waveform') return false
  const {sampleRate, samples, mel, convolutions} = input
  return (
    isCount(sampleRate, 192_000) &&
    isCount(samples, 10_000_000) &&
    isRecord(mel) &&
    isMel(mel) &&
    Array.isArray(convolutions) &&
    convolutions.length <= 16 &&
    convolutions.every((each) => isRecord(each) && isCount(each.stride, 64) && isCount(Number(each.padding) + 1, 64))
  )
}

function isMel({fft, window, hop, bands, low, high, scale, center, floor, mean, deviation}: Record<string, unknown>) {
  return (
    isCount(fft, 65_536) &&
    Number.isInteger(Math.log2(fft)) &&
    isCount(window, fft) &&
    isCount(hop, 65_536) &&
    isCount(bands, 1024) &&
    typeof low === 'number' &&
    typeof high === 'number' &&
    low >= 0 &&
    high > low &&
    (scale === 'htk' || scale === 'slaney') &&
    typeof center === 'boolean' &&
    isPositive(floor) &&
    Number.isFinite(mean) &&
    isPositive(deviation)
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most
const isPositive = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0
const isRange = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]
const isFileName = (value: unknown) => typeof value === 'string' && /^[\w-][\w.-]{0,99}$/.test(value)

const refused = (name: string, what: string) =>
  new FormatError(`${name}: ${what}`, {title: 'Not an encoder that runs here'})
