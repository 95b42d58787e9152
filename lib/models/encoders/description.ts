import {FormatError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {encoderText} from './carriesEncoder'

/**
 * Log mel frames of a power spectrum, by the conventions of torchaudio's MelSpectrogram (`htk`, peak 1, centred,
 * mirrored by default) or of librosa's melspectrogram (`slaney`, `norm`, centred, `zeros`). Decibels are natural
 * logarithms with a `deviation` of ln(10) / 10.
 */
export interface MelSettings {
  /** Points of the Fourier transform. */
  readonly fft: number
  /** Samples of the periodic Hann window, centred in the transform; and samples between frames. */
  readonly window: number
  readonly hop: number
  readonly bands: number
  /** Hz of the lowest and the highest edge. */
  readonly low: number
  readonly high: number
  readonly scale: 'htk' | 'slaney'
  /** Each triangle is divided by half its width in Hz; without, its peak is 1. */
  readonly norm?: 'slaney'
  /** Whether frame 0 is centred on sample 0. */
  readonly center: boolean
  /** What lies beyond both ends of a centred sound; without, the sound mirrored. */
  readonly ends?: 'zeros'
  /** Least power before the natural logarithm. */
  readonly floor: number
  /** Taken away and divided by after the logarithm. */
  readonly mean: number
  readonly deviation: number
}

/** A sound as an encoder takes it: so many samples, and what is made of them first. */
export interface SoundInput {
  readonly kind: 'waveform'
  readonly sampleRate: number
  readonly samples: number
  readonly mel: MelSettings
  readonly convolutions: readonly {readonly stride: number; readonly padding: number}[]
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
  | SoundInput
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
export type EncoderDescription = BlocksDescription | FramesDescription

/** A transformer, which leaves the mean state of each of its blocks. */
export interface BlocksDescription {
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

/** No layer at all, for a model that reads spectrograms: the log mel frames are what comes out. */
export interface FramesDescription {
  readonly version: 1
  readonly input: SoundInput
  readonly blocks: 0
  /** How many frames come out: those beyond are cut, those that lack are silence. */
  readonly frames: number
  readonly states: 'log mel frames'
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
  if (given.states === 'log mel frames') {
    const {input} = given
    const bare = isRecord(input) && input.kind === 'waveform' && isInput(input) && isEmpty(input.convolutions)
    is('blocks', given.blocks === 0, '0 where log mel frames come out')
    is('frames', isCount(given.frames, 65_536), 'a count up to 65,536')
    is('input', bare, 'a waveform with its sizes and no convolutions')
    return given as unknown as EncoderDescription
  }
  is('norm', given.norm === 'pre' || given.norm === 'post', 'pre or post')
  is('activation', given.activation === 'gelu', 'gelu')
  is('epsilon', isPositive(given.epsilon), 'a number above 0')
  is(
    'states',
    given.states === 'mean over tokens after each block',
    'mean over tokens after each block, or log mel frames'
  )
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

function isMel(mel: Readonly<Record<string, unknown>>) {
  const {fft, window, hop, bands, low, high, scale, norm, center, ends, floor, mean, deviation} = mel
  return (
    isCount(fft, 65_536) &&
    isCount(window, fft) &&
    isCount(hop, 65_536) &&
    isCount(bands, 1024) &&
    typeof low === 'number' &&
    typeof high === 'number' &&
    low >= 0 &&
    high > low &&
    (scale === 'htk' || scale === 'slaney') &&
    (norm === undefined || norm === 'slaney') &&
    typeof center === 'boolean' &&
    (ends === undefined || ends === 'zeros') &&
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
const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0
const isRange = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]
const isFileName = (value: unknown) => typeof value === 'string' && /^[\w-][\w.-]{0,99}$/.test(value)

const refused = (name: string, what: string) =>
  new FormatError(`${name}: ${what}`, {title: 'Not an encoder that runs here'})
