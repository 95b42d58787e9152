import type {FigureMarks} from '@/lib/views/figure'
import type {RowBand} from '@/lib/views/frame'
import type {RowNumber} from '@/lib/views/importancePanel'
import type {FigureLayout} from '@/lib/views/layout'

/** Where the reader points and what they hold. */
export interface Reader {
  readonly layer: number | null
  readonly feature: number | null
  readonly pinned: number | null
  readonly solo: number | null
  /** The figure has the keyboard: the row that is pointed at bears a ring. */
  readonly focused: boolean
}

/** A band behind one row of one section, with the rules over it. Coordinates are the figure's. */
export interface ReaderBand {
  readonly key: string
  readonly kind: 'hover' | 'pin'
  readonly y: number
  readonly height: number
  readonly x0: number
  readonly x1: number
  /** The stretches that are filled: not behind the heatmap, whose bitmap lies beneath the drawing. */
  readonly fills: readonly {readonly x: number; readonly width: number}[]
  /** The pinned row's number on its chip. */
  readonly chip:
    | (RowNumber & {readonly x0: number; readonly width: number; readonly top: number; readonly height: number})
    | null
  /** Numbers that a small row prints only while it is pointed at, each over a piece of band. */
  readonly numbers: readonly (RowNumber & {readonly strong: boolean})[]
  readonly ring: {readonly x: number; readonly y: number; readonly width: number; readonly height: number} | null
}

/** A veil over the rows that step back while one is alone. */
export interface Veil {
  readonly key: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface ReaderMarks {
  readonly bands: readonly ReaderBand[]
  readonly veils: readonly Veil[]
  /** Rows whose numbers would stand half under another row's chip. */
  readonly hushed: ReadonlySet<number>
}

/** Height of a line of numbers, px. */
const lineHeight = 13

/** Everything the reader's hand adds to the figure. Cheap: made anew on every move of the pointer. */
export function readerMarks(marks: FigureMarks, reader: Reader): ReaderMarks {
  const {layout} = marks
  if (!layout.known) return {bands: [], veils: [], hushed: new Set()}
  const hover = reader.layer !== reader.pinned ? bandsOf(marks, reader.layer, 'hover', reader) : []
  return {
    bands: [...hover, ...bandsOf(marks, reader.pinned, 'pin', reader)],
    veils: veilsOf(layout, reader.solo),
    hushed: hushedBy(layout, [reader.layer, reader.pinned])
  }
}

function hushedBy({rows, density}: FigureLayout, held: readonly (number | null)[]): ReadonlySet<number> {
  if (density !== 'small') return new Set()
  const loud = rows.filter(({layer}) => held.includes(layer))
  const near = rows.filter((row) => loud.some(({y}) => Math.abs(y - row.y) < lineHeight))
  return new Set(near.map(({layer}) => layer))
}

function bandsOf(marks: FigureMarks, layer: number | null, kind: ReaderBand['kind'], reader: Reader): ReaderBand[] {
  const {layout} = marks
  const row = layout.rows.find((r) => r.layer === layer)
  if (row === undefined) return []
  const {bandX, numberX} = layout.spine
  const small = layout.density === 'small'
  const number = marks.spine.numbers.find((n) => n.layer === layer)
  const width = numberX + 6 - bandX
  return layout.sections.map(({top, panels}, i): ReaderBand => {
    const y = top + row.y
    const box = {x: bandX, y: small ? y - 4 : y, width, height: small ? row.height + 7 : row.height - 1}
    return {
      key: `${kind} ${i}`,
      kind,
      y,
      height: row.height,
      x0: bandX,
      x1: layout.width,
      fills: fillsOf(layout, i),
      chip:
        number && (kind === 'pin' || small)
          ? {
              ...number,
              anchor: 'end',
              y: y + row.height / 2 + number.size * 0.36,
              x0: bandX,
              width,
              top: box.y,
              height: box.height
            }
          : null,
      numbers: small && panels.some(({letter}) => letter === 'a' || letter === 'b') ? hiddenNumbers(marks, row, i) : [],
      ring: reader.focused && reader.layer === layer && i === 0 ? box : null
    }
  })
}

function fillsOf({spine, width, sections}: FigureLayout, section: number): ReaderBand['fills'] {
  const map = sections[section]!.panels.find(({letter}) => letter === 'c')
  if (map === undefined) return [{x: spine.bandX, width: width - spine.bandX}]
  const end = map.x + map.frame.width
  return [
    {x: spine.bandX, width: map.x - spine.bandX},
    {x: end, width: width - end}
  ]
}

// What rows of a and b would print if they were higher, moved to the figure's coordinates.
function hiddenNumbers(marks: FigureMarks, band: RowBand, section: number): ReaderBand['numbers'] {
  const {top, panels} = marks.layout.sections[section]!
  const xOf = (letter: 'a' | 'b') => panels.find((panel) => panel.letter === letter)?.x ?? 0
  const a = marks.importance?.rows.find(({layer}) => layer === band.layer)
  const b = marks.learned?.rows.find(({layer}) => layer === band.layer)
  const moved = (number: RowNumber | null | undefined, x: number, strong = true) =>
    number ? [{...number, x: number.x + x, y: number.y + top, size: 12, strong}] : []
  return [
    ...moved(a?.rank, xOf('a')),
    ...moved(a?.untrainedRank, xOf('a'), a?.untrainedRank?.outside),
    ...moved(a?.value, xOf('a')),
    ...(a?.more ?? []).flatMap((number) => moved(number, xOf('a'))),
    ...moved(b?.value, xOf('b')),
    ...moved(b?.interval, xOf('b'))
  ]
}

function veilsOf({rows, rowsHeight, sections, spine, width}: FigureLayout, solo: number | null): Veil[] {
  const row = rows.find(({layer}) => layer === solo)
  if (row === undefined) return []
  const x = spine.bandX
  const below = row.y + row.height
  return sections.flatMap(({top}, i) => [
    {key: `above ${i}`, x, y: top - 1, width: width - x, height: row.y + 1},
    {key: `below ${i}`, x, y: top + below, width: width - x, height: rowsHeight - below + 1}
  ])
}
