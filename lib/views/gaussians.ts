import type {Explanation} from '@/lib/explain/explanation'
import type {Axis} from '@/lib/views/axis'
import type {HeadBlock, PanelFrame} from '@/lib/views/frame'

export interface GaussiansOptions {
  /** Draws curve minus initial curve, magnified, on an axis of its own. Default false. */
  readonly difference?: boolean
}

/** Where a layer lands on its head's mean curve: at its mean |z|. */
export interface Landing {
  readonly layer: number
  readonly x: number
  readonly y: number
  /** The layer's number beside the curve, with a leader; null where there is no room. */
  readonly label: {readonly text: string; readonly x: number; readonly y: number} | null
}

/** A small plot of offset against spread, one dot per feature, with a cross where training began. */
export interface SpreadScatter {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Dots, as one path of points. */
  readonly dots: string
  readonly initial: {readonly x: number; readonly y: number}
  readonly initialText: string
}

/** One head's Gaussians in their block of rows. Paths are SVG path data. */
export interface GaussianBlock {
  /** Unique within the panel: `h0`, or `r11` for the block of a single row in a sorted order. */
  readonly key: string
  readonly head: number
  readonly y: number
  readonly height: number
  /** Small and without notes: the block is one row of a sorted order, or less than 30 px high. */
  readonly compact: boolean
  /** |z| that a layer can reach, px; null when unknown. */
  readonly reach: {readonly x: number; readonly width: number} | null
  /** Every feature's curve, or every component's. */
  readonly curves: readonly string[]
  /** Above 128 features: 2–98 % and 25–75 % of the curves. */
  readonly bands: readonly string[]
  /** The mean curve; for a density block the one Gaussian that the product equals. */
  readonly mean: string | null
  readonly initial: string
  readonly landings: readonly Landing[]
  readonly notes: readonly {readonly x: number; readonly y: number; readonly text: string}[]
  /** Ends of the difference's own axis: `+0.05`. */
  readonly ends: readonly {readonly x: number; readonly y: number; readonly text: string}[]
  readonly scatter: SpreadScatter | null
}

/** Everything panel d needs to be drawn, and nothing that needs a document. */
export interface GaussiansMarks {
  readonly width: number
  readonly height: number
  readonly blocks: readonly GaussianBlock[]
  readonly axis: Axis
  readonly scatterAxis: Axis | null
  readonly key: {readonly y: number; readonly text: string}
  /** How much the difference is magnified when shown, for the toggle: `difference ×20`. */
  readonly magnification: number
  readonly difference: boolean
  /** True when trained and initial curves can hardly be told apart: then the difference is worth offering. */
  readonly coincide: boolean
  readonly absent: {readonly lines: readonly string[]} | null
  readonly label: string
  /** What must be said beside the picture, or null: components that cannot be identified, curves that were not drawn. */
  readonly remark: string | null
  /** The curve of one feature in the block with this key, for the pointer's fast path; null when it has none. */
  readonly curveOf: (key: string, feature: number) => string | null
}

export declare function gaussiansPanel(
  explanation: Explanation,
  frame: PanelFrame,
  options?: GaussiansOptions
): GaussiansMarks
export type {HeadBlock}
