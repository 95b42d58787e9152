import {access, constants, writeFile} from 'node:fs/promises'
import {dirname, resolve} from 'node:path'
import {CancelledError, ReaderError} from '@/lib/core/errors'
import {bytes, plural} from '@/lib/core/number'
import type {FileReport, Progress} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {OpenQuestion} from '@/lib/models/family'
import {addressSource, isAddress} from './addressSource'
import {type Command, type ExplainCommand, type InspectCommand, parseArguments} from './arguments'
import type {SliceRecord} from './arrays'
import type {CheckpointSource} from './checkpointSource'
import {help} from './help'

/** Where a command writes: standard output and standard error, or a test's. */
export interface Streams {
  readonly out: (text: string) => void
  readonly error: (text: string) => void
  /** Shows one line in the place of the one before, or none; only on a terminal. */
  readonly line?: ((text: string) => void) | undefined
}

/**
 * Runs one command line. Gives the exit status: 0, 2 for an argument or a file that cannot be used, 130 once `signal`
 * is aborted.
 */
export async function main(words: readonly string[], streams: Streams, signal?: AbortSignal): Promise<number> {
  try {
    await obey(parseArguments(words), streams, signal)
    return 0
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

async function obey(command: Command, streams: Streams, signal: AbortSignal | undefined): Promise<void> {
  const {out} = streams
  switch (command.kind) {
    case 'help':
      return out(help)
    case 'version':
      return out(`${(await import('@/lib/engine/version')).version}\n`)
    case 'inspect':
      return out(`${await inspection(command)}\n`)
    case 'explain':
      return out(`${await explained(command, streams, signal)}\n`)
  }
}

// Everything below this line is loaded only once the arguments are understood: TensorFlow.js takes a while.

async function inspection({checkpoint: path, parts}: InspectCommand): Promise<string> {
  const {inspect} = await import('@/lib/engine/fileReport')
  const {inspectionText} = await import('./inspectionText')
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

  for (const path of [command.npz, command.json]) if (path !== null) await checkFolder(path)
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
  if (outcome.kind === 'unrecognised') throw unrecognised(outcome.report)
  if (outcome.kind === 'ask') throw ambiguous(outcome.question)
  outcome.dispose()
  if (command.npz !== null) await write(command.npz, await npzOf(outcome.explanation, record))
  if (command.npz !== null && record.tooMany()) {
    const left = `sample_density and what the module computed for each input take more than ${bytes(mostRecorded)}`
    error(`density-lens: ${left} and are left out of ${command.npz}; all else is in it\n`)
  }
  if (command.json !== null) await write(command.json, await jsonOf(outcome.explanation))
  return explanationText(outcome.explanation)
}

/** Bytes of single inputs' arrays that an NPZ may hold; the file itself ends at 4 GB. */
const mostRecorded = 2e9

async function checkpointAt(place: string, others: readonly string[]): Promise<CheckpointSource> {
  if (isAddress(place)) return {checkpoint: await addressSource(place), rest: others}
  const {checkpointSource} = await import('./checkpointSource')
  return checkpointSource(place, others)
}

async function npzOf(explanation: Explanation, record: SliceRecord): Promise<Uint8Array> {
  const {npzBytes} = await import('@/lib/formats/npzBytes')
  const {explanationArrays} = await import('./arrays')
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

function unrecognised({name, entries, detection}: FileReport): ReaderError {
  const needs = detection.family === null ? [...detection.lookedFor, detection.nearest ?? ''] : []
  const clauses = needs.filter((clause) => clause !== '').map((clause) => clause.replace(/\.$/, ''))
  const found = `${name}: found ${plural(entries.length, 'tensor')} but no density attention`
  return new ReaderError('Nothing recognised', [found, ...clauses].join('; '))
}

const ambiguous = ({text}: OpenQuestion) =>
  new ReaderError('Say which', `${text}; needed --layout batch or --layout time to tell them apart.`)
