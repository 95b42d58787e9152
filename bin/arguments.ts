import {ReaderError} from '@/lib/core/errors'
import type {Settings} from '@/lib/models/family'

export interface ExplainCommand {
  readonly kind: 'explain'
  readonly checkpoint: string
  readonly inputs: readonly string[]
  readonly npz: string | null
  readonly json: string | null
  /** Where to write the explanation as a link or a store holds it. */
  readonly record: string | null
  /** Where to write the ranking as CSV, or with a name that ends in .zip every table. */
  readonly csv: string | null
  /** Where to write one page that shows the figure offline. */
  readonly html: string | null
  /** Whether record, tables and page name files. */
  readonly names: boolean
  readonly backend: 'auto' | 'wasm' | 'cpu'
  readonly settings: Settings
  readonly classes: readonly string[] | null
}

export interface InspectCommand {
  readonly kind: 'inspect'
  readonly checkpoint: string
  /** Shards of it, where it is an index. */
  readonly parts: readonly string[]
}

export interface ShareCommand {
  readonly kind: 'share'
  /** A `.densitylens` file, or an explanation as JSON. */
  readonly record: string
  /** Whether the files that JSON names are named. */
  readonly names: boolean
  /** A server to store it on; null for a link that holds everything. */
  readonly to: string | null
  /** The app that the link leads to. */
  readonly at: string
}

export interface VerifyCommand {
  readonly kind: 'verify'
  /** A link, a `.densitylens` file, or an explanation as JSON. */
  readonly record: string
  readonly checkpoint: string
  readonly inputs: readonly string[]
  readonly backend: ExplainCommand['backend']
}

/** A checkpoint to explain again whenever it is rewritten. */
export type WatchCommand = {readonly kind: 'watch'} & Pick<
  ExplainCommand,
  'checkpoint' | 'inputs' | 'backend' | 'settings' | 'classes'
>

export type Command =
  | ExplainCommand
  | InspectCommand
  | WatchCommand
  | ShareCommand
  | VerifyCommand
  | {readonly kind: 'help'}
  | {readonly kind: 'version'}

/** What the words after `density-lens` ask for. Throws ReaderError, one sentence, for anything that is not understood. */
export function parseArguments(words: readonly string[]): Command {
  if (words.includes('--help') || words.includes('-h') || words.length === 0) return {kind: 'help'}
  if (words.includes('--version')) return {kind: 'version'}
  const [verb, ...rest] = words
  if (verb === 'explain') return explainCommand(rest)
  if (verb === 'inspect') return inspectCommand(rest)
  if (verb === 'share') return shareCommand(rest)
  if (verb === 'verify') return verifyCommand(rest)
  if (verb === 'watch') return watchCommand(rest)
  throw usage(`unknown command ${verb}; needed explain, inspect, watch, share or verify`)
}

function explainCommand(words: readonly string[]): ExplainCommand {
  const {options, files} = sorted(words, Object.keys(readers))
  const [checkpoint, ...inputs] = files
  if (checkpoint === undefined) throw usage('explain was given no file; needed a checkpoint')
  const given = (name: string) => options.get(name)
  return {
    kind: 'explain',
    checkpoint,
    inputs,
    npz: given('--npz') ?? null,
    json: given('--json') ?? null,
    record: given('--record') ?? null,
    csv: given('--csv') ?? null,
    html: given('--html') ?? null,
    names: namesOf(given('--names') ?? 'none'),
    backend: backendOf(given('--backend') ?? 'auto'),
    settings: Object.assign({}, ...[...options].map(([name, value]) => readers[name]!(value, name))) as Settings,
    classes: given('--classes')?.split(',') ?? null
  }
}

function inspectCommand(words: readonly string[]): InspectCommand {
  const {files} = sorted(words, [])
  const [checkpoint, ...parts] = files
  if (checkpoint === undefined) throw usage('inspect was given no file; needed a checkpoint')
  return {kind: 'inspect', checkpoint, parts}
}

function watchCommand(words: readonly string[]): WatchCommand {
  if (sorted(words, Object.keys(readers)).files.length === 0)
    throw usage('watch was given no file; needed a checkpoint')
  const {npz, json, record, csv, html, checkpoint, inputs, backend, settings, classes} = explainCommand(words)
  if ([npz, json, record, csv, html].some((path) => path !== null))
    throw usage('watch writes no file; needed explain for --npz, --json, --record, --csv and --html')
  return {kind: 'watch', checkpoint, inputs, backend, settings, classes}
}

function shareCommand(words: readonly string[]): ShareCommand {
  const {options, files} = sorted(words, ['--to', '--at', '--names'])
  const [record, other] = files
  if (record === undefined) throw usage('share was given no file; needed a .densitylens file or JSON')
  if (other !== undefined) throw usage(`share was given ${other} beside ${record}; needed one file`)
  const server = (name: string) => {
    const address = options.get(name)
    return address === undefined ? null : serverOf(address, name)
  }
  const names = namesOf(options.get('--names') ?? 'none')
  return {kind: 'share', record, names, to: server('--to'), at: server('--at') ?? 'http://localhost:3000/'}
}

function verifyCommand(words: readonly string[]): VerifyCommand {
  const {options, files} = sorted(words, ['--backend'])
  const [record, checkpoint, ...inputs] = files
  if (record === undefined)
    throw usage('verify was given nothing; needed a link, a .densitylens file or JSON, and a checkpoint')
  if (checkpoint === undefined) throw usage('verify was given no checkpoint; needed the file it was made from')
  return {kind: 'verify', record, checkpoint, inputs, backend: backendOf(options.get('--backend') ?? 'auto')}
}

// What each option says about the model; `{}` for those that say something else.
const nothing = (): Settings => ({})
const readers: Record<string, (value: string, name: string) => Settings> = {
  '--npz': nothing,
  '--json': nothing,
  '--record': nothing,
  '--csv': nothing,
  '--html': nothing,
  '--names': nothing,
  '--backend': nothing,
  '--classes': nothing,
  '--axes': (value, name) => ({
    axes: value.split(',').map((axis) => integer(axis, name, 'comma-separated axes like 1,1,-1'))
  }),
  '--padding-value': (value, name) => ({paddingValue: number(value, name)}),
  '--map': (value) => ({map: mapOf(value)}),
  '--block-layer': (value, name) => ({blockLayer: integer(value, name, 'the index of a block layer, from 0', 0)}),
  '--layout': (value) => ({layout: layoutOf(value)}),
  '--module': (value) => ({module: value}),
  '--query-heads': (value, name) => ({queryHeads: integer(value, name, 'a number of heads like 8', 1)}),
  '--layer-mix': (value) => ({layerMix: layerMixOf(value)}),
  '--release': (value) => ({release: releaseOf(value)}),
  '--offset-range': (value, name) => ({offsetRange: number(value, name)}),
  '--sampling-strides': (value, name) => ({
    samplingStrides: value.split(',').map((stride) => integer(stride, name, 'comma-separated strides like 8,4,2,1', 1))
  }),
  '--head-width': (value, name) => ({headWidth: integer(value, name, 'a number of channels like 32', 1)}),
  '--question-order': (value) => ({questionOrder: questionOrderOf(value)}),
  '--lstm-output': (value) => ({lstmOutput: lstmOutputOf(value)}),
  '--bind': (value) => ({bindings: bindingsOf(value)})
}

// Every option takes one value, `--name value` or `--name=value`; the value may begin with a minus sign.
function sorted(words: readonly string[], known: readonly string[]) {
  const options = new Map<string, string>()
  const files: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('-')) {
      files.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    if (!known.includes(name)) throw usage(`unknown option ${name}; see density-lens --help`)
    if (options.has(name)) throw usage(`${name} was given twice; needed once`)
    const value = equals < 0 ? words[++i] : word.slice(equals + 1)
    if (value === undefined || value === '') throw usage(`${name} was given no value; it needs one`)
    options.set(name, value)
  }
  return {options, files}
}

function backendOf(value: string): ExplainCommand['backend'] {
  if (value === 'auto' || value === 'wasm' || value === 'cpu') return value
  throw usage(`--backend is ${value}; needed auto, wasm or cpu`)
}

function namesOf(value: string): boolean {
  if (value === 'keep' || value === 'none') return value === 'keep'
  throw usage(`--names is ${value}; needed keep or none`)
}

function serverOf(value: string, name: string): string {
  if (/^https?:\/\/[^/]/.test(value) && URL.canParse(value)) return value
  throw usage(`${name} is ${value}; needed an address like http://localhost:3000`)
}

function layoutOf(value: string): 'batch' | 'time' {
  if (value === 'batch' || value === 'time') return value
  throw usage(`--layout is ${value}; needed batch or time`)
}

function bindingsOf(value: string): Readonly<Record<string, string>> {
  const pairs = value.split(',').map((pair) => {
    const equals = pair.indexOf('=')
    if (equals < 1 || equals === pair.length - 1)
      throw usage(`--bind has ${pair}; needed role=tensor, such as "head 0 mean offset=pool.mu"`)
    return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()] as const
  })
  return Object.fromEntries(pairs)
}

function releaseOf(value: string): '2022' | '2023' {
  if (value === '2022' || value === '2023') return value
  throw usage(`--release is ${value}; needed 2022 or 2023`)
}

function questionOrderOf(value: string): 'forward' | 'backward' {
  if (value === 'forward' || value === 'backward') return value
  throw usage(`--question-order is ${value}; needed forward or backward`)
}

function lstmOutputOf(value: string): 'cell' | 'tanh' {
  if (value === 'cell' || value === 'tanh') return value
  throw usage(`--lstm-output is ${value}; needed cell or tanh`)
}

function layerMixOf(value: string): 'softmax' | 'raw' {
  if (value === 'softmax' || value === 'raw') return value
  throw usage(`--layer-mix is ${value}; needed softmax or raw`)
}

function mapOf(value: string): readonly [number, number] {
  const sides = /^([1-9]\d*)[x×]([1-9]\d*)$/.exec(value)
  if (!sides) throw usage(`--map is ${value}; needed height × width like 32x32`)
  return [Number(sides[1]), Number(sides[2])]
}

function integer(value: string, name: string, needed: string, least = Number.NEGATIVE_INFINITY): number {
  if (/^-?\d+$/.test(value) && Number(value) >= least) return Number(value)
  throw usage(`${name} holds ${value || 'nothing'}; needed ${needed}`)
}

function number(value: string, name: string): number {
  if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value)
  throw usage(`${name} is ${value}; needed a number`)
}

const usage = (message: string) => new ReaderError('Usage', `density-lens: ${message}`)
