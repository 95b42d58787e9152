/**
 * The columns or rows of a map that are shown, first inclusive, last exclusive. Fractions are welcome: a drag moves by
 * pixels.
 */
export type CellWindow = readonly [start: number, stop: number]

/** The part of a map that is shown; null for all of an axis. */
export interface MapView {
  readonly cols: CellWindow | null
  readonly rows: CellWindow | null
}

/** A cell never grows wider than this, px. */
export const widestCell = 40

/** How many cells of an axis the closest zoom shows; all of them when cells are wide already. */
export const fewestCells = (cols: number, width: number): number => Math.min(cols, Math.max(1, width / widestCell))

/** The window brought back inside the map and its zoom limits; null when it shows everything. */
export function clampWindow(window: CellWindow | null, cols: number, width: number): CellWindow | null {
  if (window === null || !window.every(Number.isFinite)) return null
  const extent = Math.max(window[1] - window[0], fewestCells(cols, width))
  if (extent >= cols) return null
  const middle = (window[0] + window[1]) / 2
  const start = Math.max(0, Math.min(cols - extent, middle - extent / 2))
  return [start, start + extent]
}

/** The window after zooming in by `factor` (out below 1) with column `at` staying where it is. */
export function zoomedWindow(
  window: CellWindow | null,
  cols: number,
  width: number,
  factor: number,
  at = middleOf(window, cols)
): CellWindow | null {
  const [start, stop] = window ?? [0, cols]
  const extent = Math.max(fewestCells(cols, width), (stop - start) / factor)
  const before = (at - start) / (stop - start)
  return clampWindow([at - before * extent, at + (1 - before) * extent], cols, width)
}

/** The window moved by this many columns, no further than the map's ends. */
export function movedWindow(window: CellWindow | null, cols: number, width: number, by: number): CellWindow | null {
  if (window === null) return null
  return clampWindow([window[0] + by, window[1] + by], cols, width)
}

/** The window moved no more than it takes to show a column: for the arrow keys. */
export function windowAround(
  window: CellWindow | null,
  cols: number,
  width: number,
  column: number
): CellWindow | null {
  if (window === null) return null
  const by = Math.min(0, column - window[0]) + Math.max(0, column + 1 - window[1])
  return by === 0 ? window : movedWindow(window, cols, width, by)
}

/** The window as it is kept: null when it is the whole axis. */
export const zoomOf = (window: CellWindow, cells: number): CellWindow | null =>
  window[1] - window[0] < cells ? window : null

const middleOf = (window: CellWindow | null, cols: number): number =>
  window === null ? cols / 2 : (window[0] + window[1]) / 2
