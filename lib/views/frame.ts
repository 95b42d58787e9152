/** How the rows stand: as the model owns them, by Importance Factor, or by how much was learned. */
export type Order = 'model' | 'importance' | 'learned'
/** What the heatmap's colour means. */
export type MapKind = 'density' | 'importance' | 'learned'
/** a Importance Factor, b learned part, c density attention, d Gaussians, e signal. */
export type PanelLetter = 'a' | 'b' | 'c' | 'd' | 'e'
/** wide: one line of panels (from 1,101 px); medium: three sections (701 to 1,100); phone: three narrow ones. */
export type Form = 'wide' | 'medium' | 'phone'

/** One line of the figure: a row of the map, with where it stands. Coordinates are px inside the panel, y down. */
export interface RowBand {
  /** Index of the map's row (the layer). */
  readonly layer: number
  readonly head: number
  readonly y: number
  readonly height: number
}

/** The consecutive rows of one head. In a sorted order every row is a block of its own. */
export interface HeadBlock {
  readonly head: number
  readonly y: number
  readonly height: number
  readonly rows: readonly RowBand[]
}

/** How much fits into a row: large from 25 px, medium from 11.5 px, small below. */
export type RowDensity = 'large' | 'medium' | 'small'

/**
 * What every panel is given to draw in. All panels of a section share the same rows, so that one line runs through
 * them all; a panel owns only its width. Its origin is the top left corner of its rows: the legend stands above, at
 * `keyY`, and the axis below, at `axisY`. The panel's rule, letter, name and gloss are drawn for it.
 */
export interface PanelFrame {
  readonly letter: PanelLetter
  readonly form: Form
  /** True when the panel has the whole figure to itself: there is room for more than at rest. */
  readonly enlarged: boolean
  readonly width: number
  /** Height of all rows and gaps together. */
  readonly height: number
  readonly rowHeight: number
  readonly density: RowDensity
  readonly rows: readonly RowBand[]
  readonly blocks: readonly HeadBlock[]
  /** True when rows stand in the model's own order, heads together. */
  readonly modelOrder: boolean
  /** Middle of the legend's line; negative. */
  readonly keyY: number
  /** Baseline of the captions over the columns; negative. */
  readonly captionY: number
  /** The axis line; tick labels stand 15 px and the axis title 30 px below it. */
  readonly axisY: number
}
