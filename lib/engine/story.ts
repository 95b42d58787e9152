import {ShapeError, throwIfCancelled} from '@/lib/core/errors'
import {bytes, count as numeral, plural} from '@/lib/core/number'
import type {PauseSignal} from '@/lib/core/pausing'
import {type Accumulator, accumulatedFromSaved, accumulatedFromWeights, accumulator} from '@/lib/explain/accumulate'
import {bootstrap} from '@/lib/explain/bootstrap'
import {explanation, type Maps, type SampleName} from '@/lib/explain/explain'
import type {Explanation} from '@/lib/explain/explanation'
import {openArchive} from '@/lib/formats/openArchive'
import type {ByteSource} from '@/lib/formats/source'
import {AmbiguousLayout} from '@/lib/models/ambiguousLayout'
import {detect, load} from '@/lib/models/detect'
import type {LoadedModel, MapAxes, OpenQuestion, OwnMap, RunResult, SavedMaps, Settings} from '@/lib/models/family'
import {readSavedMaps} from '@/lib/models/savedMaps'
import {fileReport} from './fileReport'
import {type InputFile, joinedPictures, readInput} from './inputs'
import {type Known, knownOf, provenanceOf} from './known'
import {notedReads} from './notedReads'
import {type Pace, pace} from './pace'
import type {FileReport, Progress, SamplePictures} from './protocol'
import {noSampleMap, type SampleMap, sampleMapFrom} from './sampleMap'

// The one story that strings the floors together. The worker and the command line tell the same one, so that the
// same files give the same numbers in both.

/** What to explain. */
export interface StoryRequest {
  readonly checkpoint: ByteSource
  readonly inputs: readonly ByteSource[]
  readonly settings: Settings
  readonly classes?: readonly string[] | undefined
}

/** A slice of inputs that has run, for those who keep more of it than the explanation does. */
export interface Slice {
  readonly file: InputFile
  readonly axes: MapAxes
  readonly result: RunResult
}

export interface StoryOptions {
  readonly signal?: AbortSignal | undefined
  readonly pause?: PauseSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly onSlice?: ((slice: Slice) => void) | undefined
}

export type Outcome =
  | {
      readonly kind: 'explained'
      readonly explanation: Explanation
      readonly report: FileReport
      readonly pictures: SamplePictures | null
      readonly questions: readonly OpenQuestion[]
      readonly msPerInput: number | null
      /** The map of one input, run again. Throws ReaderError when there is none. */
      readonly sampleMap: SampleMap
      /** Lets the model go. */
      readonly dispose: () => void
    }
  | {readonly kind: 'unrecognised'; readonly report: FileReport}
  | {readonly kind: 'ask'; readonly question: OpenQuestion; readonly report: FileReport}

/**
 * Opens a checkpoint, recognises and loads it, draws its density maps (from inputs, else from what it carries), and
 * explains them. Throws ReaderError for files that cannot be used and CancelledError once `signal` is aborted.
 */
export async function explain(request: StoryRequest, options: StoryOptions = {}): Promise<Outcome> {
  const steps = pace(options)
  const {checkpoint, settings} = request

  // Open the checkpoint and see what it is. Of the file only its directory is read.
  const opening = {done: 0, total: checkpoint.size, unit: 'bytes'} as const
  steps.tell({phase: 'opening', ...opening, text: `Opening ${checkpoint.name}, ${bytes(checkpoint.size)}`})
  const {archive, names} = notedReads(await openArchive(checkpoint))
  const found = detect(archive, settings)
  if (found.family === null) return {kind: 'unrecognised', report: fileReport(archive, found)}
  await steps.breathe()

  // Load its parameters. The Gaussians need no input, so they are there at once; what only inputs need waits for them.
  const model = await load(archive, found, {running: request.inputs.length > 0})
  const {detection} = model
  const report = fileReport(archive, detection)
  try {
    checkClasses(request.classes, detection.classCount)
    const known = knownOf(request, request.classes ?? null, {archive, names}, model)
    const reading = {phase: 'reading', done: 0, total: request.inputs.length, unit: 'inputs'} as const
    steps.tell({...reading, text: `${plural(detection.headCount, 'head')} of ${checkpoint.name} read`}, () =>
      explanation({...known, maps: {from: 'none'}})
    )
    await steps.breathe()

    // Draw the maps.
    const drawn =
      request.inputs.length > 0 && model.runs
        ? await runInputs(request, model, known, options, steps)
        : model.own
          ? fromWeights(model.own)
          : fromSaved(await readSavedMaps(archive, detection))

    // Resample the inputs, for the intervals.
    const {maps} = drawn
    const axes = drawn.axes ?? known.axes
    const numbers = maps.from === 'none' ? null : maps.numbers
    const onProgress = (done: number, total: number) =>
      steps.tell({
        phase: 'intervals',
        done,
        total,
        unit: 'resamples',
        text: `${numeral(done)} of ${numeral(total)} resamples`
      })
    const intervals = numbers && (await bootstrap(numbers, {signal: options.signal, onProgress}))

    // Explain.
    const provenance = await provenanceOf(known, request, options.signal)
    throwIfCancelled(options.signal)
    return {
      kind: 'explained',
      explanation: explanation({...known, axes, maps, bootstrap: intervals, provenance}),
      // Said again, for what came from a server by now.
      report: fileReport(archive, detection),
      pictures: drawn.pictures,
      questions: detection.questions,
      msPerInput: drawn.msPerInput,
      sampleMap: drawn.sampleMap,
      dispose: () => model.dispose()
    }
  } catch (error) {
    model.dispose()
    if (error instanceof AmbiguousLayout) return {kind: 'ask', question: error.question, report}
    throw error
  }
}

function checkClasses(classes: readonly string[] | undefined, needed: number | null): void {
  if (!classes || needed === null || classes.length === needed) return
  throw new ShapeError(
    `Found ${plural(classes.length, 'class name')}; the checkpoint has ${plural(needed, 'class', 'classes')}.`,
    'These class names do not fit the checkpoint'
  )
}

/** Density maps, wherever they came from. */
interface Drawn {
  readonly axes: MapAxes | null
  readonly maps: Maps
  readonly pictures: SamplePictures | null
  readonly msPerInput: number | null
  readonly sampleMap: SampleMap
}

/** Runs every input through the model and through its untrained twin. One file is in memory at a time. */
async function runInputs(
  request: StoryRequest,
  model: LoadedModel,
  known: Known,
  {onSlice}: StoryOptions,
  steps: Pace
): Promise<Drawn> {
  const untrained = model.untrained()
  const files: {readonly source: ByteSource; readonly count: number; readonly pictures: SamplePictures | null}[] = []
  const names: SampleName[] = []
  let drawing: Drawing | null = null
  let ranMs = 0
  try {
    for (const source of request.inputs) {
      const file = await readInput(source, model, request.settings, known.model.classes)
      const {samples} = file
      drawing ??= begin(model, file)
      checkShape(file, drawing.first)
      const {axes, sums} = drawing
      const batch = model.batchSize(samples)
      for (let start = 0; start < samples.count; start += batch) {
        const stop = Math.min(start + batch, samples.count)
        const began = performance.now()
        const result = await model.run(samples, start, stop, {details: onSlice !== undefined})
        ranMs += performance.now() - began
        sums.add(result, await untrained.run(samples, start, stop))
        names.push(...file.names.slice(start, stop))
        onSlice?.({file, axes, result})
        const {headCount} = model.detection
        steps.tell(running(file, sums.seen - stop, files.length, request.inputs.length, sums.seen, headCount), () =>
          explanation({...known, axes, maps: {from: 'inputs', numbers: sums.read(), names}})
        )
        await steps.breathe()
      }
      files.push({source, count: samples.count, pictures: file.pictures})
    }
  } finally {
    untrained.dispose()
  }
  const {axes, sums} = drawing!
  const numbers = sums.read()
  return {
    axes,
    maps: {from: 'inputs', numbers, names},
    pictures: joinedPictures(files.map(({pictures}) => pictures)),
    msPerInput: ranMs / sums.seen,
    sampleMap: sampleMapFrom(numbers, {model, axes, files, settings: request.settings})
  }
}

/** Maps being summed, and the file that set their shape. */
interface Drawing {
  readonly first: InputFile
  readonly axes: MapAxes
  readonly sums: Accumulator
}

function begin(model: LoadedModel, first: InputFile): Drawing {
  const axes = model.axes(first.samples.sampleShape)
  return {first, axes, sums: accumulator(axes)}
}

// Time is averaged away before this; what is left has to be the same in every file, or no mean exists.
function checkShape(file: InputFile, first: InputFile): void {
  const [found, needed] = [file, first].map(({samples}) => `(${samples.sampleShape.join(', ')})`)
  if (found === needed) return
  throw new ShapeError(
    `${file.source.name} holds inputs of ${found}, ${first.source.name} of ${needed}; maps are averaged over inputs of one shape`
  )
}

// How many inputs later files hold is not known before they are read: the rest is taken to be like this one.
function running(file: InputFile, before: number, fileIndex: number, fileCount: number, seen: number, heads: number) {
  const total = before + file.samples.count * (fileCount - fileIndex)
  const files = fileCount === 1 ? '' : `, file ${fileIndex + 1} of ${fileCount}`
  const text = `${numeral(seen)} of ${fileCount === 1 ? '' : 'about '}${plural(total, 'input')} through ${plural(heads, 'head')}${files}`
  return {phase: 'running', done: seen, total, unit: 'inputs', text} as const
}

/** A map that needs no inputs, because the parameters are the map. */
function fromWeights(own: OwnMap): Drawn {
  const numbers = accumulatedFromWeights(own)
  const maps: Maps = numbers ? {from: 'weights', numbers} : {from: 'none'}
  return {axes: own.axes, maps, pictures: null, msPerInput: null, sampleMap: noSampleMap}
}

/** Maps that the checkpoint carries from its own validation run; none when it carries none. */
function fromSaved(saved: SavedMaps | null): Drawn {
  const nothing = {axes: null, maps: {from: 'none'}, pictures: null, msPerInput: null, sampleMap: noSampleMap} as const
  if (!saved) return nothing
  const {axes, used, held} = saved
  const numbers = accumulatedFromSaved(saved)
  return {...nothing, axes, maps: {from: 'saved', numbers, used, held}, sampleMap: sampleMapFrom(numbers, null)}
}
