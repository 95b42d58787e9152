import {access, constants, writeFile} from 'node:fs/promises'
import {dirname, resolve} from 'node:path'
import {ReaderError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {FileReport} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {ByteSource} from '@/lib/formats/source'
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
}

/** Runs one command line. Gives the exit status: 0, or 2 for an argument or a file that cannot be used. */
export async function main(words: readonly string[], streams: Streams): Promise<number> {
  try {
    await obey(parseArguments(words), streams)
    return 0
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error
    streams.error(`${error.message}\n`)
    return 2
  }
}

async function obey(command: Command, {out}: Streams): Promise<void> {
  switch (command.kind) {
    case 'help':
      return out(help)
    case 'version':
      return out(`${(await import('@/lib/engine/version')).version}\n`)
    case 'inspect':
      return out(`${await inspection(command)}\n`)
    case 'explain':
      return out(`${await explained(command)}\n`)
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

async function explained(command: ExplainCommand): Promise<string> {
  const {explain} = await import('@/lib/engine/story')
  const {openBackend} = await import('@/lib/models/backend')
  const {inputSource} = await import('./inputSource')
  const {explanationText} = await import('./explanationText')
  const {sliceRecord} = await import('./arrays')

  for (const path of [command.npz, command.json]) if (path !== null) await checkFolder(path)
  const {checkpoint, rest} = await checkpointAt(command.checkpoint, command.inputs)
  const inputs: ByteSource[] = []
  for (const path of rest) inputs.push(await (isAddress(path) ? addressSource(path) : inputSource(path)))
  await openBackend(command.backend)

  const record = sliceRecord()
  const request = {checkpoint, inputs, settings: command.settings, classes: command.classes ?? undefined}
  const outcome = await explain(request, command.npz === null ? {} : {onSlice: record.take})
  if (outcome.kind === 'unrecognised') throw unrecognised(outcome.report)
  if (outcome.kind === 'ask') throw ambiguous(outcome.question)
  outcome.dispose()
  if (command.npz !== null) await write(command.npz, await npzOf(outcome.explanation, record))
  if (command.json !== null) await write(command.json, await jsonOf(outcome.explanation))
  return explanationText(outcome.explanation)
}

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
