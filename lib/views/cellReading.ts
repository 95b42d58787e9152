import {at} from '@/lib/core/grid'
import {count, fixed, signed} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {capital} from '@/lib/explain/words'
import {digitsFor} from '@/lib/views/colourScale'
import type {HeatmapMarks, OwnMap} from '@/lib/views/heatmap'
import {importanceName} from '@/lib/views/importanceName'
import type {PointReading} from '@/lib/views/rowReading'

/**
 * The cell's own numbers, and where pixels are shared, what its pixel holds: how many cells, their smallest, largest
 * and
 * mean. Null when the map has no such cell. `labels` names rows that were merged.
 */
export function cellReading(
  explanation: Explanation,
  marks: HeatmapMarks,
  layer: number,
  column: number,
  own: OwnMap | null = null,
  labels: readonly string[] = []
): PointReading | null {
  const {density, nullDensity, importance, axes} = explanation
  const map = own?.values ?? density
  if (!map || layer >= map.rows || column >= map.cols) return null
  const digits = Math.max(3, digitsFor(marks.domain))
  const value = at(map, layer, column)
  const untrained = own || !nullDensity ? null : at(nullDensity, layer, column)
  const rows = [
    {label: own ? capital(own.name) : 'Density', value: finite(value, digits)},
    ...(own && density ? [{label: 'Mean density', value: finite(at(density, layer, column), digits)}] : []),
    ...(untrained === null
      ? []
      : [
          {label: 'Untrained', value: finite(untrained, digits)},
          {label: 'Learned part', value: Number.isFinite(value) ? signed(value - untrained, digits) : notFinite}
        ]),
    ...(own || !importance
      ? []
      : [{label: capital(importanceName(explanation).short), value: finite(at(importance, layer, column), 2)}]),
    ...pixelRows(marks, layer, column, digits)
  ]
  const label = labels[layer] ?? String(layer + 1)
  const name = `${capital(axes?.rowName ?? 'layer')}${label.includes('–') ? 's' : ''} ${label}`
  return {title: `${name}, ${marks.colName} ${count(column + 1)}`, rows}
}

const notFinite = 'not finite'
const finite = (value: number, digits: number): string => (Number.isFinite(value) ? fixed(value, digits) : notFinite)

function pixelRows({cells, cols, colName, window}: HeatmapMarks, layer: number, column: number, digits: number) {
  if (cells === null || cells.perPixel <= 1 || layer >= cells.mean.rows) return []
  const bin = cells.binOf(column)
  if (bin < 0 || bin >= cells.mean.cols) return []
  const missing = at(cells.notFinite, layer, bin)
  let sharing = 0
  for (let col = Math.max(0, Math.floor(window[0])); col < cols && cells.binOf(col) <= bin; col++) {
    if (cells.binOf(col) === bin) sharing++
  }
  const range = `${finite(at(cells.min, layer, bin), digits)} to ${finite(at(cells.max, layer, bin), digits)}`
  return [
    {label: `This pixel, ${sharing} ${colName}s`, value: range},
    {label: 'Its mean', value: finite(at(cells.mean, layer, bin), digits)},
    ...(missing > 0 ? [{label: 'Not finite', value: count(missing)}] : [])
  ]
}
