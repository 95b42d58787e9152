import {FormatError, ReaderError} from '@/lib/core/errors'
import {explain} from '@/lib/engine/story'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import type {TensorArchive} from '@/lib/formats/archive'
import {fileSet} from '@/lib/formats/fileSet'
import {openArchive, readers} from '@/lib/formats/openArchive'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {CorpusCase} from './corpus'
import {inputsName} from './inputCase'
import '@/lib/models/averageTime'
import '@/lib/models/blockModel'
import '@/lib/models/deformableModel'
import '@/lib/models/gateModel'
import '@/lib/models/mixModel'
import '@/lib/models/stackedModel'
import '@/lib/models/stackedQuestion'

// What is loaded when it is asked for is no case's cost.
await Promise.all(Object.values(readers).map((load) => load()))

/** What became of one case, and what it cost. */
export interface Attempt {
  /**
   * The format's name when every tensor was read, what model was recognised in it, and how many inputs count; the
   * sentence when the file was refused, or what it holds; a mistake of ours otherwise.
   */
  readonly outcome: Outcome
  readonly cpuMs: number
  readonly bytesRead: number
  /** The most memory seen in use above what was in use before, and the largest buffer that was asked for, in bytes. */
  readonly memory: number
  readonly buffer: number
}

type Outcome =
  | {readonly read: string; readonly model: string; readonly inputs: number}
  | {readonly refused: string; readonly at: 'opening' | 'explaining'}
  | {readonly broken: string}

/** What a case may cost: a hang is a failure, and so is memory that the bytes read do not account for. */
export const mostCpuMs = 2000
export const mostMemory = (bytesRead: number) => 4 * bytesRead + 64e6

export interface AttemptOptions {
  /**
   * What this process holds at most is measured, as the system sees it. Only in a process of its own; otherwise what is
   * in use is looked at whenever something is read, litter included, which may only suspect.
   */
  readonly alone?: boolean
  /** Whether every tensor of the file is read, used by a model or not. Default true. */
  readonly reading?: boolean
  /** What is tried; a test of the fuzzer itself puts something bad here. */
  readonly open?: (source: ByteSource) => Promise<TensorArchive>
}

/** Opens the files, reads every tensor in them, and explains the model they hold, with every cost counted. */
export async function attempt(
  files: CorpusCase,
  {alone = false, reading = true, open = openArchive}: AttemptOptions = {}
): Promise<Attempt> {
  const inUse = alone ? peak : heldNow
  const before = alone ? process.memoryUsage.rss() + ownRoom : heldNow()
  let memory = 0
  let bytesRead = 0
  const look = () => {
    memory = Math.max(memory, inUse() - before)
  }
  const cpu = process.cpuUsage()
  largestBuffer = 0
  const sources = files.map(({name, bytes}) =>
    watched(memorySource(bytes, name), (length) => {
      bytesRead += length
      look()
    })
  )
  const inputs = sources.filter(({name}) => name === inputsName)
  const others = sources.filter((source) => !inputs.includes(source))
  const source = others.length === 1 ? others[0]! : fileSet(others)
  const outcome = await outcomeOf(source, {reading, open, inputs})
  look()
  const {user, system} = process.cpuUsage(cpu)
  return {outcome, cpuMs: (user + system) / 1000, bytesRead, memory, buffer: largestBuffer}
}

async function outcomeOf(
  source: ByteSource,
  {reading, open, inputs}: Required<Pick<AttemptOptions, 'reading' | 'open'>> & {readonly inputs: readonly ByteSource[]}
): Promise<Outcome> {
  let at: 'opening' | 'explaining' = 'opening'
  try {
    const archive = await open(source)
    if (reading) for (const {name} of archive.entries) await archive.read(name)
    at = 'explaining'
    return {read: archive.format, ...(await modelIn(source, inputs))}
  } catch (error) {
    if (!(error instanceof ReaderError)) return {broken: error instanceof Error ? String(error.stack) : String(error)}
    const {message} = error
    // What is wrong with a file is said of a part of it, which comes first.
    const isSentence = (error instanceof FormatError ? /^.+: .+/s : /^.+ .+/s).test(message) && message.length < 600
    return isSentence ? {refused: message, at} : {broken: `this is no sentence: ${message.slice(0, 200)}`}
  }
}

/** The family that was recognised, and explained as far as that goes with these inputs, or none. */
async function modelIn(checkpoint: ByteSource, inputs: readonly ByteSource[]) {
  // Nothing runs without inputs; an explanation only says where it would.
  await openBackend('cpu')
  const outcome = await explain({checkpoint, inputs, settings: {}})
  if (outcome.kind === 'explained') {
    checkCounts(outcome.explanation)
    // What is explained can be written and read again, whatever the numbers are.
    const text = encodeExplanation(outcome.explanation)
    if (encodeExplanation(decodeExplanation(text)) !== text) throw new Error('the explanation is not what was written')
    outcome.dispose()
  }
  return {
    model: outcome.report.detection.family ?? 'no model',
    inputs: outcome.kind === 'explained' ? outcome.explanation.provenance.samples : 0
  }
}

/** Whatever is left out is said. */
function checkCounts({provenance, samples, caveats}: Explanation): void {
  const said = caveats.some(({id}) => id === 'not-finite')
  if (provenance.maps === 'inputs' && said !== provenance.samples < samples.length)
    throw new Error(`${provenance.samples} of ${samples.length} inputs count, and the caveats do not say so`)
}

function watched(source: ByteSource, onRead: (length: number) => void): ByteSource {
  return {
    ...source,
    async read(offset, length) {
      const bytes = await source.read(offset, length)
      onRead(length)
      return bytes
    }
  }
}

// What compiling and collecting take beside the values themselves, in a process with a small young generation.
const ownRoom = 24e6

const peak = () => 1024 * process.resourceUsage().maxRSS

function heldNow(): number {
  const {heapUsed, external} = process.memoryUsage()
  return heapUsed + external
}

let largestBuffer = 0

/** From now on every buffer that is asked for is seen, also one that is let go at once. For a process of the fuzzer's own. */
export function watchBuffers(): void {
  const world = globalThis as unknown as Record<string, new (...args: unknown[]) => {byteLength: number}>
  const names = [
    'ArrayBuffer',
    ...['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64', 'BigInt64', 'BigUint64'].map(
      (kind) => `${kind}Array`
    )
  ]
  for (const name of names) {
    world[name] = new Proxy(world[name]!, {
      construct(target, args, newTarget) {
        const made = Reflect.construct(target, args, newTarget)
        largestBuffer = Math.max(largestBuffer, made.byteLength)
        return made
      }
    })
  }
}

/** Why an attempt is a failure; null when it is none. */
export function failureOf({outcome, cpuMs, bytesRead, memory, buffer}: Attempt): string | null {
  if ('broken' in outcome) return outcome.broken
  if (cpuMs > mostCpuMs) return `took ${Math.round(cpuMs)} ms of processor time; at most ${mostCpuMs} are allowed`
  const most = mostMemory(bytesRead)
  const used = Math.max(memory, buffer)
  return used > most ? `used ${used} bytes of memory after reading ${bytesRead}; at most ${most} are allowed` : null
}
