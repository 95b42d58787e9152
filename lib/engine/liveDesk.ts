import {ReaderError} from '@/lib/core/errors'
import type {ByteSource} from '@/lib/formats/source'
import type {LiveEncoder, LiveModel} from './live'
import {openableBeside} from './openable'
import type {EncoderFacts, ExplainRequest, LivePoints, LiveReading, LiveSample, Openable} from './protocol'

/** What reads one input after the other: the explained checkpoint's model, and the encoder that is open. */
export interface LiveDesk {
  /** Another checkpoint is explained now; its model is loaded with the first input. */
  explained(request: Pick<ExplainRequest, 'checkpoint' | 'settings'>): void
  openEncoder(encoder: Openable): Promise<EncoderFacts>
  /** Throws ReaderError without a checkpoint, or without an encoder for what needs one. */
  read(sample: LiveSample): Promise<LiveReading>
  /** Where the place under a column looks in these rows, of what was read last; null where nothing was. */
  points(rows: readonly number[], column: number): Promise<LivePoints | null>
}

// What was given with an encoder lies beside it.
function ownFile(openable: Openable): Openable {
  if (openable.kind !== 'set') return openable
  const {name, files} = openable
  return {kind: 'file', file: files.find((file) => file.name === name) ?? files[0]!}
}

export function liveDesk(sourceOf: (openable: Openable) => Promise<ByteSource>): LiveDesk {
  let request: Pick<ExplainRequest, 'checkpoint' | 'settings'> | null = null
  let model: LiveModel | null = null
  let encoder: LiveEncoder | null = null

  async function features(sample: LiveSample) {
    if (sample.kind === 'features') {
      const {shape, values} = sample
      return {features: {dtype: 'f32', shape, values} as const, tokens: null, ms: 0}
    }
    if (!encoder)
      throw new ReaderError('No encoder', `Found no encoder to read a ${sample.kind} with; needed one that is open.`)
    const began = performance.now()
    const encoded = await encoder.features(sample)
    return {...encoded, ms: performance.now() - began}
  }

  return {
    explained(next) {
      model?.dispose()
      model = null
      request = next
    },
    async openEncoder(openable) {
      const beside = async (name: string) => sourceOf(openableBeside(openable, name))
      const {openLiveEncoder} = await import('./live')
      const opened = await openLiveEncoder(await sourceOf(ownFile(openable)), beside)
      encoder?.dispose()
      encoder = opened
      return opened.facts
    },
    async read(sample) {
      if (!request) throw new ReaderError('No checkpoint', 'Found nothing explained; needed a checkpoint to read with.')
      const encoded = await features(sample)
      const [{openLiveModel}, {livePicture}] = await Promise.all([import('./live'), import('./livePicture')])
      model ??= await openLiveModel(await sourceOf(request.checkpoint), request.settings)
      const reading = await model.read(encoded.features)
      return {...reading, tokens: encoded.tokens, picture: livePicture(encoded.features), encoderMs: encoded.ms}
    },
    points: async (rows, column) => (await model?.points(rows, column)) ?? null
  }
}
