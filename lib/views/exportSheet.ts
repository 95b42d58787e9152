import {linesOf} from '@/lib/views/textLines'

/** What an exported picture says of itself. */
export interface ExportLabel {
  /** The finding, the line under it, and the part of that line set in bold. */
  readonly title: string
  readonly caveat: string
  readonly strong: string | null
  /** Where the numbers come from: model, files with their SHA-256, inputs, settings, versions, date. */
  readonly facts: readonly (readonly [term: string, text: string])[]
  readonly caveats: readonly string[]
}

/** One line of text. y is its baseline. */
export interface SheetText {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly weight: number
  readonly face: 'serif' | 'sans'
  readonly ink: 'ink' | 'ink2' | 'ink3'
  /** One after the other; the strong ones in bold and full ink. */
  readonly pieces: readonly {readonly text: string; readonly strong: boolean}[]
}

/** Where everything stands on an exported picture, px from its top left corner. */
export interface ExportSheet {
  readonly width: number
  readonly height: number
  readonly texts: readonly SheetText[]
  /** Rules of 1.5 px over the notes. */
  readonly rules: readonly {readonly x: number; readonly y: number; readonly width: number}[]
  readonly figure: {readonly x: number; readonly y: number}
  /** Where attention on the input stands, for maps that lie on one. */
  readonly plane: {readonly x: number; readonly y: number} | null
}

const margin = 24
const gutter = 26
/** For the longest term, "Checkpoint". */
const termWidth = 84

/**
 * Lays out title and caveat over a figure of this size, attention on the input under it, px high, and below them the
 * caveats beside where it comes from.
 */
export function exportSheet(
  label: ExportLabel,
  figure: {readonly width: number; readonly height: number},
  plane: {readonly height: number} | null = null
): ExportSheet {
  const texts: SheetText[] = []
  /** Writes lines under one another; gives the y after the last. */
  const write = (text: string, x: number, y: number, style: LineStyle): number => {
    const strong = style.strong ? rangeOf(text, style.strong) : null
    let start = 0
    let at = y
    for (const line of linesOf(text, style.width, style.size * broadness[style.text.face])) {
      const from = text.indexOf(line, start)
      texts.push({...style.text, size: style.size, x, y: at, pieces: pieces(line, from, strong)})
      start = from + line.length
      at += style.leading
    }
    return at
  }
  const title = {text: {face: 'serif', weight: 600, ink: 'ink'}, size: 24, leading: 28} as const
  const caveat = {text: {face: 'serif', weight: 400, ink: 'ink2'}, size: 14.5, leading: 20} as const
  const note = {text: {face: 'serif', weight: 400, ink: 'ink2'}, size: 12.5, leading: 17} as const
  const fact = {text: {face: 'sans', weight: 400, ink: 'ink2'}, size: 11.5, leading: 16} as const
  const head = {text: {face: 'sans', weight: 650, ink: 'ink'}, size: 13, leading: 21} as const

  const width = figure.width + 2 * margin
  let y = write(label.title, margin, margin + 22, {...title, width: figure.width, strong: null})
  y = write(label.caveat, margin, y - 4, {...caveat, width: figure.width, strong: label.strong})
  const top = Math.round(y)
  const under = top + Math.ceil(figure.height) + 22
  const below = plane ? under + Math.ceil(plane.height) + 22 : under

  const column = (figure.width - gutter) / 2
  const right = margin + column + gutter
  let left = write('What to know before believing it', margin, below + 17, {...head, width: column, strong: null})
  for (const text of label.caveats.length > 0 ? label.caveats : ['Nothing that these numbers tell.']) {
    left = write(text, margin, left, {...note, width: column, strong: null}) + 4
  }
  let beside = write('Where it comes from', right, below + 17, {...head, width: column, strong: null})
  for (const [term, text] of label.facts) {
    write(term, right, beside, {...fact, text: {...fact.text, ink: 'ink3'}, width: termWidth, strong: null})
    beside = write(text, right + termWidth, beside, {...fact, width: column - termWidth, strong: null})
  }
  return {
    width,
    height: Math.ceil(Math.max(left, beside) + margin - 10),
    texts,
    rules: [
      {x: margin, y: below, width: column},
      {x: right, y: below, width: column}
    ],
    figure: {x: margin, y: top},
    plane: plane && {x: margin, y: under}
  }
}

/** How much wider than in the sans a line is. */
const broadness = {sans: 1, serif: 1.08} as const

interface LineStyle {
  readonly text: Pick<SheetText, 'face' | 'weight' | 'ink'>
  readonly size: number
  readonly leading: number
  readonly width: number
  readonly strong: string | null
}

type Range = readonly [from: number, to: number]

function rangeOf(text: string, part: string): Range | null {
  const from = text.indexOf(part)
  return from < 0 ? null : [from, from + part.length]
}

/** A line, cut where bold begins and ends. */
function pieces(line: string, from: number, strong: Range | null): SheetText['pieces'] {
  if (!strong) return [{text: line, strong: false}]
  const [start, end] = strong.map((place) => Math.max(0, Math.min(line.length, place - from))) as [number, number]
  return [
    {text: line.slice(0, start), strong: false},
    {text: line.slice(start, end), strong: true},
    {text: line.slice(end), strong: false}
  ].filter(({text}) => text !== '')
}
