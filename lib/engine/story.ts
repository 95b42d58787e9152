import {ShapeError, throwIfCancelled} from '@/lib/core/errors'
import {bytes, count as numeral, plural} from '@/lib/core/number'
import type {PauseSignal} from '@/lib/core/pausing'
import {type Accumulator, accumulatedFromSaved, accumulatedFromWeights, accumulator} from '@/lib/explain/accumulate'
import {bootstrap} from '@/lib/explain/bootstrap'
import {explanation, type Maps, type SampleName} from '@/lib/explain/explain'
import type {Explanation} from '@/lib/explain/explanation'
import type {Unusable} from '@/lib/explain/unusable'
import {openArchive} from '@/lib/formats/openArchive'
import type {ByteSource} from '@/lib/formats/source'
import {AmbiguousLayout} from '@/lib/models/ambiguousLayout'
import {detect, load} from '@/lib/models/detect'
import type {
  Detection,
  LoadedModel,
  MapAxes,
  OpenQuestion,
  OwnMap,
  RefusedInput,
  RunResult,
  SavedMaps,
  Settings
} from '@/lib/models/family'
import {throwIfAllRefused} from '@/lib/models/refusedInputs'
import {rowNameOf} from '@/lib/models/rowNames'
import {readSavedMaps} from '@/lib/models/savedMaps'
import type {EditedFile} from './editedFile'
import {fileReport} from './fileReport'
import {type InputStream, inputStream, type StreamedSlice} from './inputStream'
import {type InputPlace, type InputSlice, joinedPictures} from './inputs'
import {type Known, knownOf, provenanceOf} from './known'
import {notedReads} from './notedReads'
import {type Pace, pace} from './pace'
import type {FileReport, Progress, SamplePictures} from './protocol'
import {noSampleMap, type SampleMap, sampleMapFrom} from './sampleMap'
import {noPoints, type PointsOf, samplingPointsFrom} from './samplingPoints'
import {nothingToEdit, type WhatIf, whatIfFrom} from './whatIf'

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
  readonly input: InputSlice
  readonly axes: MapAxes
  readonly result: RunResult
}

export interface StoryOptions {
  readonly signal?: AbortSignal | undefined
  readonly pause?: PauseSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly onSlice?: ((slice: Slice) => void) | undefined
  /** An array of more bytes than this is read by slices of about as many. Default 64 MB. */
  readonly sliceBytes?: number | undefined
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
      /** Where one place of one input looks. */
      readonly samplingPoints: PointsOf
      /** The same inputs with edited Gaussians and masks. */
      readonly whatIf: WhatIf
      /** The module with edited Gaussians, as the bytes of a file. */
      readonly editedFile: EditedFile
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
    const knownNow = () => knownOf(request, request.classes ?? null, {archive, names}, model)
    const known = knownNow()
    const reading = {phase: 'reading', done: 0, total: request.inputs.length, unit: 'inputs'} as const
    steps.tell({...reading, text: `${partsText(detection)} of ${checkpoint.name} read`}, () =>
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
    const intervals =
      numbers && (await bootstrap(numbers, {signal: options.signal, onProgress, pause: () => steps.breathe()}))

    // Explain.
    const provenance = await provenanceOf(known, request, options.signal)
    throwIfCancelled(options.signal)
    return {
      kind: 'explained',
      // Said again, for what inputs had read of the checkpoint by now.
      explanation: explanation({...known, model: knownNow().model, axes, maps, bootstrap: intervals, provenance}),
      // Said again, for what came from a server by now.
      report: fileReport(archive, detection),
      pictures: drawn.pictures,
      questions: detection.questions,
      msPerInput: drawn.msPerInput,
      sampleMap: drawn.sampleMap,
      samplingPoints: drawn.samplingPoints,
      whatIf: drawn.whatIf,
      editedFile: async (...asked) => (await import('./editedFile')).editedFileFrom(archive, detection)(...asked),
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
  readonly samplingPoints: PointsOf
  readonly whatIf: WhatIf
}

/** Runs every input through the model and through its untrained twin. One slice of inputs is in memory at a time. */
async function runInputs(
  request: StoryRequest,
  model: LoadedModel,
  known: Known,
  {onSlice, sliceBytes = 64e6}: StoryOptions,
  steps: Pace
): Promise<Drawn> {
  const {settings} = request
  const untrained = model.untrained()
  const stream = inputStream(request.inputs, {model, settings, classes: known.model.classes, sliceBytes})
  const places: InputPlace[] = []
  const names: SampleName[] = []
  let drawing: {readonly axes: MapAxes; readonly sums: Accumulator} | null = null
  let ranMs = 0
  const notes = new Set<string>()
  const refused: RefusedInput[] = []
  const mapsSoFar = (): Maps => ({
    from: 'inputs',
    numbers: drawing!.sums.read(),
    names,
    ...leftOutBy(stream),
    ...(refused.length > 0 ? {refused} : {}),
    ...(notes.size > 0 ? {note: [...notes].join(' ')} : {})
  })
  try {
    for await (const slice of stream.slices()) {
      drawing ??= begin(model, slice)
      const {axes, sums} = drawing
      const {samples} = slice
      if (samples.note) notes.add(samples.note)
      for (const one of samples.refused ?? []) refused.push({...one, index: sums.seen + one.index})
      const batch = model.batchSize(samples)
      places.push(slice.place)
      for (let start = 0; start < samples.count; start += batch) {
        const stop = Math.min(start + batch, samples.count)
        const own = slice.names.slice(start, stop)
        const began = performance.now()
        const result = await model.run(samples, start, stop, {details: onSlice !== undefined})
        ranMs += performance.now() - began
        const twin = await untrained.run(samples, start, stop)
        sums.add(
          result,
          twin,
          own.map(({label}) => label)
        )
        names.push(...own)
        onSlice?.({input: slice, axes, result})
        steps.tell(running(slice, stop, sums.seen, partsText(model.detection)), () =>
          explanation({...known, axes, maps: mapsSoFar()})
        )
        await steps.breathe()
      }
    }
  } finally {
    untrained.dispose()
  }
  const {axes, sums} = drawing!
  // Said of a whole array when it is read, and of one that came in slices when the last of them has gone by.
  throwIfAllRefused({count: sums.seen, refused}, places[0]!.source.name)
  const rerun = {model, axes, places, settings}
  return {
    axes,
    maps: mapsSoFar(),
    pictures: joinedPictures(stream.pictures),
    msPerInput: ranMs / sums.seen,
    sampleMap: sampleMapFrom(sums.read(), rerun),
    samplingPoints: samplingPointsFrom(rerun),
    whatIf: whatIfFrom({known, model, axes, places, names, settings})
  }
}

function begin(model: LoadedModel, {samples}: InputSlice): {axes: MapAxes; sums: Accumulator} {
  const axes = model.axes(samples.sampleShape, samples.beside)
  return {axes, sums: accumulator(axes)}
}

function leftOutBy(stream: InputStream): {unusable?: Unusable} {
  const unusable = stream.unusable()
  return unusable ? {unusable} : {}
}

/** What inputs go through: heads, and in families without them layers, hops or blocks. */
const partsText = ({headCount, layers, family}: Detection): string =>
  headCount > 0 || layers === null ? plural(headCount, 'head') : plural(layers, rowNameOf(family))

// How many inputs later files hold is not known before they are read: the rest is taken to be like those before.
function running(
  {file, files, array, arrays, before, of}: StreamedSlice,
  within: number,
  seen: number,
  through: string
) {
  const only = files * arrays === 1
  const share = (file + (array + (before + within) / of) / arrays) / files
  const total = only ? of : Math.max(seen, Math.round(seen / share))
  const among = (noun: string, index: number, count: number) =>
    count === 1 ? '' : `, ${noun} ${numeral(index + 1)} of ${numeral(count)}`
  const place = `${among('file', file, files)}${among('array', array, arrays)}`
  const text = `${numeral(seen)} of ${only ? '' : 'about '}${plural(total, 'input')} through ${through}${place}`
  return {phase: 'running', done: seen, total, unit: 'inputs', text} as const
}

const nothingRun = {
  pictures: null,
  msPerInput: null,
  sampleMap: noSampleMap,
  samplingPoints: noPoints,
  whatIf: nothingToEdit
} as const

/** A map that needs no inputs, because the parameters are the map. */
function fromWeights(own: OwnMap): Drawn {
  const numbers = accumulatedFromWeights(own)
  const maps: Maps = numbers ? {from: 'weights', numbers} : {from: 'none'}
  return {...nothingRun, axes: own.axes, maps}
}

/** Maps that the checkpoint carries from its own validation run; none when it carries none. */
function fromSaved(saved: SavedMaps | null): Drawn {
  if (!saved) return {...nothingRun, axes: null, maps: {from: 'none'}}
  const {axes, used, held} = saved
  const numbers = accumulatedFromSaved(saved)
  return {...nothingRun, axes, maps: {from: 'saved', numbers, used, held}, sampleMap: sampleMapFrom(numbers, null)}
}
