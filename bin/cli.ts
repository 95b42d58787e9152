import {access, constants, writeFile} from 'node:fs/promises'
import {dirname, resolve} from 'node:path'
import {CancelledError, ReaderError} from '@/lib/core/errors'
import {bytes} from '@/lib/core/number'
import type {Progress} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {type Command, type ExplainCommand, type InspectCommand, parseArguments} from './arguments'
import type {SliceRecord} from './arrays'
import {help} from './help'
import type {Streams} from './streams'

/**
 * Runs one command line. Gives the exit status: 0, 2 for an argument or a file that cannot be used, 3 for an explanation
 * that is not reproduced, 130 once `signal` is aborted.
 */
export async function main(words: readonly string[], streams: Streams, signal?: AbortSignal): Promise<number> {
  try {
    return await obey(parseArguments(words), streams, signal)
  } catch (error) {
    streams.line?.('')
    if (error instanceof CancelledError) {
      streams.error('density-lens: stopped; nothing was written\n')
      return 130
    }
    if (!(error instanceof ReaderError)) throw error
    streams.error(`${error.message}\n`)
    return 2
  }
}

async function obey(command: Command, streams: Streams, signal: AbortSignal | undefined): Promise<number> {
  const {out} = streams
  switch (command.kind) {
    case 'help':
      out(help)
      return 0
    case 'version':
      out(`${(await import('@/lib/engine/version')).version}\n`)
      return 0
    case 'inspect':
      out(`${await inspection(command)}\n`)
      return 0
    case 'explain':
      out(`${await explained(command, streams, signal)}\n`)
      return 0
    case 'watch':
      await (await import('./watch')).watched(command, streams, signal)
      return 0
    case 'share':
      out(`${await (await import('./share')).shared(command, streams)}\n`)
      return 0
    case 'verify': {
      const {text, same} = await (await import('./verify')).verified(command, streams, signal)
      out(`${text}\n`)
      return same ? 0 : 3
    }
  }
}

// Everything below this line is loaded only once the arguments are understood: TensorFlow.js takes a while.

async function inspection({checkpoint: path, parts}: InspectCommand): Promise<string> {
  const {inspect} = await import('@/lib/engine/fileReport')
  const {inspectionText} = await import('./inspectionText')
  const {checkpointAt} = await import('./checkpointAt')
  const {checkpoint, rest} = await checkpointAt(path, parts)
  if (rest[0] !== undefined) {
    throw new ReaderError(
      'Usage',
      `density-lens: inspect was given ${rest[0]} beside ${path}; needed one checkpoint, or an index and its shards`
    )
  }
  return inspectionText(await inspect(checkpoint))
}

async function explained(command: ExplainCommand, {error, line}: Streams, signal?: AbortSignal): Promise<string> {
  const {explain} = await import('@/lib/engine/story')
  const {openBackend} = await import('@/lib/models/backend')
  const {inputSources} = await import('./inputSources')
  const {explanationText} = await import('./explanationText')
  const {sliceRecord} = await import('./arrays')
  const {paceText} = await import('@/lib/engine/paceText')
  const {checkpointAt} = await import('./checkpointAt')
  const {refusalOf} = await import('./refusal')

  const {npz, json, record: recordPath, csv, html} = command
  for (const path of [npz, json, recordPath, csv, html]) if (path !== null) await checkFolder(path)
  const {checkpoint, rest} = await checkpointAt(command.checkpoint, command.inputs)
  const inputs = await inputSources(rest, command.checkpoint)
  await openBackend(command.backend)

  const record = sliceRecord(mostRecorded)
  const request = {checkpoint, inputs, settings: command.settings, classes: command.classes ?? undefined}
  // A narrow terminal cuts the line's end, so what one waits for stands first.
  const onProgress =
    line && ((progress: Progress) => line([paceText(progress), progress.text].filter(Boolean).join(': ')))
  const onSlice = command.npz === null ? undefined : record.take
  const outcome = await explain(request, {signal, onProgress, onSlice})
  line?.('')
  if (outcome.kind !== 'explained') throw refusalOf(outcome)
  outcome.dispose()
  if (command.npz !== null) await write(command.npz, await npzOf(outcome.explanation, record))
  if (command.npz !== null && record.tooMany()) {
    const left = `sample_density and what the module computed for each input take more than ${bytes(mostRecorded)}`
    error(`density-lens: ${left} and are left out of ${command.npz}; all else is in it\n`)
  }
  if (command.json !== null) await write(command.json, await jsonOf(outcome.explanation))
  if (command.record !== null) {
    const {recordOf} = await import('./records')
    await write(command.record, await recordOf(outcome.explanation, command.names))
  }
  if (csv !== null || html !== null) {
    const {pageOf, tablesOf} = await import('./exports')
    if (csv !== null) await write(csv, await tablesOf(outcome.explanation, csv, command.names))
    if (html !== null) await write(html, await pageOf(outcome.explanation, command.names))
  }
  return explanationText(outcome.explanation)
}

/** Bytes of single inputs' arrays that an NPZ may hold; the file itself ends at 4 GB. */
const mostRecorded = 2e9

async function npzOf(explanation: Explanation, record: SliceRecord): Promise<Uint8Array> {
  const {npzBytes} = await import('@/lib/formats/npzBytes')
  const {explanationArrays} = await import('@/lib/explain/arrays')
  return npzBytes([...explanationArrays(explanation), ...record.arrays()])
}

async function jsonOf(explanation: Explanation): Promise<string> {
  const {encodeExplanation} = await import('@/lib/explain/json')
  return encodeExplanation(explanation)
}

// Found out before the work rather than after it.
async function checkFolder(path: string): Promise<void> {
  await access(dirname(resolve(path)), constants.W_OK).catch(() => {
    throw new ReaderError('Cannot write', `${path}: its folder cannot be written to; needed one that exists.`)
  })
}

async function write(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(path, content).catch((error: NodeJS.ErrnoException) => {
    throw new ReaderError('Cannot write', `${path}: could not be written (${error.code}); needed a file that can.`)
  })
}
