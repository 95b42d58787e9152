import type {Grid} from '@/lib/core/grid'
import type {Explanation} from '@/lib/explain/explanation'
import type {Finding, TensorEntry} from '@/lib/formats/archive'
import type {Detection, NoDetection, OpenQuestion, Settings} from '@/lib/models/family'

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
}

/** What a file turned out to hold. */
export interface FileReport {
  readonly name: string
  readonly size: number
  readonly format: string
  readonly entries: readonly TensorEntry[]
  readonly findings: readonly Finding[]
  readonly detection: Detection | NoDetection
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
  readonly onProgress?: (progress: Progress) => void
}

/** The page's side of the wall. Failures reject with ReaderError (a sentence to show) or CancelledError. */
export interface Engine {
  /** Starts the backend if need be. */
  backend(): Promise<BackendReport>
  /** Looks into a file without running anything: is it a checkpoint, inputs, or neither? */
  inspect(file: Openable, options?: CallOptions): Promise<FileReport>
  explain(request: ExplainRequest, options?: CallOptions): Promise<ExplainReply>
  /** The density map (rows, cols) of one input of the last explained request. */
  sampleMap(index: number): Promise<Grid>
  dispose(): void
}
