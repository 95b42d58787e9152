import type {StoreApi} from 'zustand/vanilla'
import type {BackendReport, FileReport, Openable, Progress, SamplePictures} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {OpenQuestion, Settings} from '@/lib/models/family'

/** A shipped example, as its card in public/examples/<id>/card.json describes it. */
export interface ExampleCard {
  readonly id: string
  readonly title: string
  /** "12 layers × 64, vision transformer" */
  readonly summary: string
  /** How it was made, accuracy, seed, counts: paragraphs. */
  readonly about: readonly string[]
  readonly checkpoint: string
  readonly inputs: readonly string[]
  /** Precomputed by the command line. */
  readonly explanation: string
  readonly classes: readonly string[]
  /** Bytes of checkpoint and inputs together. */
  readonly bytes: number
  /** base64 of (count, height, width) bytes, 0 paper to 255 ink. */
  readonly pictures: {
    readonly count: number
    readonly width: number
    readonly height: number
    readonly values: string
  } | null
}

export type Work =
  | {readonly kind: 'ready'}
  /** `visible` turns true once the work has lasted half a second: then progress and Cancel are shown. */
  | {readonly kind: 'working'; readonly name: string; readonly progress: Progress | null; readonly visible: boolean}

export interface Trouble {
  readonly title: string
  /** What was found and what was needed. */
  readonly message: string
  /** What happened to the figure: "Your figure is unchanged." */
  readonly after: string
  /** The tensor table, when the file itself opened. */
  readonly report: FileReport | null
}

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

  /** Files from a drop or a file picker: tells checkpoints from inputs by what is in them. */
  openFiles: (files: readonly File[]) => Promise<void>
  openExample: (card: ExampleCard) => Promise<void>
  answer: (settings: Settings) => Promise<void>
  askSampleMap: (sample: number) => Promise<void>
  cancel: () => void
  dismissTrouble: () => void
  /** Back to what was open before. */
  undo: () => void
}

export type SessionStore = StoreApi<Session>
export type {Openable}
