import {ReaderError} from '@/lib/core/errors'
import {bytes, count, fixed, percent, plural, signed} from '@/lib/core/number'
import {waited} from '@/lib/core/waited'
import {type FollowedVersion, followVersions} from '@/lib/engine/followVersions'
import {explain} from '@/lib/engine/story'
import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import type {ByteSource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {WatchCommand} from './arguments'
import {inputSources} from './inputSources'
import {refusalOf} from './refusal'
import type {Streams} from './streams'
import {watchedInputs} from './watchedInputs'
import {watchedPath} from './watchedPath'

/**
 * Prints a line for every version of a checkpoint that is seen whole, and whenever inputs were written or appended, until
 * `signal` is aborted. Throws ReaderError when the file may not be read.
 */
export async function watched(
  command: WatchCommand,
  {out, error, line}: Streams,
  signal = new AbortController().signal
): Promise<void> {
  const file = watchedPath(command.checkpoint)
  await openBackend(command.backend)
  const inputs = watchedInputs(command.inputs, command.checkpoint)
  const files = inputs ? [file, inputs] : [file]
  let newest: FollowedVersion<ByteSource> | null = null
  let read = 0
  let missed = 0

  async function run(version: FollowedVersion<ByteSource>): Promise<void> {
    const before = await inputs?.stamp()
    const said = await lineOf(version, command, signal)
    const after = await inputs?.stamp()
    // Inputs that were written meanwhile may have been read half: once they are whole there is a run again.
    if (signal.aborted || before?.size !== after?.size || before?.modified !== after?.modified) return
    read++
    line?.('')
    out(`version ${count(read + missed)}, ${said}\n`)
  }

  await followVersions<ByteSource>({
    files: async () => files,
    signal,
    wait: (ms) => waited(ms, signal),
    onLook: (look) => {
      missed = look.missed
      const {writing} = look
      line?.(writing ? `${file.name}: ${writing.gone ? 'not there' : (writing.because ?? 'being written')}` : '')
    },
    onVersions: async (versions) => {
      newest = versions.find(({name}) => name === file.name) ?? newest
      if (newest && !signal.aborted) await run(newest)
    }
  })
  line?.('')
  const over = missed > 0 ? `, ${count(missed)} written over unread` : ''
  error(`density-lens: stopped after ${plural(read, 'version')}${over}\n`)
}

async function lineOf(
  {copy, stamp}: FollowedVersion<ByteSource>,
  {checkpoint: path, inputs: words, settings, classes}: WatchCommand,
  signal: AbortSignal
): Promise<string> {
  const size = bytes(stamp.size)
  try {
    const inputs = await inputSources(words, path)
    const outcome = await explain({checkpoint: copy, inputs, settings, classes: classes ?? undefined}, {signal})
    if (outcome.kind !== 'explained') throw refusalOf(outcome)
    outcome.dispose()
    return [...factsOf(outcome.explanation), size].join(', ')
  } catch (error) {
    // The next version may be better.
    if (error instanceof ReaderError) return `${size}: ${error.message}`
    if (signal.aborted) return ''
    throw error
  }
}

/** How many rows a line names. */
const named = 3

function factsOf({model, layers, axes, provenance}: Explanation): string[] {
  const row = axes?.rowName ?? 'row'
  const learned = layers.flatMap(({layer, untrained}) => (untrained ? [{layer, learned: untrained.learned}] : []))
  const most = learned.sort((a, b) => Math.abs(b.learned) - Math.abs(a.learned))[0]
  const {sha256} = provenance.checkpoint
  return [
    ...(model.epoch === null ? [] : [`epoch ${count(model.epoch)}`]),
    ...(model.accuracy === null ? [] : [`accuracy ${percent(model.accuracy)}`]),
    layers.length === 0 ? 'no importance' : `${row}s ${firstOf(layers)} first`,
    ...(provenance.maps === 'inputs' ? [plural(provenance.samples, 'input')] : []),
    ...(most ? [`most learned ${row} ${most.layer + 1} (${signed(most.learned, 4)})`] : []),
    ...(sha256 ? [`SHA-256 ${sha256.slice(0, 12)}`] : [])
  ]
}

const firstOf = (layers: readonly LayerImportance[]) =>
  [...layers]
    .sort((a, b) => a.rank - b.rank)
    .slice(0, named)
    .map(({layer, importance}) => `${layer + 1} (${fixed(importance, 3)})`)
    .join(', ')
