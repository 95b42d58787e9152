import type {FigureMarks} from '@/lib/views/figure'
import type {FigureSection} from '@/lib/views/layout'
import type {NotePlace} from '@/lib/views/note'

/** A mark that something is noted here: a folded corner whose right angle is at x, y. Coordinates are the figure's. */
export interface NoteMark {
  readonly key: string
  readonly x: number
  readonly y: number
  /** Length of its sides, px. */
  readonly size: number
  /** A column's mark points down at it. */
  readonly points: 'corner' | 'down'
}

/** The marks of notes on what the figure shows. `rowOf` finds a layer's line; null where it has none. */
export function noteMarks(
  marks: FigureMarks,
  places: readonly NotePlace[],
  rowOf: (layer: number) => number | null
): readonly NoteMark[] {
  const {layout} = marks
  if (!layout.known) return []
  const found = places.flatMap((place) =>
    layout.sections.flatMap((section, i) => marksIn(marks, section, i, place, rowOf))
  )
  // Two notes in one place are one mark.
  return [...new Map(found.map((mark) => [mark.key, mark])).values()]
}

function marksIn(
  marks: FigureMarks,
  section: FigureSection,
  index: number,
  place: NotePlace,
  rowOf: (layer: number) => number | null
): readonly NoteMark[] {
  const {layout, heatmap} = marks
  const {rows, blocks, spine, rowHeight} = layout
  const {top, panels} = section
  const size = Math.max(5, Math.min(8, rowHeight * 0.4))
  const map = panels.find(({letter}) => letter === 'c')
  const bandOf = (layer: number) => {
    const row = rowOf(layer)
    return rows.find((band) => band.layer === row)
  }
  const xOf = (feature: number, along: number): number | null => {
    if (!map || !heatmap?.cells) return null
    const [start, stop] = heatmap.window
    const at = feature + along
    return at < start || at > stop ? null : map.x + ((at - start) / (stop - start)) * heatmap.width
  }
  switch (place.on) {
    case 'layer': {
      const band = bandOf(place.layer)
      const key = `layer ${place.layer} ${index}`
      return band ? [{key, x: spine.bandX, y: top + band.y, size, points: 'corner'}] : []
    }
    case 'head': {
      const block = blocks.find(({head}) => head === place.head)
      const key = `head ${place.head} ${index}`
      return block ? [{key, x: 0, y: top + block.y - size - 4, size, points: 'corner'}] : []
    }
    case 'feature': {
      const x = xOf(place.feature, 0.5)
      return x === null ? [] : [{key: `feature ${place.feature}`, x, y: top - 1, size, points: 'down'}]
    }
    case 'cell': {
      const band = bandOf(place.layer)
      const x = xOf(place.feature, 0)
      const key = `cell ${place.layer} ${place.feature}`
      return band && x !== null ? [{key, x, y: top + band.y, size, points: 'corner'}] : []
    }
    default:
      return []
  }
}
