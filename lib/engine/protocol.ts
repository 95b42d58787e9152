import type {Grid} from '@/lib/core/grid'
import type {MapSums} from '@/lib/core/mapSums'
import type {PauseSignal} from '@/lib/core/pausing'
import type {Summary} from '@/lib/core/summary'
import type {Axes, Explanation, LayerImportance, Signal} from '@/lib/explain/explanation'
import type {Finding, NamedGlobal, TensorEntry} from '@/lib/formats/archive'
import type {Candidate, TrainingState} from '@/lib/models/candidates'
import type {CheckpointFacts} from '@/lib/models/checkpointFacts'
import type {EncoderDescription} from '@/lib/models/encoders/description'
import type {Detection, Edits, HeadEdit, NoDetection, OpenQuestion, SamplingPoints, Settings} from '@/lib/models/family'
import type {MapPicture} from '@/lib/models/mapCanvas'

/**
 * Something to open: a file the person gave, several that are one checkpoint (an index and its shards), an address of
 * this site (a shipped example), or one that the person gave of another: `https://…`, or `owner/name` of the hub.
 */
export type Openable =
  | {readonly kind: 'file'; readonly file: File}
  | {readonly kind: 'set'; readonly name: string; readonly files: readonly File[]}
  | {readonly kind: 'address'; readonly name: string; readonly url: string}
  | {readonly kind: 'remote'; readonly name: string; readonly address: string}

/** Where the model runs and why there. */
export interface BackendReport {
  readonly name: 'webgpu' | 'wasm' | 'cpu'
  /** The adapter as the browser names it, or null. */
  readonly adapter: string | null
  readonly software: boolean
  /** One sentence: "WASM, because this WebGPU adapter is software and slower". */
  readonly reason: string
  /** Bytes on the GPU: now, and at most since the last explanation began. Absent where none is used. */
  readonly memory?: {readonly bytes: number; readonly peak: number}
}

/** What a file turned out to hold. */
export interface FileReport {
  readonly name: string
  readonly size: number
  readonly format: string
  readonly entries: readonly TensorEntry[]
  readonly findings: readonly Finding[]
  readonly detection: Detection | NoDetection
  /** What each family makes of it. */
  readonly candidates?: readonly Candidate[]
  /** The names of its tensors that are a model's parameters, in file order. */
  readonly parameters?: readonly string[]
  /** What it carries from its training. */
  readonly training?: TrainingState & CheckpointFacts
  /** What its pickle names; absent where there is none. */
  readonly named?: readonly NamedGlobal[]
  /** It describes itself as an encoder, to stand before a checkpoint. */
  readonly encoder?: true
  /** Who gave it, where that was a server, and how many bytes had come when this was said. */
  readonly from?: {readonly host: string; readonly fetched: number; readonly whole: boolean}
}

/** Small greyscale pictures of the inputs, when the input file carries them (an array named `images`). */
export interface SamplePictures {
  readonly count: number
  readonly width: number
  readonly height: number
  /** (count, height, width), 0 paper to 255 ink. */
  readonly values: Uint8Array
}

/** How far the work has come. */
export interface Progress {
  readonly phase: 'opening' | 'reading' | 'running' | 'intervals'
  /** In `unit`s. */
  readonly done: number
  readonly total: number
  readonly unit: 'bytes' | 'inputs' | 'resamples'
  /** A sentence for the screen: "40 of 100 inputs through 4 heads". */
  readonly text: string
  /** The explanation so far: the Gaussians first (they need no input), then running means. At most four a second. */
  readonly partial: Explanation | null
  /** `unit`s per second of late, pauses not counted; absent before it can be told. */
  readonly perSecond?: number
  /** Seconds of work left at that rate. */
  readonly secondsLeft?: number
}

export interface ExplainRequest {
  readonly checkpoint: Openable
  readonly inputs: readonly Openable[]
  readonly settings: Settings
  /** Names for the classes, where someone knows them (an example's card). */
  readonly classes?: readonly string[]
}

export type ExplainReply =
  | {
      readonly kind: 'explained'
      readonly explanation: Explanation
      readonly report: FileReport
      readonly pictures: SamplePictures | null
      /** Settings that the files left open, with what was taken. */
      readonly questions: readonly OpenQuestion[]
      /** Mean over the run, including transfers. */
      readonly msPerInput: number | null
    }
  /** No family matched: the tensor table is all there is to show. */
  | {readonly kind: 'unrecognised'; readonly report: FileReport}
  /** Both readings of an input fit: the person must say which. */
  | {readonly kind: 'ask'; readonly question: OpenQuestion; readonly report: FileReport}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Work stands still while it says so, between two slices of inputs; only `explain` heeds it. */
  readonly pause?: PauseSignal
  readonly onProgress?: (progress: Progress) => void
}

/** A line of Python that looks at the same tensor, and what it prints if it sees what we saw; or why there is none. */
export type PythonCheck = {readonly line: string; readonly prints: string} | {readonly why: string}

export interface TensorStatistics extends Summary {
  /**
   * Of its elements as contiguous little-endian bytes, lower-case hexadecimal; null where they are not the file's own.
   */
  readonly sha256: string | null
  readonly python: PythonCheck
}

/** Which part of a tensor a map shows. */
export interface SliceRequest {
  /** The axis that runs down; null for a single row. */
  readonly rowAxis: number | null
  readonly colAxis: number
  /** Where the other axes stand, one number per axis; those of the map's own axes are not looked at. */
  readonly index: readonly number[]
  /** Only this part of it, the nearer for that; default all of it. */
  readonly part?: SlicePart
}

/**
 * A two-dimensional slice of a tensor, or a part of one. Small parts come element by element; of larger ones each cell
 * stands for a rectangle of elements.
 */
export interface TensorSlice {
  /** Of the whole slice. */
  readonly rows: number
  readonly cols: number
  /** The part that was read. */
  readonly part: SlicePart
  /** Each the mean of its finite elements; NaN where it has none. */
  readonly cells: Grid
  /** Of `cells`. */
  readonly sums: MapSums
  /** Smallest and largest finite element of each cell, and how many it has; null when each is one element. */
  readonly spread: {readonly min: Grid; readonly max: Grid; readonly counts: Uint32Array} | null
  /** Smallest and largest finite element that was read; null without any. */
  readonly extent: readonly [number, number] | null
  readonly notFinite: number
}

/** Rows and columns of a slice, the second of each pair exclusive. */
export interface SlicePart {
  readonly rows: readonly [number, number]
  readonly cols: readonly [number, number]
}

/** A closer look at one tensor of a file. Each can be cancelled, and tells how far it has come. */
export interface TensorLooks {
  statistics(file: Openable, name: string, options?: CallOptions): Promise<TensorStatistics>
  slice(file: Openable, name: string, slice: SliceRequest, options?: CallOptions): Promise<TensorSlice>
  /** The bytes of a .npy file. */
  exportTensor(file: Openable, name: string, options?: CallOptions): Promise<Uint8Array<ArrayBuffer>>
}

/** An explanation as it would be with edits. */
export interface Supposed {
  /** Without intervals: those take longer than a drag. */
  readonly explanation: Explanation
  /** Inputs it rests on, of those that the explanation has: as many as are kept at hand. */
  readonly inputs: number
  readonly of: number
}

/** Which tensors an edited file holds: all that the module binds, or those with other numbers alone. */
export type EditedTensors = 'all' | 'edited'

/** One input, as it was drawn, spoken, typed or sent. */
export type LiveSample =
  /** (channels, height, width) or (samples), as the encoder's description says. */
  | {readonly kind: 'picture' | 'sound'; readonly values: Float32Array}
  | {readonly kind: 'text'; readonly text: string}
  /** Hidden states, past any encoder. */
  | {readonly kind: 'features'; readonly shape: readonly number[]; readonly values: Float32Array}

/** What one input comes to. */
export interface LiveReading {
  /** Density map of this input alone (rows, cols). */
  readonly density: Grid
  /** The untrained module's of the same input (rows, cols). */
  readonly untrained: Grid
  /** What their rows and columns are. */
  readonly axes?: Axes
  /**
   * Importance by row, from this input's own map: the published formula averages maps over inputs first, so one input's
   * ranking is not the checkpoint's. Empty where the map is constant.
   */
  readonly layers: readonly LayerImportance[]
  /** How this input's standardised values are distributed over columns; null where its map is not finite. */
  readonly signal: Signal | null
  readonly logits: readonly number[] | null
  /** A text as the tokenizer cut it; null for other inputs. */
  readonly tokens: readonly string[] | null
  /** What the model saw, where that is a spectrogram. */
  readonly picture?: LivePicture | null
  /** Milliseconds in the encoder, and in the model and its untrained twin. */
  readonly encoderMs: number
  readonly modelMs: number
}

/** (height, width) of bytes, 0 paper to 255 ink. */
export interface LivePicture {
  readonly width: number
  readonly height: number
  readonly values: Uint8Array
}

/** Where one place of an input looks, by the rows that were asked for. */
export type LivePoints = readonly (SamplingPoints | null)[]

/** An encoder that is open beside the explained checkpoint. */
export interface EncoderFacts {
  readonly name: string
  readonly description: EncoderDescription
  readonly parameters: number
}

/** The page's side of the wall. Failures reject with ReaderError (a sentence to show) or CancelledError. */
export interface Engine extends TensorLooks {
  /** Starts the backend if need be. */
  backend(): Promise<BackendReport>
  /** Looks into a file without running anything: is it a checkpoint, inputs, or neither? */
  inspect(file: Openable, options?: CallOptions): Promise<FileReport>
  explain(request: ExplainRequest, options?: CallOptions): Promise<ExplainReply>
  /** The last explained request with edited Gaussians and masks; without intervals, over the inputs at hand. */
  whatIf(edits: Edits): Promise<Supposed>
  /** The last explained module with edited Gaussians, as the bytes of a .safetensors file; masks are no parameters. */
  saveEdited(heads: readonly HeadEdit[], which: EditedTensors, options?: CallOptions): Promise<Uint8Array<ArrayBuffer>>
  /** Opens a frozen encoder; its tokenizer, where it has one, lies beside it. */
  openEncoder(encoder: Openable, options?: CallOptions): Promise<EncoderFacts>
  /** Reads one input with the last explained checkpoint, raw ones through the open encoder. Numbers are moved away. */
  readLive(sample: LiveSample): Promise<LiveReading>
  /**
   * Where the place under a column of the map looks, in each of these rows of the last live reading; null for a row that
   * samples no points, and in place of all where nothing has been read.
   */
  livePoints(rows: readonly number[], column: number): Promise<LivePoints | null>
  /** The density map (rows, cols) of one input of the last explained request. */
  sampleMap(index: number): Promise<Grid>
  /**
   * Where the place under a column of the map looks, in one row of one input of the last explained request; null where
   * that row samples no points.
   */
  samplingPoints(index: number, row: number, column: number): Promise<SamplingPoints | null>
  /** Gives the worker a canvas for `drawSample` to draw on. */
  takeCanvas(canvas: OffscreenCanvas): Promise<void>
  /** Draws one input's map on that canvas from the device; rejects where there is none. */
  drawSample(index: number, picture: MapPicture): Promise<void>
  /** The running sums of a map, which is copied to the worker. */
  sumUp(map: Grid): Promise<MapSums>
  dispose(): void
}
