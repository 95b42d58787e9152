import type {MapPicture} from '@/lib/models/mapCanvas'
import {edgesOf, hatchOf, tintsOf} from '@/lib/views/bitmap'
import {cellSpans} from '@/lib/views/cellSpans'
import type {HeatmapMarks} from '@/lib/views/heatmap'

/** The same cells as `bitmap` paints, for a device to paint; null while there are none. */
export function mapPicture(
  {cells, rows, width, height, domain, ramp, theme}: HeatmapMarks,
  pixelRatio: number
): MapPicture | null {
  const [across, down] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)]
  if (cells === null || across < 1 || down < 1) return null
  const starts = new Int32Array(down)
  const stops = new Int32Array(down)
  for (const row of rows) {
    const [top, bottom] = edgesOf(row, pixelRatio, down)
    const lines = cellSpans([row.from, row.to], cells.map.rows, Math.max(0, bottom - top))
    starts.set(lines.starts, top)
    stops.set(lines.stops, top)
  }
  return {
    spans: {rows: {starts, stops}, cols: cellSpans(cells.window, cells.map.cols, across)},
    low: domain[0],
    high: domain[1],
    colours: tintsOf(ramp),
    hatch: hatchOf(theme, pixelRatio)
  }
}
