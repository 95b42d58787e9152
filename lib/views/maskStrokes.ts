import type {Edits} from '@/lib/models/family'
import type {FigureMarks} from '@/lib/views/figure'
import {columnEdges} from '@/lib/views/heatmap'
import {placeOf} from '@/lib/views/layout'

/** A line through what is masked, in the figure's coordinates. */
export interface MaskStroke {
  readonly key: string
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** Strikes masked rows through at their numbers and over the map, and masked columns over the map. */
export function maskStrokes(marks: FigureMarks, {rows, cols}: Edits['masked']): MaskStroke[] {
  const {layout, heatmap} = marks
  const map = placeOf(layout, 'c')
  const across = layout.rows
    .filter(({layer}) => rows.includes(layer))
    .flatMap(({layer, y, height}) =>
      layout.sections.flatMap(({top}, i) => {
        const at = top + y + height / 2
        const {numberX} = layout.spine
        const number = {key: `number ${layer} ${i}`, x1: numberX - 20, y1: at, x2: numberX + 5, y2: at}
        if (!map || map.section.top !== top) return [number]
        const {x, frame} = map.panel
        return [number, {key: `row ${layer}`, x1: x, y1: at, x2: x + frame.width, y2: at}]
      })
    )
  if (!map || !heatmap?.cells) return across
  const down = cols.flatMap((column) => {
    const edges = columnEdges(heatmap, column)
    if (!edges) return []
    const x = map.panel.x + (edges[0] + edges[1]) / 2
    return [{key: `column ${column}`, x1: x, y1: map.section.top - 4, x2: x, y2: map.section.top + layout.rowsHeight}]
  })
  return [...across, ...down]
}
