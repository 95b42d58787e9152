import {type CellWindow, type MapView, movedWindow, zoomedWindow, zoomOf} from '@/lib/views/cellWindow'
import type {HeatmapMarks} from '@/lib/views/heatmap'

/** What zooming a map needs to know of it. */
export type MapGround = Pick<HeatmapMarks, 'width' | 'height' | 'cols' | 'window' | 'rowZoom'>

/** A place on the map, px from its top left corner. */
export interface MapPlace {
  readonly x: number
  readonly y: number
}

/** What is shown now. */
export const viewOf = ({window, cols, rowZoom}: MapGround): MapView => ({
  cols: zoomOf(window, cols),
  rows: rowZoom && zoomOf(rowZoom.window, rowZoom.rows)
})

export function isZoomed(ground: MapGround): boolean {
  const {cols, rows} = viewOf(ground)
  return cols !== null || rows !== null
}

/** The view after zooming in by `factor` (out below 1); what lies under `place` stays there, by default the middle. */
export function zoomedView(ground: MapGround, factor: number, place: Partial<MapPlace> = {}): MapView {
  const {width, height, cols, window, rowZoom} = ground
  const now = viewOf(ground)
  return {
    cols: zoomedWindow(
      now.cols,
      cols,
      width,
      factor,
      place.x === undefined ? undefined : cellAt(window, place.x, width)
    ),
    rows:
      rowZoom &&
      zoomedWindow(
        now.rows,
        rowZoom.rows,
        height,
        factor,
        place.y === undefined ? undefined : cellAt(rowZoom.window, place.y, height)
      )
  }
}

/** The view moved right and down by px. */
export function movedView(ground: MapGround, {x, y}: MapPlace): MapView {
  const {width, height, cols, window, rowZoom} = ground
  const now = viewOf(ground)
  return {
    cols: movedWindow(now.cols, cols, width, (x / width) * extentOf(window)),
    rows: rowZoom && movedWindow(now.rows, rowZoom.rows, height, (y / height) * extentOf(rowZoom.window))
  }
}

const extentOf = ([start, stop]: CellWindow): number => stop - start
const cellAt = (window: CellWindow, px: number, length: number): number => window[0] + (px / length) * extentOf(window)
