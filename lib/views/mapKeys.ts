import {type MapView, windowAround, zoomOf} from '@/lib/views/cellWindow'
import type {HeatmapMarks} from '@/lib/views/heatmap'
import {isZoomed, type MapGround, movedView, viewOf, zoomedView} from '@/lib/views/mapGround'

type Shown = MapGround & Pick<HeatmapMarks, 'cells'>

const keyFactor = 2
/** The share of what is shown that a key moves by. */
const keyStep = 0.25

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1]
}

/**
 * The view that a key asks for: + in and − out around the pointed-at column (or the middle), 0 for all, Shift and an
 * arrow to move. Null when the key is not about the view, or there is no map. `key` is KeyboardEvent.key.
 */
export function mapKey(key: string, shift: boolean, shown: Shown, column: number | null): MapView | null {
  if (shown.cells === null) return null
  const {window, width, height} = shown
  if (key === '+' || key === '=' || key === '-' || key === '−') {
    const visible = column !== null && column + 0.5 > window[0] && column + 0.5 < window[1]
    const x = visible ? ((column + 0.5 - window[0]) / (window[1] - window[0])) * width : undefined
    return zoomedView(shown, key === '+' || key === '=' ? keyFactor : 1 / keyFactor, x === undefined ? {} : {x})
  }
  if (key === '0') return {cols: null, rows: null}
  const arrow = shift ? arrows[key] : undefined
  if (!arrow || !isZoomed(shown)) return null
  return movedView(shown, {x: arrow[0] * width * keyStep, y: arrow[1] * height * keyStep})
}

/** The view moved just so far that this column is in it: for arrow keys that walk out of it. */
export const followColumn = (shown: Shown, column: number): MapView => ({
  ...viewOf(shown),
  cols: windowAround(zoomOf(shown.window, shown.cols), shown.cols, shown.width, column)
})

/** The view moved just so far that this row of the map is in it. */
export function followRow(shown: Shown, row: number): MapView {
  const {rowZoom, height} = shown
  const view = viewOf(shown)
  return rowZoom ? {...view, rows: windowAround(view.rows, rowZoom.rows, height, row)} : view
}
