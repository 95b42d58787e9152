import type {FigureMarks} from '@/lib/views/figure'
import {columnEdges} from '@/lib/views/heatmap'
import {placeOf} from '@/lib/views/layout'

/** A brushed set of features: its two edges over the map and a bar above them, in the figure's coordinates, px. */
export interface BrushBand {
  readonly x0: number
  readonly x1: number
  readonly top: number
  readonly bottom: number
  /** `features 11–20` */
  readonly text: string
}

/** Features first inclusive, last exclusive. */
export type Brush = readonly [start: number, stop: number]

/** The band of a brushed set as far as the map shows it; null where it does not. */
export function brushBand({layout, heatmap}: FigureMarks, brush: Brush | null): BrushBand | null {
  const map = placeOf(layout, 'c')
  if (brush === null || !map || !heatmap?.cells) return null
  const {window, colName} = heatmap
  const first = columnEdges(heatmap, Math.max(brush[0], Math.ceil(window[0])))
  const last = columnEdges(heatmap, Math.min(brush[1], Math.floor(window[1])) - 1)
  if (!first || !last || brush[1] <= window[0] || brush[0] >= window[1]) return null
  const {x} = map.panel
  const {top} = map.section
  return {
    x0: x + first[0],
    x1: x + last[1],
    top: top - 3,
    bottom: top + layout.rowsHeight,
    text: brush[1] - brush[0] > 1 ? `${colName}s ${brush[0] + 1}–${brush[1]}` : `${colName} ${brush[0] + 1}`
  }
}

/** What a key adds to a brush at this feature, or takes away: inside of it, all of it is let go of. */
export function brushedWith(brush: Brush | null, feature: number): Brush | null {
  if (brush === null) return [feature, feature + 1]
  if (feature >= brush[0] && feature < brush[1]) return null
  return [Math.min(brush[0], feature), Math.max(brush[1], feature + 1)]
}
