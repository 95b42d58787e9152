import {type ColumnWindow, windowAround, zoomedWindow} from '@/lib/views/columnWindow'
import type {HeatmapMarks} from '@/lib/views/heatmap'

type Shown = Pick<HeatmapMarks, 'cells' | 'window' | 'cols' | 'width'>

const keyFactor = 2

/**
 * The window that a key asks for: + in and − out around the pointed-at column (or the middle), 0 for all columns. Null
 * when the key is not about zooming, or there is no map. `key` is KeyboardEvent.key.
 */
export function columnKey(key: string, shown: Shown, column: number | null): {window: ColumnWindow | null} | null {
  if (shown.cells === null) return null
  const {cols, width} = shown
  const window = zoomOf(shown)
  const at = column === null ? undefined : column + 0.5
  if (key === '+' || key === '=') return {window: zoomedWindow(window, cols, width, keyFactor, at)}
  if (key === '-' || key === '−') return {window: zoomedWindow(window, cols, width, 1 / keyFactor, at)}
  return key === '0' ? {window: null} : null
}

/** The window moved just so far that this column is in view: for arrow keys that walk out of it. */
export const followColumn = (shown: Shown, column: number): ColumnWindow | null =>
  windowAround(zoomOf(shown), shown.cols, shown.width, column)

const zoomOf = ({window, cols}: Shown): ColumnWindow | null => (window[1] - window[0] < cols ? window : null)
