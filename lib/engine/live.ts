import {ReaderError} from '@/lib/core/errors'
import {grid} from '@/lib/core/grid'
import {accumulator} from '@/lib/explain/accumulate'
import {layerImportances} from '@/lib/explain/importance'
import type {TensorValues} from '@/lib/formats/archive'
import {openArchive} from '@/lib/formats/openArchive'
import type {ByteSource} from '@/lib/formats/source'
import {detect, load} from '@/lib/models/detect'
import {type EncoderSample, type LoadedEncoder, loadEncoder} from '@/lib/models/encoders/encoder'
import {type LoadedTokenizer, loadTokenizer} from '@/lib/models/encoders/tokenizer'
import type {LoadedModel, Samples, SamplingPoints, Settings} from '@/lib/models/family'
import {throwIfAllRefused} from '@/lib/models/refusedInputs'
import type {EncoderFacts, LivePoints, LiveReading, LiveSample} from './protocol'

/** An encoder, and what cuts its texts. */
export interface LiveEncoder {
  readonly facts: EncoderFacts
  features(sample: Exclude<LiveSample, {kind: 'features'}>): Promise<{
    readonly features: TensorValues
    readonly tokens: readonly string[] | null
  }>
  dispose(): void
}

/** Opens an encoder from its file; `beside` finds the tokenizer that its description names. Throws FormatError. */
export async function openLiveEncoder(
  source: ByteSource,
  beside: (name: string) => Promise<ByteSource>
): Promise<LiveEncoder> {
  const encoder = await loadEncoder(await openArchive(source))
  const {description, parameters} = encoder
  let tokenizer: LoadedTokenizer | null = null
  if (description.input.kind === 'tokens') {
    const file = await beside(description.input.tokenizer)
    const bytes = await file.read(0, Math.min(file.size, largestTokenizer))
    tokenizer = await loadTokenizer(file.name, new TextDecoder().decode(bytes))
  }
  return {
    facts: {name: source.name, description, parameters},
    features: (sample) => encoded(encoder, tokenizer, sample),
    dispose: () => encoder.dispose()
  }
}

// A vocabulary of a quarter of a million words takes about 20 MB.
const largestTokenizer = 2 ** 26

async function encoded(
  encoder: LoadedEncoder,
  tokenizer: LoadedTokenizer | null,
  sample: Exclude<LiveSample, {kind: 'features'}>
) {
  const cut = sample.kind === 'text' ? tokenizer?.encode(sample.text) : null
  if (sample.kind === 'text' && !cut?.ids.length)
    throw new ReaderError('Nothing to read', 'Found no word in this text; needed one or more.')
  const given: EncoderSample = sample.kind === 'text' ? {ids: cut!.ids} : {values: sample.values}
  const values = await encoder.states([given])
  return {
    features: {dtype: 'f32', shape: encoder.stateShape, values} as const,
    tokens: cut?.tokens ?? null
  }
}

/** A model and its untrained twin, kept for one input after the other. */
export interface LiveModel {
  /** Reads one input. Throws ShapeError when it does not fit, ReaderError for several inputs at once. */
  read(features: TensorValues): Promise<Omit<LiveReading, 'tokens' | 'picture' | 'encoderMs'>>
  /**
   * Where the place under a column of the map looks, by row, in the input that was read last, which is all that is kept;
   * null where none was. Throws RangeError beyond the map.
   */
  points(rows: readonly number[], column: number): Promise<LivePoints | null>
  dispose(): void
}

/** Loads the module of a checkpoint with all that stands behind it. Throws ReaderError where there is none that runs. */
export async function openLiveModel(checkpoint: ByteSource, settings: Settings): Promise<LiveModel> {
  const archive = await openArchive(checkpoint)
  const found = detect(archive, settings)
  const model = found.family === null ? null : await load(archive, found, {running: true})
  if (model?.runs) return liveModel(model, settings)
  model?.dispose()
  throw new ReaderError(
    'Nothing to read with',
    `Found no module in ${checkpoint.name} that reads an input; needed one.`
  )
}

function liveModel(model: LoadedModel, settings: Settings): LiveModel {
  let twin: LoadedModel | null = null
  let last: Samples | null = null
  return {
    async read(features) {
      const began = performance.now()
      const samples = await model.arrange(features, settings)
      if (samples.count !== 1)
        throw new ReaderError('One at a time', `Found ${samples.count} inputs at once; a live reading needs one.`)
      throwIfAllRefused(samples)
      twin ??= model.untrained()
      const axes = model.axes(samples.sampleShape, samples.beside)
      const ran = await model.run(samples, 0, 1)
      const untrained = await twin.run(samples, 0, 1)
      // Nothing is resampled over one input: its cells need not be kept.
      const sums = accumulator(axes, {mapBudget: 0, classBudget: 0})
      sums.add(ran, untrained)
      const numbers = sums.read()
      const {headRows: _, ...named} = axes
      last = model.points ? samples : null
      return {
        density: grid(axes.rows, axes.cols, ran.density),
        untrained: grid(axes.rows, axes.cols, untrained.density),
        axes: named,
        layers: numbers ? layerImportances(numbers) : [],
        signal: numbers?.signal ?? null,
        logits: ran.logits && Array.from(ran.logits),
        modelMs: performance.now() - began
      }
    },
    async points(rows, column) {
      const samples = last
      if (!samples) return null
      const found: (SamplingPoints | null)[] = []
      for (const row of rows) found.push((await model.points?.(samples, 0, row, column)) ?? null)
      return found
    },
    dispose() {
      last = null
      twin?.dispose()
      model.dispose()
    }
  }
}
