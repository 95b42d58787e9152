import {createStore, type StoreApi} from 'zustand/vanilla'
import {ReaderError, ShapeError, throwIfCancelled} from '@/lib/core/errors'
import type {Grid} from '@/lib/core/grid'
import type {MapSums} from '@/lib/core/mapSums'
import {plural} from '@/lib/core/number'
import type {
  BackendReport,
  Engine,
  ExplainRequest,
  FileReport,
  Openable,
  Progress,
  SamplePictures,
  TensorLooks
} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeExplanation} from '@/lib/explain/json'
import type {OpenQuestion, Settings} from '@/lib/models/family'
import {addressOf, type ExampleCard, picturesOf, requestOf} from './exampleCard'
import type {GivenFiles} from './filesGiven'
import type {LookedInto} from './lookInto'
import {type Attempt, nothing, type Opened, openedBy} from './opened'
import {largestDifference} from './sameNumbers'
import type {Shared} from './shared'
import type {Inspected} from './sortFiles'
import {createSteps, type StepOptions, unlessAborted, type Work} from './steps'
import {disagreement, type Trouble, troubleOf, unrecognised} from './trouble'

// An example is opened without it.
const opening = () => import('./opening')

export type {ExampleCard, Openable, Trouble, Work}

/** What is open. A failed or cancelled step leaves everything as it was. */
export interface Session {
  readonly explanation: Explanation | null
  readonly report: FileReport | null
  readonly pictures: SamplePictures | null
  readonly example: ExampleCard | null
  readonly examples: readonly ExampleCard[]
  readonly backend: BackendReport | null
  readonly work: Work
  readonly trouble: Trouble | null
  /** An input whose layout both readings fit: must be answered or let go. */
  readonly question: OpenQuestion | null
  /** Settings that the files left open, with what was taken; can be changed at any time. */
  readonly questions: readonly OpenQuestion[]
  readonly settings: Settings
  readonly msPerInput: number | null
  /** The selected input's own map; null until it has come. */
  readonly sampleMap: {
    readonly sample: number
    readonly rows: number
    readonly cols: number
    readonly values: Float32Array
  } | null
  readonly canUndo: boolean
  /** The files that are open, to be opened again. */
  readonly files: OpenFiles | null
  /** Which version of a watched file is open; null while none is. */
  readonly version: number | null
  /** Where what is open came as a link or a file of its own, and whether its files gave the same; else null. */
  readonly shared: Shared | null
  /** An encoder that came as files do, to be opened beside what is open; the last that did. */
  readonly encoder: Openable | null

  /** Files from a drop or a file picker: tells checkpoints from inputs by what is in them. */
  openFiles: (files: readonly File[]) => Promise<void>
  /** The same with addresses: `https://…`, or `owner/name` of the hub. Nobody but their servers is asked. */
  openAddresses: (addresses: readonly string[]) => Promise<void>
  openExample: (card: ExampleCard) => Promise<void>
  /** An explanation that somebody shared, from the bytes of its record: no file of it is here, and none is asked for. */
  openShared: (bytes: () => Promise<Uint8Array>, from: Shared['from'], name: string) => Promise<void>
  answer: (settings: Settings) => Promise<void>
  askSampleMap: (sample: number) => Promise<void>
  cancel: () => void
  /** Lets the work under way stand still, and go on; nothing where there is none. */
  pause: () => void
  resume: () => void
  dismissTrouble: () => void
  /** Back to what was open before. */
  undo: () => void
  /** Explains a file anew with tensors bound to roles by hand; inputs that are open for the same file stay. */
  bind: (file: Openable, settings: Settings, classes: readonly string[] | null) => Promise<void>
  /** Shows another module of a file; inputs that are open for the same file stay where they fit it. */
  showModule: (file: Openable, at: string) => Promise<void>
  /**
   * Explains a newer version of what is open, with its settings and inputs; in the background, and no step to undo. Of
   * another name, it is opened as a file is.
   */
  follow: (next: NextVersion) => Promise<Followed>
  /** Turns to what was open before, as it was then. */
  turnTo: (opened: Opened) => void
  /** A closer look at single tensors of a file. */
  readonly looks: TensorLooks
  /** Sums up a map in the worker, so that it can be zoomed without looking at every cell again. */
  readonly sumUp: (map: Grid) => Promise<MapSums>
  /** The density map of one input of what is open, once `engineHolds` it. Rejects with ReaderError when there is none. */
  readonly sampleMapOf: (index: number) => Promise<Grid>
  /** Where a place of one of its inputs looks, once `engineHolds` it; null where nothing samples points. */
  readonly samplingPoints: Engine['samplingPoints']
  /** Resolves once the work under way has ended and the engine holds what is open; false where nothing is. */
  readonly engineHolds: () => Promise<boolean>
  /** Draws maps of single inputs on a canvas of the page, from the device. */
  readonly device: Pick<Engine, 'takeCanvas' | 'drawSample'>
}

/** A version of a file that someone else writes. */
export interface NextVersion {
  readonly checkpoint: Openable
  /** Default: those that are open. */
  readonly inputs?: readonly Openable[]
  readonly version: number
  /** Whether it is of what is open whatever its name, and takes its settings. */
  readonly alike: boolean
  /** Asked once it is explained: whether the figure turns to it. */
  readonly show: () => boolean
}

export type Followed =
  | {readonly kind: 'opened'; readonly opened: Opened}
  | {readonly kind: 'trouble'; readonly trouble: Trouble}
  /** Another step was begun meanwhile. */
  | {readonly kind: 'superseded'}

export interface OpenFiles {
  readonly checkpoint: Openable
  readonly inputs: readonly Openable[]
}

export type SessionStore = StoreApi<Session>

export interface SessionParts {
  readonly engine: Engine
  readonly examples?: readonly ExampleCard[]
  /** Reads a text of this site: an example's precomputed explanation. Rejects when it is not there. */
  readonly fetchText?: (url: string) => Promise<string>
}

/** Each holds an explanation: a megabyte or two for the largest models. */
const UNDO_STEPS = 10
/** How far an example's precomputed maps may lie from this machine's own. */
const SAME_WITHIN = 1e-4

const UNCHANGED = 'Your figure is unchanged.'
const NOTHING_OPEN = 'Nothing is open yet.'

/** The store of what is open. */
export function createSession({engine, examples = [], fetchText = textAt}: SessionParts): SessionStore {
  return createStore<Session>()((set, get) => {
    let open = nothing
    const past: Opened[] = []
    /** What `question` was asked about. */
    let asked: Attempt | null = null
    /** What was open last that can be made again: a version of which only rows are left cannot. */
    let latest: Attempt | null = null
    /** What the engine answers `sampleMap` from. */
    let held: ExplainRequest | null = null
    let sampleAsks = 0
    const steps = createSteps({
      show: (work) => set({work}),
      fail: (error, {report, file}) => {
        const trouble = troubleOf(error, after(), report)
        set({trouble: file ? {...trouble, file} : trouble})
      }
    })

    const after = () => (open.explanation ? UNCHANGED : NOTHING_OPEN)

    function show(next: Opened) {
      const {request, asked: question, ...visible} = next
      open = next
      if (request) latest = {request, example: next.example, question}
      const files = request && {checkpoint: request.checkpoint, inputs: request.inputs}
      set({...visible, files, canUndo: past.length > 0})
    }

    /** Shows something else than before: the map of one of its inputs says nothing any more. */
    function turnTo(next: Opened) {
      sampleAsks++
      set({sampleMap: null})
      show(next)
    }

    function keep(next: Opened) {
      if (open.explanation) past.push(open)
      if (past.length > UNDO_STEPS) past.shift()
      turnTo(next)
    }

    function letGo() {
      asked = null
      set({question: null})
      steps.letGo()
    }

    /** Does one step of work, which supersedes the one before. A step that fails has set nothing. */
    function work(name: string, run: (options: StepOptions) => Promise<void>, quiet = false): Promise<void> {
      letGo()
      set({trouble: null})
      return steps.begin(name, run, quiet)
    }

    /** Runs a request and opens what comes of it. */
    async function attempt(attempted: Attempt, options: StepOptions): Promise<void> {
      const {request} = attempted
      const reply = await unlessAborted(options.signal, engine.explain(request, options))
      if (reply.kind === 'unrecognised') return set({trouble: unrecognised(reply.report, after(), request.checkpoint)})
      if (reply.kind === 'ask') {
        asked = {...attempted, question: reply.question}
        return set({question: reply.question})
      }
      held = request
      const backend = await unlessAborted(options.signal, engine.backend())
      set({backend})
      const shared = open.shared && (await unlessAborted(options.signal, judgedNow(open.shared, reply.explanation)))
      keep({...openedBy(attempted, reply), shared})
    }

    const judgedNow = async (shared: Shared, fresh: Explanation) =>
      (await opening()).judged(shared, fresh, engine.whatIf)

    /** Looks into each, and opens them for what they are. */
    function openAll(names: readonly string[], find: () => Promise<GivenFiles>): Promise<void> {
      if (names.length === 0) return Promise.resolve()
      return work(namesText(names), async (options) => {
        const {record, given} = await unlessAborted(options.signal, find())
        if (record) await openRecord(record, 'file', options)
        if (given.length === 0) return
        const {lookInto} = await opening()
        await openSorted(await unlessAborted(options.signal, lookInto(given, engine, options)), options)
      })
    }

    async function openRecord(bytes: Uint8Array, from: Shared['from'], {signal}: StepOptions): Promise<void> {
      const {readShared} = await opening()
      const shared = await unlessAborted(signal, readShared(bytes, from))
      const {explanation, pictures} = shared.record
      keep({...nothing, explanation, pictures, settings: explanation.model.settings, shared})
    }

    /** What was set when a shared explanation was made, for the checkpoint that it was made from. */
    const settingsFor = ({report}: Inspected): Settings =>
      open.shared && report.size === open.explanation?.provenance.checkpoint.size ? open.explanation.model.settings : {}

    /** What is shared may be of tensors that somebody bound by hand. */
    const boundSize = (): number | null =>
      open.shared && open.explanation?.model.settings.bindings ? open.explanation.provenance.checkpoint.size : null

    async function openSorted(found: LookedInto, options: StepOptions): Promise<void> {
      const {encoderAlone, encoderIn} = await opening()
      const {encoder, rest} = encoderIn(found)
      if (!encoder) return openModel(found, options)
      const alone = rest.files.length + rest.unreadable.length === 0
      if (alone && !open.request) throw encoderAlone(encoder)
      if (!alone) await openModel(rest, options)
      set({encoder})
    }

    async function openModel({files, unreadable}: LookedInto, options: StepOptions): Promise<void> {
      const {sortFiles} = await opening()
      const {checkpoint, inputs, strangers} = sortFiles(files, boundSize())
      // What is no input among many goes with them: the run leaves it out and names it. Beside a few it is refused, since
      // then it was meant for something.
      if (unreadable[0] && unreadable.length >= inputs.length) throw unreadable[0].error
      if (strangers[0] && strangers.length >= inputs.length)
        return set({trouble: unrecognised(strangers[0].report, after(), strangers[0].openable)})
      options.report = checkpoint?.report ?? null
      options.file = checkpoint?.openable ?? null
      const openables = [...inputs, ...strangers, ...unreadable].map(({openable}) => openable)
      if (checkpoint && inputs.length === 0) return openAlone(checkpoint, options)
      if (checkpoint) {
        const request = {checkpoint: checkpoint.openable, inputs: openables, settings: settingsFor(checkpoint)}
        return attempt({request, example: null, question: null}, options)
      }
      if (!open.request) {
        throw new ReaderError(
          'Inputs need a checkpoint',
          `Found ${plural(files.length, 'input file')} and no open checkpoint; drop the checkpoint first, or both together.`
        )
      }
      const {layout, ...settings} = open.request.settings
      const request = {...open.request, inputs: openables, settings}
      await attempt({request, example: null, question: null}, options)
    }

    /** The inputs that are open stay when they fit the new checkpoint. */
    async function openAlone(checkpoint: Inspected, options: StepOptions): Promise<void> {
      const {openable} = checkpoint
      const settings = settingsFor(checkpoint)
      const alone = {request: {checkpoint: openable, inputs: [], settings}, example: null, question: null}
      if (!open.request || open.request.inputs.length === 0) return attempt(alone, options)
      const {settings: before, ...others} = open.request
      const layout = before.layout ? {layout: before.layout} : {}
      const request = {...others, checkpoint: openable, settings: layout}
      await withInputsThatFit({request, example: null, question: open.asked}, options)
    }

    /** Goes without inputs that belong to something else. */
    async function withInputsThatFit(attempted: Attempt, options: StepOptions): Promise<void> {
      try {
        await attempt(attempted, options)
      } catch (error) {
        const {checkpoint, inputs, settings} = attempted.request
        if (!(error instanceof ShapeError) || inputs.length === 0) throw error
        const {layout: _, ...others} = settings
        await attempt({request: {checkpoint, inputs: [], settings: others}, example: null, question: null}, options)
      }
    }

    /** Explains a version of a watched file; what is open stays until its figure is whole. */
    async function followed(
      {checkpoint, inputs, version, alike, show}: NextVersion,
      options: StepOptions
    ): Promise<Followed> {
      const before = latest && (alike || nameOf(latest.request.checkpoint) === nameOf(checkpoint)) ? latest : null
      const {layout} = latest?.request.settings ?? {}
      const like = before?.request ?? {inputs: latest?.request.inputs ?? [], settings: layout ? {layout} : {}}
      const request = {...like, checkpoint, inputs: inputs ?? like.inputs}
      const attempted = {request, example: null, question: before?.question ?? null}
      const opened = await openedQuietly(attempted, options).catch((error: unknown) => {
        if (!(error instanceof ShapeError) || before || inputs || request.inputs.length === 0) throw error
        // Those inputs belong to something else.
        return openedQuietly({request: {checkpoint, inputs: [], settings: {}}, example: null, question: null}, options)
      })
      if (!('explanation' in opened)) return {kind: 'trouble', trouble: opened}
      const next = {...opened, version}
      if (show()) (before ? turnTo : keep)(next)
      return {kind: 'opened', opened: next}
    }

    async function openedQuietly(attempted: Attempt, options: StepOptions): Promise<Opened | Trouble> {
      const {request} = attempted
      const onProgress = (progress: Progress) => options.onProgress({...progress, partial: null})
      const reply = await unlessAborted(options.signal, engine.explain(request, {...options, onProgress}))
      if (reply.kind === 'unrecognised') return unrecognised(reply.report, after(), request.checkpoint)
      if (reply.kind === 'ask') {
        const message = `${reply.question.text} Open it once by hand, and say which.`
        return {title: 'Say which', message, after: after(), report: reply.report}
      }
      held = request
      const backend = await unlessAborted(options.signal, engine.backend())
      set({backend})
      return openedBy(attempted, reply)
    }

    /** Repeats an example here, behind its precomputed figure. */
    async function repeat(card: ExampleCard, request: ExplainRequest, options: StepOptions): Promise<void> {
      // The figure is whole already: running means would only make it flicker.
      const onProgress = (progress: Progress) => options.onProgress({...progress, partial: null}, progress.partial)
      const reply = await unlessAborted(options.signal, engine.explain(request, {...options, onProgress}))
      if (reply.kind !== 'explained' || !open.explanation) {
        throw new ReaderError(
          'The example could not be repeated here',
          `${card.title}: the engine asked instead of running.`
        )
      }
      held = request
      const backend = await unlessAborted(options.signal, engine.backend())
      set({backend})
      const apart = largestDifference(open.explanation, reply.explanation)
      const fresh = openedBy({request, example: card, question: null}, reply)
      show(apart <= SAME_WITHIN ? fresh : {...fresh, explanation: open.explanation})
      if (apart > SAME_WITHIN) set({trouble: disagreement(apart, SAME_WITHIN)})
    }

    /** After an undo the engine still holds what was undone. */
    async function hold(request: ExplainRequest) {
      if (held === request) return
      await engine.explain(request)
      held = request
    }

    return {
      explanation: null,
      report: null,
      pictures: null,
      example: null,
      examples,
      backend: null,
      work: {kind: 'ready'},
      trouble: null,
      question: null,
      questions: [],
      settings: {},
      msPerInput: null,
      sampleMap: null,
      canUndo: false,
      files: null,
      version: null,
      shared: null,
      encoder: null,

      openFiles: (files) =>
        openAll(
          files.map(({name}) => name),
          async () => (await opening()).filesGiven(files)
        ),

      openShared: (bytes, from, name) => work(name, async (options) => openRecord(await bytes(), from, options)),

      openAddresses: async (addresses) => {
        if (addresses.length === 0) return
        const {openableAt} = await opening()
        const openables = addresses.map(openableAt)
        await openAll(openables.map(nameOf), async () => ({record: null, given: openables}))
      },

      openExample: (card) =>
        work(card.title, async (options) => {
          const request = requestOf(card)
          const text = await unlessAborted(options.signal, fetchText(addressOf(card, card.explanation)))
          const explanation = decodeExplanation(text)
          keep({...nothing, request, explanation, example: card, pictures: picturesOf(card)})
          await repeat(card, request, options)
        }),

      answer: (settings) => {
        const target = asked ?? (open.request && {request: open.request, example: open.example, question: open.asked})
        if (!target) return Promise.resolve()
        const request = {...target.request, settings: {...target.request.settings, ...settings}}
        return work(nameOf(request.checkpoint), (options) => attempt({...target, request}, options))
      },

      follow: async (next) => {
        let outcome: Followed = {kind: 'superseded'}
        const run = async (options: StepOptions) => {
          outcome = await followed(next, options).catch((error: unknown): Followed => {
            throwIfCancelled(options.signal)
            return {kind: 'trouble', trouble: troubleOf(error, after())}
          })
        }
        await work(nameOf(next.checkpoint), run, true)
        return outcome
      },

      turnTo: (opened) => {
        if (!steps.inBackground()) letGo()
        turnTo(opened)
      },

      looks: engine,
      sumUp: engine.sumUp,
      sampleMapOf: (index) => engine.sampleMap(index),
      samplingPoints: (...asked) => engine.samplingPoints(...asked),

      engineHolds: async () => {
        await steps.ended()
        const {request} = open
        if (request) await hold(request)
        return request !== null
      },

      device: engine,

      bind: (file, settings, classes) => {
        const inputs = open.request?.checkpoint === file ? open.request.inputs : []
        const request: ExplainRequest = {checkpoint: file, inputs, settings, ...(classes ? {classes} : {})}
        return work(nameOf(file), (options) => attempt({request, example: null, question: null}, options))
      },

      showModule: (file, at) => {
        const {trouble, report} = get()
        const same = open.request?.checkpoint === file ? open.request : null
        const layout = same?.settings.layout ? {layout: same.settings.layout} : {}
        const request = {checkpoint: file, inputs: same?.inputs ?? [], settings: {...layout, module: at}}
        return work(nameOf(file), (options) => {
          options.report = trouble?.report ?? report
          options.file = file
          return withInputsThatFit({request, example: null, question: same ? open.asked : null}, options)
        })
      },

      askSampleMap: async (sample) => {
        const ask = ++sampleAsks
        const {request} = open
        set({sampleMap: null})
        await steps.ended()
        if (ask !== sampleAsks || !request) return
        try {
          await hold(request)
          const {rows, cols, values} = await engine.sampleMap(sample)
          if (ask === sampleAsks) set({sampleMap: {sample, rows, cols, values}})
        } catch (error) {
          if (ask === sampleAsks) set({trouble: troubleOf(error, after())})
        }
      },

      cancel: () => {
        const {work: now} = get()
        letGo()
        if (now.kind !== 'working') return
        set({
          trouble: {title: 'Cancelled', message: `The work on ${now.name} was stopped.`, after: after(), report: null}
        })
      },

      pause: () => steps.stand(true),
      resume: () => steps.stand(false),

      dismissTrouble: () => set({trouble: null}),

      undo: () => {
        const before = past.pop()
        if (!before) return
        letGo()
        set({trouble: null})
        turnTo(before)
      }
    }
  })
}

/** What work on these files is called: the first of them, when they are many. */
function namesText(names: readonly string[]): string {
  const shown = names.slice(0, names.length > 3 ? 2 : 3)
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${plural(rest, 'more file', 'more files')}` : shown.join(', ')
}

const nameOf = (openable: Openable) => (openable.kind === 'file' ? openable.file.name : openable.name)

async function textAt(url: string): Promise<string> {
  const response = await fetch(url)
  if (!response.ok)
    throw new ReaderError('Not found', `${url}: the server answered ${response.status}; needed the file.`)
  return response.text()
}
