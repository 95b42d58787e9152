import type {Ramp, Theme} from '@/lib/core/colour'
import type {Grid} from '@/lib/core/grid'
import type {Explanation, Interval} from '@/lib/explain/explanation'
import type {Axis} from '@/lib/views/axis'
import type {MapKind, PanelFrame} from '@/lib/views/frame'

/** The columns that are shown, first inclusive, last exclusive. Fractions are welcome: a drag moves by pixels. */
export type ColumnWindow = readonly [start: number, stop: number]

export interface HeatmapOptions {
  readonly map: MapKind
  readonly theme: Theme
  /** Null (the default) for all columns. */
  readonly window?: ColumnWindow | null
  /** One input's own density map in place of the mean; its domain defaults to its own smallest and largest value. */
  readonly own?: {readonly values: Grid; readonly name: string; readonly domain?: Interval} | null
  /** True while the map is being computed: dotted rows, and no sentence about what is missing. */
  readonly pending?: boolean
}

/** A row of cells on the bitmap, px; what lies between rows stays paper. */
export interface HeatmapRow {
  readonly layer: number
  readonly y: number
  readonly height: number
}

/**
 * The visible cells, at most one per pixel. Each bin holds the mean, the smallest and the largest of the finite cells
 * whose centre falls into it, and how many are not finite. All grids are (rows of the map, bins).
 */
export interface Reduced {
  readonly window: ColumnWindow
  readonly bins: number
  /** x of every bin's left edge, and of the last one's right edge: bins + 1, px. */
  readonly edges: Float64Array
  readonly mean: Grid
  readonly min: Grid
  readonly max: Grid
  readonly notFinite: Grid
  /** Cells per pixel; 1 or less when every cell is drawn by itself. */
  readonly perPixel: number
}

/** The colour scale with both ends, on the legend's line. */
export interface HeatmapLegend {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly low: string
  readonly high: string
  /** What the numbers are: `density`, `Importance Factor`, `against untrained`. */
  readonly text: string
  readonly stops: readonly string[]
}

/** The thin strip under the axis, once zoomed: all columns, and the window on them, px. */
export interface Overview {
  readonly y: number
  readonly height: number
  readonly x0: number
  readonly x1: number
}

/** The cell that alone sets the scale: its box, and the note that names it. */
export interface BoxedCell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly text: string
  readonly textX: number
  readonly anchor: 'start' | 'end'
}

/** Everything panel c needs to be drawn, and nothing that needs a document. */
export interface HeatmapMarks {
  readonly width: number
  readonly height: number
  readonly cols: number
  readonly window: ColumnWindow
  readonly rows: readonly HeatmapRow[]
  /** Null when there is no map to draw; then `absent` says why. */
  readonly cells: Reduced | null
  readonly ramp: Ramp
  readonly domain: Interval
  readonly legend: HeatmapLegend | null
  readonly axis: Axis
  readonly overview: Overview | null
  readonly boxed: BoxedCell | null
  readonly absent: {readonly lines: readonly string[]} | null
  /** `64 features`, or `input 10 only`: for the head of the panel. */
  readonly gloss: string
  /** One sentence for those who do not see the picture. */
  readonly label: string
  readonly captionY: number
  readonly colName: string
}

/** What the pointer reads off one cell. */
export interface CellReading {
  /** `Layer 8, feature 31` */
  readonly title: string
  readonly rows: readonly {readonly label: string; readonly value: string}[]
}

export declare function heatmapPanel(explanation: Explanation, frame: PanelFrame, options: HeatmapOptions): HeatmapMarks
/** The column under x (px inside the panel), or null outside the map. */
export declare function columnAt(marks: HeatmapMarks, x: number): number | null
/** What a tooltip says about one cell: its values, and when pixels are shared, what its pixel holds. */
export declare function cellReading(
  explanation: Explanation,
  marks: HeatmapMarks,
  layer: number,
  column: number,
  options: Pick<HeatmapOptions, 'own'>
): CellReading
