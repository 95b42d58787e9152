import type {Theme} from '@/lib/core/colour'
import type {Explanation} from '@/lib/explain/explanation'
import type {Axis} from '@/lib/views/axis'
import type {PanelFrame} from '@/lib/views/frame'

export interface SignalOptions {
  readonly theme: Theme
  /** True while the numbers are being computed: dotted rows, and no sentence about what is missing. */
  readonly pending?: boolean
}

/** The distribution of standardised values in one layer. Paths are SVG path data. */
export interface SignalRow {
  readonly layer: number
  readonly area: string
  readonly outline: string
  /** Key of the gradient that fills it. */
  readonly gradient: string
}

/** The density colour each z would get, left to right across the panel. One per head. */
export interface SignalGradient {
  readonly key: string
  readonly stops: readonly {readonly offset: number; readonly colour: string}[]
}

/** Everything panel e needs to be drawn, and nothing that needs a document. */
export interface SignalMarks {
  readonly width: number
  readonly height: number
  readonly rows: readonly SignalRow[]
  readonly gradients: readonly SignalGradient[]
  readonly axis: Axis
  readonly key: {readonly y: number; readonly text: string}
  readonly absent: {readonly lines: readonly string[]} | null
  readonly label: string
  /** y of the rows' dotted lines while pending. */
  readonly dotted: readonly number[]
}

export declare function signalPanel(explanation: Explanation, frame: PanelFrame, options: SignalOptions): SignalMarks
