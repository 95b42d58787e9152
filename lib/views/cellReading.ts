import type {Grid} from '@/lib/core/grid'
import {count, fixed, signed} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {capital} from '@/lib/explain/words'
import {digitsFor} from '@/lib/views/colourScale'
import type {HeatmapMarks, OwnMap} from '@/lib/views/heatmap'
import {importanceName} from '@/lib/views/importanceName'
import {placeName} from '@/lib/views/planeCells'
import type {PointReading} from '@/lib/views/rowReading'
import {columnsBeside, readBox} from '@/lib/views/shownCells'

/**
 * The numbers of one column in one row of the figure (a mean where that row stands for several of the map), and where
 * pixels are shared, what its pixel holds: how many cells, their smallest, mean and largest. Null when the map has no
 * such cell.
 */
export function cellReading(
  explanation: Explanation,
  marks: HeatmapMarks,
  layer: number,
  column: number,
  own: OwnMap | null = null
): PointReading | null {
  const {density, nullDensity, importance, axes} = explanation
  const map = own?.values ?? density
  const row = marks.rows.find((candidate) => candidate.layer === layer)
  if (!map || !row || row.to > map.rows || column >= map.cols) return null
  const digits = Math.max(3, digitsFor(marks.domain))
  const of = (grid: Grid) => readBox(grid, {rows: [row.from, row.to], cols: [column, column + 1]}).mean
  const value = of(map)
  const untrained = own || !nullDensity ? null : of(nullDensity)
  const merged = row.to - row.from > 1
  const rows = [
    {
      label: own ? capital(own.name) : merged ? `Mean of ${row.to - row.from}` : 'Density',
      value: finite(value, digits)
    },
    ...(own && density ? [{label: 'Mean density', value: finite(of(density), digits)}] : []),
    ...(untrained === null
      ? []
      : [
          {label: 'Untrained', value: finite(untrained, digits)},
          {label: 'Learned part', value: Number.isFinite(value) ? signed(value - untrained, digits) : notFinite}
        ]),
    ...(own || !importance
      ? []
      : [{label: capital(importanceName(explanation).short), value: finite(of(importance), 2)}]),
    ...pixelRows(marks, [row.from, row.to], column, digits)
  ]
  const name = `${capital(axes?.rowName ?? 'layer')}${merged ? `s ${row.from + 1}–${row.to}` : ` ${row.from + 1}`}`
  const place = axes?.plane ? placeName(axes.plane, column) : `${marks.colName} ${count(column + 1)}`
  return {title: `${name}, ${place}`, rows}
}

const notFinite = 'not finite'
const finite = (value: number, digits: number): string => (Number.isFinite(value) ? fixed(value, digits) : notFinite)

function pixelRows({cells, colName}: HeatmapMarks, rows: readonly [number, number], column: number, digits: number) {
  if (cells === null || rows[1] > cells.map.rows) return []
  const cols = columnsBeside(cells, column)
  const box = readBox(cells.map, {rows, cols})
  if (box.cells === 1) return []
  const across = cols[1] - cols[0]
  const what = rows[1] - rows[0] === 1 ? `${across} ${colName}s` : `${count(box.cells)} cells`
  return [
    {
      label: `${across > 1 ? 'This pixel' : 'Here'}, ${what}`,
      value: `${finite(box.min, digits)} to ${finite(box.max, digits)}`
    },
    ...(across > 1 ? [{label: 'Its mean', value: finite(box.mean, digits)}] : []),
    ...(box.notFinite > 0 ? [{label: 'Not finite', value: count(box.notFinite)}] : [])
  ]
}
