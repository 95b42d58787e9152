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
 * them all; a panel owns only its width.
 */
export interface PanelFrame {
  readonly width: number
  /** Height of all rows and gaps together. */
  readonly height: number
  readonly rowHeight: number
  readonly density: RowDensity
  readonly rows: readonly RowBand[]
  readonly blocks: readonly HeadBlock[]
  /** True when rows stand in the model's own order, heads together. */
  readonly modelOrder: boolean
}
