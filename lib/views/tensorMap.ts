import {sequentialRamp, type Theme} from '@/lib/core/colour'
import {count} from '@/lib/core/number'
import type {TensorSlice} from '@/lib/engine/protocol'
import {type ColourScale, divergingScale, legendOf, sequentialScale} from '@/lib/views/colourScale'
import {columnTicks} from '@/lib/views/columnTicks'
import type {PanelFrame} from '@/lib/views/frame'
import type {HeatmapMarks} from '@/lib/views/heatmap'
import {reducedCells} from '@/lib/views/reducedCells'

export interface TensorMapOptions {
  readonly width: number
  readonly theme: Theme
  readonly rowName: string
  readonly colName: string
}

const above = 24
const tallest = 240

/** Height of a slice's map with its legend and axis, px. */
export const tensorMapHeight = ({cells}: TensorSlice): number => above + rowsHeight(cells.rows) + 42

const rowsHeight = (rows: number): number => rows * Math.max(1, Math.min(14, Math.floor(tallest / rows)))

/** A slice of a tensor as the marks of the heatmap: numbers on both sides of zero get the diverging scale. */
export function tensorMap(slice: TensorSlice, {width, theme, rowName, colName}: TensorMapOptions): HeatmapMarks {
  const {cells, extent, cols, rows, notFinite} = slice
  const height = rowsHeight(cells.rows)
  const rowHeight = height / cells.rows
  const frame = {width, height, keyY: -12, captionY: -4, axisY: height + 6} as PanelFrame
  const scale = extent && scaleOf(extent, theme)
  const perCell = cols / cells.cols
  const merged = [
    ...(rows > cells.rows ? [`${count(rows)} rows as ${cells.rows}`] : []),
    ...(perCell > 1 || cells.cols > width ? ['columns averaged'] : []),
    ...(notFinite > 0 ? [`${count(notFinite)} not finite`] : [])
  ]
  return {
    width,
    height,
    rows: Array.from({length: cells.rows}, (_, layer) => ({layer, y: layer * rowHeight, height: rowHeight})),
    cols: cells.cols,
    window: [0, cells.cols],
    cells: scale ? reducedCells(cells, [0, cells.cols], width) : null,
    ramp: scale?.ramp ?? sequentialRamp(theme),
    theme,
    domain: scale?.domain ?? [0, 1],
    legend: scale ? legendOf(scale, frame) : null,
    axis: {
      x0: 0,
      x1: width,
      y: frame.axisY,
      ticks: columnTicks([0, cols], cols, width),
      title: [`${colName} across, ${rowName} down`, ...merged].join('; ')
    },
    overview: null,
    boxed: null,
    absent: scale ? [] : ['No element of this slice is a finite number.'],
    colName,
    captionY: frame.captionY,
    gloss: '',
    label: scale
      ? `Slice of ${count(rows)} by ${count(cols)}, from ${scale.low} to ${scale.high}.`
      : 'No element of this slice is a finite number.'
  }
}

function scaleOf([low, high]: readonly [number, number], theme: Theme): ColourScale {
  if (low < 0 && high > 0) return {...divergingScale(Math.max(-low, high), theme), text: ''}
  return sequentialScale(low === high ? [low, low + 1] : [low, high], '', theme)
}
