import type {MapPlane} from '@/lib/models/family'
import {isUpward} from '@/lib/views/planeCells'

/** A word along an axis. */
export interface AxisText {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly anchor: 'start' | 'middle' | 'end'
  /** Reads upward. */
  readonly upward: boolean
}

/** Words and ticks along two axes, px. */
export interface PlaneTicks {
  readonly axis: readonly AxisText[]
  readonly ticks: readonly {readonly x: number; readonly y: number; readonly dx: number; readonly dy: number}[]
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Ticks at the middle of cells, few enough to be read, and what each way counts. */
export function axesOf(plane: MapPlane, {x, y, width, height}: Box): PlaneTicks {
  const [cellWidth, cellHeight] = [width / plane.width, height / plane.height]
  const across = tickCells(plane.width).map((cell) => ({cell, at: x + (cell + 0.5) * cellWidth}))
  const down = tickCells(plane.height).map((cell) => ({
    cell,
    at: y + ((isUpward(plane) ? plane.height - 1 - cell : cell) + 0.5) * cellHeight
  }))
  const [left, bottom] = [x - 4, y + height + 4]
  return {
    ticks: [
      ...across.map(({at}) => ({x: at, y: y + height, dx: 0, dy: 4})),
      ...down.map(({at}) => ({x: left, y: at, dx: 4, dy: 0}))
    ],
    axis: [
      ...across.map(({cell, at}) => axisText(at, bottom + 10, String(cell + 1), 'middle')),
      ...down.map(({cell, at}) => axisText(left - 4, at + 3.8, String(cell + 1), 'end')),
      axisText(x + width / 2, bottom + 26, plane.acrossName, 'middle'),
      {...axisText(x - 27, y + height / 2, plane.downName, 'middle'), upward: true}
    ]
  }
}

/** A word that reads across. */
export const axisText = (x: number, y: number, text: string, anchor: AxisText['anchor']): AxisText => ({
  x,
  y,
  text,
  anchor,
  upward: false
})

/** Up to five cells at equal steps, from the first on; the last where a step ends there. */
function tickCells(cells: number): readonly number[] {
  const step = Math.max(1, Math.ceil((cells - 1) / 4))
  const ticks = Array.from({length: Math.floor((cells - 1) / step) + 1}, (_, i) => i * step)
  return ticks.at(-1) === cells - 1 ? ticks : [...ticks.slice(0, 4), cells - 1]
}
