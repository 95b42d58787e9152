import {at} from '@/lib/core/grid'
import {count} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import type {CellRow} from '@/lib/views/cellRow'
import type {PanelFrame} from '@/lib/views/frame'
import {textWidth} from '@/lib/views/rowText'
import {columnsBeside, type ShownCells} from '@/lib/views/shownCells'

/** The cell that alone sets an end of the scale, and the note that names it. */
export interface BoxedCell {
  readonly layer: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Null where there is no room for it. */
  readonly note: {readonly text: string; readonly x: number; readonly anchor: 'start' | 'end'} | null
}

/** Names and boxes the cell that alone sets the zero (or the one) of IF; null when none does or it is out of view. */
export function boxedCell(
  {density, scale, scaleCell, axes}: Explanation,
  cells: ShownCells,
  rows: readonly CellRow[],
  frame: PanelFrame
): BoxedCell | null {
  if (!scaleCell || !density) return null
  const row = rows.find(({from, to}) => scaleCell.row >= from && scaleCell.row < to)
  const {window, width} = cells
  if (!row || scaleCell.col + 0.5 < window[0] || scaleCell.col + 0.5 >= window[1]) return null
  const edge = (column: number) => ((column - window[0]) / (window[1] - window[0])) * width
  const [first, last] = columnsBeside(cells, scaleCell.col)
  const [left, right] = [Math.max(0, edge(first)), Math.min(width, edge(last))]
  const [x0, x1] = [Math.min(left, width - 3), Math.max(right, left + 3)]
  const value = at(density, scaleCell.row, scaleCell.col)
  const end = scale && Math.abs(value - scale[1]) < Math.abs(value - scale[0]) ? 'one' : 'zero'
  const rowName = axes?.rowName ?? 'layer'
  const column = `${axes?.colName ?? 'feature'} ${count(scaleCell.col + 1)}`
  const merged = row.to - row.from > 1
  const wordings = merged
    ? [`one cell in ${rowName}s ${row.from + 1}–${row.to}, ${column} sets the ${end}`]
    : ['alone sets', 'sets'].map((sets) => `${rowName} ${row.from + 1}, ${column} ${sets} the ${end}`)
  const note = noteBeside((x0 + x1) / 2, frame.width, wordings)
  return {layer: row.layer, x: x0, y: row.y, width: x1 - x0, height: row.height, note}
}

// The longest wording that fits to the left of x, or else to its right.
function noteBeside(x: number, width: number, wordings: readonly string[]): BoxedCell['note'] {
  for (const text of wordings) {
    const room = textWidth(text, 11.5) + 10
    if (room <= x) return {text, x: x - 8, anchor: 'end'}
    if (room <= width - x) return {text, x: x + 8, anchor: 'start'}
  }
  return null
}
