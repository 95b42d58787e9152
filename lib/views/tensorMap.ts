import {sequentialRamp, type Theme} from '@/lib/core/colour'
import {count, fixed} from '@/lib/core/number'
import type {SlicePart, TensorSlice} from '@/lib/engine/protocol'
import type {CellWindow, MapView} from '@/lib/views/cellWindow'
import {type ColourScale, divergingScale, legendOf, sequentialScale} from '@/lib/views/colourScale'
import {columnTicks, rowTicks} from '@/lib/views/columnTicks'
import type {PanelFrame} from '@/lib/views/frame'
import {type HeatmapMarks, stripOf} from '@/lib/views/heatmap'
import {textWidth} from '@/lib/views/rowText'

export interface TensorMapOptions {
  /** Of the whole picture, px. */
  readonly width: number
  readonly theme: Theme
  readonly rowName: string
  readonly colName: string
  readonly view: MapView
  /** A part that was read once more, the nearer; drawn while it holds all that is shown. */
  readonly detail?: TensorSlice | null
}

/** A slice as the marks of the heatmap, and where they stand in their picture. */
export interface TensorMap {
  readonly marks: HeatmapMarks
  /** What is drawn: the slice, or its nearer part. */
  readonly slice: TensorSlice
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const above = 24
const below = 42
const strips = 10
const tallest = 240
const label = 11.5

/** A slice of a tensor, or what is in view of it: numbers on both sides of zero get the diverging scale. */
export function tensorMap(
  whole: TensorSlice,
  {width: outer, theme, rowName, colName, view, detail = null}: TensorMapOptions
): TensorMap {
  const {extent, cols, rows} = whole
  const columns = view.cols ?? ([0, cols] as const)
  const lines = view.rows ?? ([0, rows] as const)
  const slice = detail && holds(detail.part, columns, lines) ? detail : whole
  const left = rows > 1 ? Math.ceil(textWidth(count(rows - 1), label)) + 8 : 0
  // The last label stands under the middle of its column, and the strip of the rows beside them.
  const right = Math.max(Math.ceil(textWidth(count(cols), label) / 2) + 4, strips)
  const width = Math.max(40, outer - left - right)
  const height = heightOf(rows)
  const frame = {width, height, keyY: -12, captionY: -4, axisY: height + 6} as PanelFrame
  const scale = extent && scaleOf(extent, theme)
  const shown = cellsIn(slice.part.cols, slice.cells.cols, columns)
  const [from, to] = cellsIn(slice.part.rows, slice.cells.rows, lines)
  const perPixel = (columns[1] - columns[0]) / width
  const marks: HeatmapMarks = {
    width,
    height,
    rows: [{layer: 0, y: 0, height, from, to}],
    cols,
    window: columns,
    rowZoom: rows > 1 ? {rows, window: lines} : null,
    cells: scale
      ? {map: slice.cells, sums: slice.sums, window: shown, width, perPixel: (shown[1] - shown[0]) / width}
      : null,
    ramp: scale?.ramp ?? sequentialRamp(theme),
    theme,
    domain: scale?.domain ?? [0, 1],
    legend: scale ? legendOf(scale, frame) : null,
    axis: {
      x0: 0,
      x1: width,
      y: frame.axisY,
      ticks: columnTicks(columns, cols, width, 0),
      title: titleOf(
        [rows > 1 ? `${colName} across, ${rowName} down` : colName],
        [
          ...(perPixel > 1 ? [`${fixed(perPixel, 1)} columns per pixel, mean`] : []),
          ...(whole.notFinite > 0 ? [`${count(whole.notFinite)} not finite`] : [])
        ],
        outer
      ),
      ...(view.cols ? {titleY: frame.axisY + 28} : {})
    },
    rowTicks: rows > 1 ? rowTicks(lines, rows, height) : [],
    overview: view.cols ? stripOf(columns, cols, width, frame.axisY + 32) : null,
    rowOverview: view.rows ? stripOf(lines, rows, height, width + 4) : null,
    boxed: null,
    absent: scale ? [] : ['No element of this slice is a finite number.'],
    colName,
    captionY: frame.captionY,
    gloss: '',
    label: scale
      ? `Slice of ${count(rows)} by ${count(cols)}, from ${scale.low} to ${scale.high}.`
      : 'No element of this slice is a finite number.'
  }
  return {marks, slice, left, top: above, width: outer, height: above + height + below}
}

/** The part to read for what is shown: as much again on every side, so that a short way needs no reading. */
export function partAround({cols, rows}: TensorSlice, view: MapView): SlicePart {
  const around = (window: CellWindow | null, length: number): readonly [number, number] => {
    const [start, stop] = window ?? [0, length]
    const more = (stop - start) / 2
    return [Math.max(0, Math.floor(start - more)), Math.min(length, Math.ceil(stop + more))]
  }
  return {rows: around(view.rows, rows), cols: around(view.cols, cols)}
}

/** Whether reading this part anew would show more than the slice that is there. */
export const worthReading = ({spread, part}: TensorSlice, wanted: SlicePart): boolean =>
  spread !== null && areaOf(wanted) < 0.75 * areaOf(part)

/** Whether a part that was read shows the view as well as reading it anew would. */
export function nearEnough(detail: TensorSlice, wanted: SlicePart, {cols, rows}: MapView): boolean {
  if (!holds(detail.part, cols ?? [0, detail.cols], rows ?? [0, detail.rows])) return false
  return detail.spread === null || areaOf(detail.part) <= 2 * areaOf(wanted)
}

const areaOf = ({rows, cols}: SlicePart): number => (rows[1] - rows[0]) * (cols[1] - cols[0])

const holds = ({rows, cols}: SlicePart, columns: CellWindow, lines: CellWindow): boolean =>
  cols[0] <= columns[0] && cols[1] >= columns[1] && rows[0] <= lines[0] && rows[1] >= lines[1]

const heightOf = (rows: number): number => (rows > tallest ? tallest : rows * Math.min(14, Math.floor(tallest / rows)))

// The window on a part in its own cells, each of which may stand for several elements.
function cellsIn([from, to]: readonly [number, number], cells: number, [start, stop]: CellWindow): CellWindow {
  const perElement = cells / (to - from)
  return [(start - from) * perElement, (stop - from) * perElement]
}

function titleOf(first: readonly string[], more: readonly string[], width: number): string {
  const wordings = [[...first, ...more], more.length > 1 ? [...first, more.at(-1)!] : first, first]
  const titles = wordings.map((words) => words.join('; '))
  return titles.find((title) => textWidth(title, label) <= width) ?? titles.at(-1)!
}

function scaleOf([low, high]: readonly [number, number], theme: Theme): ColourScale {
  if (low < 0 && high > 0) return {...divergingScale(Math.max(-low, high), theme), text: ''}
  return sequentialScale(low === high ? [low, low + 1] : [low, high], '', theme)
}
