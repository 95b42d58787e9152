import type {Grid} from '@/lib/core/grid'
import type {Explanation} from '@/lib/explain/explanation'
import type {CellWindow} from '@/lib/views/cellWindow'
import {type FigureMarks, figureMarks} from '@/lib/views/figure'
import type {MapKind, Order, PanelLetter} from '@/lib/views/frame'
import {figureLayout} from '@/lib/views/layout'
import type {Reader} from '@/lib/views/readerMarks'
import {figureRows} from '@/lib/views/rowOrder'
import {shownRows} from '@/lib/views/shownRows'

/** How the reader looks at the figure; what merely lies under the pointer is not part of it. */
export interface ExportView {
  readonly order: Order
  readonly map: MapKind
  readonly pinned: number | null
  readonly pinnedFeature: number | null
  readonly solo: number | null
  readonly enlarged: PanelLetter | null
  readonly window: CellWindow | null
  readonly rowWindow: CellWindow | null
}

/** One input's own map in place of the mean. */
export interface ExportedMap {
  readonly values: Grid
  readonly name: string
}

/** The widest form at a window of 1280 px, whatever the window is. */
const width = 1232
const headAndAxes = 118

/** The figure as it is exported: light, wide, as high as its rows want to be, with what the reader holds. */
export function exportFigure(
  explanation: Explanation,
  view: ExportView,
  own: ExportedMap | null = null
): {readonly marks: FigureMarks; readonly reader: Reader} {
  const rows = shownRows(explanation, view.rowWindow)
  const stand = figureRows(rows.explanation, view.order)
  const breaks = stand.order === null ? stand.heads.filter((head, i) => i > 0 && head !== stand.heads[i - 1]).length : 0
  const height = headAndAxes + stand.heads.length * rowHeight(stand.heads.length) + 12 * breaks
  const layout = figureLayout(stand, {width, height}, {form: 'wide', enlarged: view.enlarged})
  const marks = figureMarks(
    {
      explanation: rows.explanation,
      labels: rows.labels,
      merged: rows.whole && {whole: rows.whole, groups: rows.groups, window: view.rowWindow},
      theme: 'light',
      map: view.map,
      own,
      window: view.window,
      difference: false,
      partial: false
    },
    layout
  )
  const rowOf = (layer: number | null) => (layer === null ? null : rows.rowOf(layer))
  return {
    marks,
    reader: {
      layer: null,
      feature: view.pinnedFeature,
      pinned: rowOf(view.pinned),
      solo: rowOf(view.solo),
      focused: false
    }
  }
}

const rowHeight = (rows: number): number => (rows <= 12 ? 28.5 : rows <= 24 ? 17 : rows <= 40 ? 13 : 11.5)
