import type {Form, HeadBlock, PanelFrame, PanelLetter, RowBand, RowDensity} from '@/lib/views/frame'

/** The rows to lay out, and which head each belongs to. */
export interface FigureRows {
  /** Layers from top to bottom; null for the model's own order, in which heads stand together. */
  readonly order: readonly number[] | null
  /** The head of each layer, indexed by layer. */
  readonly heads: readonly number[]
  /** False while the rows stand for no layer: they bear no number and cannot be pointed at. Default true. */
  readonly known?: boolean
}

export interface FigureSize {
  readonly width: number
  /** What the page grants. Only the wide form fills it; the others are as high as their rows. */
  readonly height: number
}

export interface FigureLayoutOptions {
  /** The form to take; default by the width of the window that such a figure stands in. */
  readonly form?: Form
  readonly enlarged?: PanelLetter | null
  /** The panels that are wanted, one at least; default all. */
  readonly panels?: readonly PanelLetter[] | null
}

/** The column at the left of every section: head number, head bar, layer number. */
export interface SpinePlace {
  readonly width: number
  /** Left edge of the 4-px head bar. */
  readonly barX: number
  /** Right edge of the layer numbers. */
  readonly numberX: number
  /** Left edge of hover and pin bands. */
  readonly bandX: number
}

/** Where a panel stands. x is from the figure's left edge. */
export interface PanelPlace {
  readonly letter: PanelLetter
  readonly x: number
  /** Its head may begin further left: a's and c's span the spine. */
  readonly headX: number
  readonly headWidth: number
  readonly frame: PanelFrame
}

/** Panels that share one stand of rows. The wide form has one section, the others three. */
export interface FigureSection {
  /** Top of the panel heads. */
  readonly y: number
  /** Top of the rows. */
  readonly top: number
  readonly panels: readonly PanelPlace[]
}

/** Every position of the figure. All y within rows count from a section's `top`. */
export interface FigureLayout {
  readonly form: Form
  readonly width: number
  readonly height: number
  /** The lowest that the figure can be: in the wide form rows of 8 px and the narrowest gaps, else its height. */
  readonly leastHeight: number
  readonly rowHeight: number
  readonly rowsHeight: number
  readonly density: RowDensity
  readonly modelOrder: boolean
  /** False while the rows stand for no layer. */
  readonly known: boolean
  /** Top to bottom. */
  readonly rows: readonly RowBand[]
  readonly blocks: readonly HeadBlock[]
  readonly spine: SpinePlace
  readonly sections: readonly FigureSection[]
}

/** The form for a window of this width, px. */
export const formOf = (windowWidth: number): Form =>
  windowWidth > 1100 ? 'wide' : windowWidth > 700 ? 'medium' : 'phone'

/** The form in which these panels stand in a box of this width, px: beside each other where they can. */
export function formFor(width: number, panels: readonly PanelLetter[]): Form {
  const needed = 74 + panels.reduce((sum, letter) => sum + leastColumns[letter], 0)
  return width >= needed ? 'wide' : width > 652 ? 'medium' : 'phone'
}

/** Least widths of the panels beside each other, with the gutter after each. */
const leastColumns: Readonly<Record<PanelLetter, number>> = {a: 270, b: 142, c: 226, d: 164, e: 148}

/** Head and axis room around the rows, px. */
const room = {wide: {head: 76, axes: 42}, medium: {head: 82, axes: 42}, phone: {head: 82, axes: 42}} as const
const sectionGap = 20
const least = {rowHeight: 8, panel: 116}

/** Lays out the figure: one spine of rows, the panels beside it, each with the frame it draws in. */
export function figureLayout(rows: FigureRows, size: FigureSize, options: FigureLayoutOptions = {}): FigureLayout {
  const form = options.form ?? formOf(size.width + 48)
  const enlarged = options.enlarged ?? null
  const modelOrder = rows.order === null
  const gap = gapOf(rows, size, form)
  const stand = standRows(rows, rowHeightOf(rows, size, form, gap), gap)
  const {head, axes} = room[form]
  const sectionHeight = head + stand.height + axes
  const lines = sectionsOf(form, enlarged, options.panels ?? allPanels)
  const spine = spineOf(form)
  const density = densityOf(stand.rowHeight)
  const frame = {
    form,
    height: stand.height,
    rowHeight: stand.rowHeight,
    density,
    rows: stand.rows,
    blocks: stand.blocks,
    modelOrder,
    keyY: 44 - head,
    captionY: -9,
    axisY: stand.height + 6
  }
  const sections = lines.map((letters, i): FigureSection => {
    const y = i * (sectionHeight + sectionGap)
    const columns = columnsOf(letters, size.width, form, spine.width)
    return {
      y,
      top: y + head,
      panels: columns.map(({letter, x, width, headX}) => ({
        letter,
        x,
        headX,
        headWidth: x + width - headX,
        frame: {...frame, letter, width, enlarged: enlarged === letter}
      }))
    }
  })
  const needed = lines.length * (sectionHeight + sectionGap) - sectionGap
  return {
    form,
    width: size.width,
    height: Math.max(form === 'wide' ? size.height : 0, needed),
    leastHeight: form === 'wide' ? leastHeightOf(rows) : needed,
    rowHeight: stand.rowHeight,
    rowsHeight: stand.height,
    density,
    modelOrder,
    known: rows.known ?? true,
    rows: stand.rows,
    blocks: stand.blocks,
    spine,
    sections
  }
}

/** Where a panel stands, with its section; null while another panel is enlarged. */
export function placeOf(
  layout: FigureLayout,
  letter: PanelLetter
): {readonly section: FigureSection; readonly panel: PanelPlace} | null {
  for (const section of layout.sections) {
    const panel = section.panels.find((p) => p.letter === letter)
    if (panel) return {section, panel}
  }
  return null
}

/** The row at this y of the figure, or null between and outside the rows. */
export function rowAt(layout: FigureLayout, y: number): RowBand | null {
  for (const {top} of layout.sections) {
    const row = layout.rows.find((r) => y >= top + r.y && y < top + r.y + r.height)
    if (row) return row
  }
  return null
}

/**
 * The layout on its way from one stand of rows to another, t from 0 to 1. Heads come apart for the journey, so every
 * row is a block of its own until it arrives. Both layouts must have the same form and panels.
 */
export function layoutBetween(from: FigureLayout, to: FigureLayout, t: number): FigureLayout {
  if (t >= 1) return to
  const was = new Map(from.rows.map((row) => [row.layer, row]))
  const mix = (a: number, b: number) => a + (b - a) * t
  const rows = to.rows.map((row) => {
    const start = was.get(row.layer) ?? row
    return {...row, y: mix(start.y, row.y), height: mix(start.height, row.height)}
  })
  const blocks = rows.map(blockOfOne)
  const moving = {rows, blocks, rowHeight: mix(from.rowHeight, to.rowHeight), modelOrder: false}
  const sections = to.sections.map((section) => ({
    ...section,
    panels: section.panels.map((panel) => ({...panel, frame: {...panel.frame, ...moving}}))
  }))
  return {...to, ...moving, sections}
}

function rowHeightOf({heads}: FigureRows, {height}: FigureSize, form: Form, gap: number): number {
  if (form !== 'wide') return heads.length > 12 ? 15 : 27
  const {head, axes} = room.wide
  return Math.max(least.rowHeight, (height - head - axes - breaksIn(heads) * gap) / Math.max(1, heads.length))
}

const headGap = (layers: number): number => (layers <= 12 ? 12 : layers <= 24 ? 7 : 6)
const leastGap = (layers: number): number => (layers <= 24 ? headGap(layers) : 4)
const breaksIn = (heads: readonly number[]): number => heads.filter((head, i) => i > 0 && head !== heads[i - 1]).length

/** Between heads, px. Where even the lowest rows need more height than there is, heads of many layers move closer. */
function gapOf({heads, order}: FigureRows, {height}: FigureSize, form: Form): number {
  if (order !== null) return 0
  const gap = headGap(heads.length)
  if (form !== 'wide') return gap
  const spare = height - room.wide.head - room.wide.axes - heads.length * least.rowHeight
  return Math.max(leastGap(heads.length), Math.min(gap, spare / Math.max(1, breaksIn(heads))))
}

function leastHeightOf({heads, order}: FigureRows): number {
  const gaps = order === null ? breaksIn(heads) * leastGap(heads.length) : 0
  return room.wide.head + room.wide.axes + heads.length * least.rowHeight + gaps
}

const densityOf = (rowHeight: number): RowDensity =>
  rowHeight >= 25 ? 'large' : rowHeight >= 11.5 ? 'medium' : 'small'

interface Stand {
  readonly rows: readonly RowBand[]
  readonly blocks: readonly HeadBlock[]
  readonly rowHeight: number
  readonly height: number
}

// The only place where a layer is given a y.
function standRows({order, heads}: FigureRows, rowHeight: number, gap: number): Stand {
  let y = 0
  const rows = (order ?? heads.map((_, layer) => layer)).map((layer, i, all): RowBand => {
    if (i > 0 && heads[layer] !== heads[all[i - 1]!]) y += gap
    const row = {layer, head: heads[layer]!, y, height: rowHeight}
    y += rowHeight
    return row
  })
  const blocks = order === null ? blocksOf(rows) : rows.map(blockOfOne)
  return {rows, blocks, rowHeight, height: y}
}

const blockOfOne = (row: RowBand): HeadBlock => ({head: row.head, y: row.y, height: row.height, rows: [row]})

function blocksOf(rows: readonly RowBand[]): HeadBlock[] {
  const runs: RowBand[][] = []
  for (const row of rows) {
    const last = runs.at(-1)
    if (last?.[0]?.head === row.head) last.push(row)
    else runs.push([row])
  }
  return runs.map((run) => {
    const first = run[0]!
    const end = run.at(-1)!
    return {head: first.head, y: first.y, height: end.y + end.height - first.y, rows: run}
  })
}

function spineOf(form: Form): SpinePlace {
  return form === 'wide' ? {width: 74, barX: 34, numberX: 64, bandX: 40} : {width: 50, barX: 16, numberX: 40, bandX: 22}
}

const allPanels: readonly PanelLetter[] = ['a', 'b', 'c', 'd', 'e']

function sectionsOf(
  form: Form,
  enlarged: PanelLetter | null,
  wanted: readonly PanelLetter[]
): readonly (readonly PanelLetter[])[] {
  if (enlarged) return [[enlarged]]
  const lines: readonly (readonly PanelLetter[])[] = form === 'wide' ? [allPanels] : [['a', 'b'], ['c'], ['d', 'e']]
  return lines.map((line) => line.filter((letter) => wanted.includes(letter))).filter((line) => line.length > 0)
}

interface Column {
  readonly letter: PanelLetter
  readonly x: number
  readonly width: number
  readonly headX: number
}

// Widths and gutters of the panels beside the spine, left to right.
function columnsOf(letters: readonly PanelLetter[], width: number, form: Form, spine: number): Column[] {
  const beside = form === 'wide' && letters.length > 1
  const widths = beside ? wideColumns(letters, width, spine) : stackedColumns(letters, width - spine, form)
  let x = spine
  return letters.map((letter, i) => {
    const place = {letter, x, width: widths[i]!.width, headX: i === 0 ? 0 : x}
    x += widths[i]!.width + widths[i]!.gutter
    return place
  })
}

interface ColumnWidth {
  readonly width: number
  /** To the next panel. */
  readonly gutter: number
}

/** Bars and map share what the others leave; where neither is there, the others do. */
function wideColumns(letters: readonly PanelLetter[], width: number, spine: number): ColumnWidth[] {
  const roomy = width > 1300
  const gutter = roomy ? 30 : 26
  const gutters: Readonly<Record<PanelLetter, number>> = {a: 18, b: gutter, c: gutter, d: 16, e: 0}
  const numbers = columnsOfA.wide.ranks + columnsOfA.wide.value
  const fixed = {a: numbers, b: roomy ? 128 : 116, c: 0, d: roomy ? 168 : 148, e: roomy ? 164 : 148}
  const gutterAfter = (letter: PanelLetter) => (letter === letters.at(-1) ? 0 : gutters[letter])
  const rest = width - spine - letters.reduce((sum, letter) => sum + fixed[letter] + gutterAfter(letter), 0)
  const [bars, map] = [letters.includes('a'), letters.includes('c')]
  const forBars = map ? Math.round(rest * 0.37) : rest
  const share = (letter: PanelLetter) => {
    if (letter === 'a') return forBars
    if (letter === 'c') return bars ? rest - forBars : rest
    return bars || map ? 0 : rest / letters.length
  }
  return letters.map((letter) => ({width: fixed[letter] + share(letter), gutter: gutterAfter(letter)}))
}

function stackedColumns(letters: readonly PanelLetter[], width: number, form: Form): ColumnWidth[] {
  if (letters.length === 1) return [{width, gutter: 0}]
  const gutter = 14
  if (letters[0] === 'a') {
    const b = Math.max(form === 'phone' ? 94 : least.panel, Math.round(width * 0.24))
    return [
      {width: width - b - gutter, gutter},
      {width: b, gutter: 0}
    ]
  }
  const half = (width - gutter) / 2
  return [
    {width: half, gutter},
    {width: half, gutter: 0}
  ]
}

/** Panel a's fixed columns: ranks at its left, the IF number at its right, px. */
export const columnsOfA: Readonly<Record<Form, {readonly ranks: number; readonly value: number}>> = {
  wide: {ranks: 92, value: 40},
  medium: {ranks: 92, value: 40},
  phone: {ranks: 34, value: 34}
}
