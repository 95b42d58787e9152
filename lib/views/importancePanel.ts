import {fixed, ordinal, percent} from '@/lib/core/number'
import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import {rowsTie, sharesRank} from '@/lib/explain/tiedRows'
import {range} from '@/lib/explain/words'
import type {Axis} from '@/lib/views/axis'
import type {Caption} from '@/lib/views/caption'
import type {PanelFrame, RowBand} from '@/lib/views/frame'
import {type ImportanceName, importanceName} from '@/lib/views/importanceName'
import {columnsOfA} from '@/lib/views/layout'
import {type Linear, linear} from '@/lib/views/linear'
import {attendsToPlaces} from '@/lib/views/mapName'
import {rowBaseline, rowFontSize, speakingRows, textLines, textWidth} from '@/lib/views/rowText'

export interface Bar {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A number of a row, with the size that the row allows. */
export interface RowNumber {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly text: string
  readonly anchor: 'start' | 'middle' | 'end'
}

/** An interval about a bar's end: paper where it crosses the bar, ink beyond, so that the end stays exact. */
export interface Whisker {
  readonly y: number
  readonly inner: readonly [from: number, to: number]
  readonly outer: readonly [from: number, to: number]
}

export interface ImportanceRow {
  readonly layer: number
  readonly head: number
  readonly y: number
  readonly height: number
  /** Whether the numbers are printed; a small row keeps them for when it is pointed at. */
  readonly says: boolean
  readonly rank: RowNumber | null
  /** `outside`: the untrained rank lies outside the trained rank's 95 % interval. */
  readonly untrainedRank: (RowNumber & {readonly outside: boolean}) | null
  readonly connector: {readonly x0: number; readonly x1: number; readonly y: number} | null
  readonly trained: Bar
  readonly untrained: Bar | null
  readonly whisker: Whisker | null
  readonly value: RowNumber
  /** Columns that only an enlarged panel has. */
  readonly more: readonly RowNumber[]
  /** Direct labels, on the one row that has room for them. */
  readonly names: {readonly x: number; readonly trainedY: number; readonly untrainedY: number} | null
}

/** What rows have in common that tie by what they are: said and drawn once for all of them. */
export interface SharedRank {
  /** A bracket over the rows, and what it says. */
  readonly bracket: {readonly x: number; readonly y0: number; readonly y1: number}
  readonly text: RowNumber
  /** Their interval, behind the bars. */
  readonly band: Bar | null
}

export type ImportanceKey =
  | {readonly kind: 'twins'; readonly x: number; readonly text: string}
  | {readonly kind: 'interval'; readonly x: number; readonly text: string}
  | {readonly kind: 'band'; readonly x: number; readonly text: string}
  | {readonly kind: 'words'; readonly x: number; readonly text: string}

/** Panel a: how important each layer is, beside its untrained twin. Coordinates as in PanelFrame. */
export interface ImportancePanel {
  readonly width: number
  readonly height: number
  readonly rows: readonly ImportanceRow[]
  readonly shared: SharedRank | null
  /** Rows without a number: drawn dotted from x0 to x1. */
  readonly dotted: readonly {readonly layer: number; readonly y: number; readonly height: number}[]
  readonly dottedX: readonly [number, number]
  readonly gridlines: readonly number[]
  readonly axis: Axis | null
  readonly captions: readonly Caption[]
  readonly keyY: number
  readonly keys: readonly ImportanceKey[]
  /** Why there is nothing to draw, as lines. */
  readonly absent: readonly string[]
}

export interface ImportanceOptions {
  /** The numbers are running means: ranks stay blank until the scale has settled. */
  readonly partial?: boolean
}

const keySize = 11.5

/** Panel a for this explanation; without one, or without importance, the rows are dotted. */
export function importancePanel(
  explanation: Explanation | null,
  frame: PanelFrame,
  {partial = false}: ImportanceOptions = {}
): ImportancePanel {
  const layers = new Map((explanation?.layers ?? []).filter(hasImportance).map((row) => [row.layer, row]))
  const columns = columnsOfA[frame.form]
  const extra = frame.enlarged && frame.form !== 'phone' ? columnsFor(explanation) : []
  const bars: readonly [number, number] = [
    columns.ranks,
    frame.width - columns.value - extra.reduce((sum, column) => sum + column.width, 0)
  ]
  const weights = explanation?.provenance.maps === 'weights'
  const plane = explanation?.axes?.plane !== undefined
  const x = linear(weights ? weightDomain([...layers.values()]) : importanceDomain([...layers.values()], plane), bars)
  const speaks = speakingRows(frame, (layer) => layers.get(layer)?.importance ?? -1)
  const twins = [...layers.values()].some(({untrained}) => untrained !== null)
  const tie = explanation !== null && rowsTie(explanation)
  const digits = plane && !tie ? digitsApart([...layers.values()]) : 2
  const place = (band: RowBand): ImportanceRow[] => {
    const layer = layers.get(band.layer)
    if (!layer) return []
    const joint = plane && explanation !== null && sharesRank(explanation.layers, layer.rank)
    const rank = `${layer.rank}${joint ? '=' : ''}`
    return [importanceRow(layer, band, frame, x, {partial, says: speaks.has(band.layer), rank, tie, extra, digits})]
  }
  const placed = frame.rows.flatMap(place)
  const shared = tie && !partial ? sharedRank(placed, layers, frame, x) : null
  const rows = withNames(placed, frame, {right: bars[1], clear: shared?.band ? shared.band.x + shared.band.width : 0})
  const drawn = new Set(rows.map(({layer}) => layer))
  const absent =
    rows.length > 0 || partial || explanation === null
      ? []
      : textLines(missingImportance(explanation), frame.width, 13.5)
  return {
    width: frame.width,
    height: frame.height,
    rows,
    shared,
    dotted: frame.rows
      .filter(({layer, y, height}) => !drawn.has(layer) && y + height / 2 > absent.length * 19 + 10)
      .map(({layer, y, height}) => ({layer, y, height})),
    dottedX: bars,
    gridlines: rows.length > 0 ? ticksOf(x, frame).map((t) => x(t)) : [],
    axis: rows.length > 0 ? importanceAxis(x, frame, explanation) : null,
    captions:
      rows.length > 0
        ? captionsOf(frame, bars, {twins: twins && !partial && !tie, partial, name: importanceName(explanation), extra})
        : [],
    keyY: frame.keyY,
    keys: rows.length > 0 ? keysOf(frame, bars[0], rows, [...layers.values()], explanation, tie && !partial) : [],
    absent
  }
}

const hasImportance = (row: LayerImportance): boolean => Number.isFinite(row.importance)

// Zero to one, and further where a twin or an interval goes further: never clipped.
// A weight is its own importance: 1 is far out of reach where many layers share it.
function weightDomain(layers: readonly LayerImportance[]): readonly [number, number] {
  const values = layers.flatMap(({importance, untrained}) => [importance, untrained?.importance ?? 0])
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  return linear([low, high || 1], [0, 1])
    .nice(5)
    .domain() as [number, number]
}

/** Of attention that is shared out all rows lie near its mean, which one sharp place can press against zero. */
const lowImportance = 0.4

// Digits that tell rows of different rank apart, three at most.
function digitsApart(layers: readonly LayerImportance[]): 2 | 3 {
  const written = new Set(layers.map(({importance}) => fixed(importance, 2))).size
  return written < new Set(layers.map(({rank}) => rank)).size ? 3 : 2
}

function importanceDomain(layers: readonly LayerImportance[], plane: boolean): readonly [number, number] {
  const finite = layers
    .flatMap(({importance, interval, untrained}) => [importance, ...(interval ?? []), untrained?.importance ?? 0])
    .filter(Number.isFinite)
  const low = Math.min(0, ...finite)
  const most = Math.max(0.05, ...finite)
  const high = plane && most < lowImportance && low === 0 ? most : Math.max(1, most)
  return low === 0 && high === 1 ? [0, 1] : (linear([low, high], [0, 1]).nice(5).domain() as [number, number])
}

interface RowState {
  readonly partial: boolean
  readonly says: boolean
  /** What stands in the column of ranks. */
  readonly rank: string
  /** Every row has the same rank by what it is: what they share is drawn once. */
  readonly tie: boolean
  readonly extra: readonly ExtraColumn[]
  readonly digits: number
}

function importanceRow(
  layer: LayerImportance,
  band: RowBand,
  frame: PanelFrame,
  x: Linear,
  {partial, says, rank, tie, extra, digits}: RowState
): ImportanceRow {
  const {importance, untrained, interval} = layer
  const {ranks, value} = columnsOfA[frame.form]
  const size = rowFontSize(band.height)
  const y = rowBaseline(band, size)
  const twin = twinBars(band, untrained !== null)
  const bar = (at: number, [top, height]: readonly [number, number]): Bar => {
    const [from, to] = [x(Math.min(0, at)), x(Math.max(0, at))]
    return {x: from, y: top, width: to - from, height}
  }
  const ranked = !partial && !tie && Number.isFinite(layer.rank)
  const rankX = frame.form === 'phone' ? 10 : 12
  return {
    layer: layer.layer,
    head: layer.head,
    y: band.y,
    height: band.height,
    says,
    rank: ranked ? {x: rankX, y, size: size + 1, text: rank, anchor: 'middle'} : null,
    ...(ranked
      ? untrainedRankOf(layer, frame, band, {x: ranks - 40, y, size})
      : {untrainedRank: null, connector: null}),
    trained: bar(importance, twin.trained),
    untrained: untrained && Number.isFinite(untrained.importance) ? bar(untrained.importance, twin.untrained) : null,
    whisker:
      interval && (partial || !tie) ? whiskerOf(x, importance, interval, twin.trained[0] + twin.trained[1] / 2) : null,
    value: {x: x.range()[1]! + value, y, size, text: fixed(importance, digits), anchor: 'end'},
    more: moreNumbers(layer, extra, {x: x.range()[1]! + value, y, size}),
    names: null
  }
}

function untrainedRankOf(
  {rank, rankInterval, untrained}: LayerImportance,
  frame: PanelFrame,
  band: RowBand,
  at: {readonly x: number; readonly y: number; readonly size: number}
): Pick<ImportanceRow, 'untrainedRank' | 'connector'> {
  if (untrained === null || frame.form === 'phone') return {untrainedRank: null, connector: null}
  const [best, worst] = rankInterval ?? [rank, rank]
  // Without an interval nobody can say that two ranks differ.
  const outside = rankInterval !== null && (untrained.rank < best || untrained.rank > worst)
  return {
    untrainedRank: {...at, text: String(untrained.rank), anchor: 'middle', outside},
    connector: {x0: 24, x1: at.x - 12, y: band.y + band.height / 2}
  }
}

interface Twin {
  readonly trained: readonly [y: number, height: number]
  readonly untrained: readonly [y: number, height: number]
}

// The trained bar over its thinner twin, together in the middle of the row.
function twinBars({y, height}: RowBand, twin: boolean): Twin {
  const [thick, thin, gap] =
    height < 11.5
      ? [3.2, 1.8, 0.6]
      : height < 18
        ? [4.5, 3, 1]
        : [Math.min(11, height * 0.31), Math.min(6, height * 0.17), 2]
  const top = y + (height - (twin ? thick + gap + thin : thick)) / 2
  return {trained: [top, thick], untrained: [top + thick + gap, thin]}
}

function whiskerOf(x: Linear, value: number, [low, high]: readonly [number, number], y: number): Whisker {
  return {y, inner: [x(low), x(value)], outer: [x(value), x(high)]}
}

/** How far over the first row and under the last the band of a shared interval reaches, px. */
const overhang = 3

function sharedRank(
  rows: readonly ImportanceRow[],
  layers: ReadonlyMap<number, LayerImportance>,
  frame: PanelFrame,
  x: Linear
): SharedRank | null {
  const ordered = [...rows].sort((one, other) => one.y - other.y)
  const [first, last] = [ordered[0], ordered.at(-1)]
  if (!first || !last) return null
  const inset = Math.min(first.height / 2, 12)
  const [y0, y1] = [first.y + inset, last.y + last.height - inset]
  const size = rowFontSize(first.height) - 1
  const {interval = null} = layers.get(first.layer) ?? {}
  const [top, bottom] = [first.y - overhang, last.y + last.height + overhang]
  return {
    bracket: {x: frame.form === 'phone' ? -2 : 2, y0, y1},
    text: {x: frame.form === 'phone' ? 4 : 9, y: (y0 + y1) / 2 + size * 0.36, size, text: 'tied', anchor: 'start'},
    band: interval && {x: x(interval[0]), y: top, width: x(interval[1]) - x(interval[0]), height: bottom - top}
  }
}

interface ExtraColumn {
  readonly caption: string
  readonly width: number
  readonly meaning?: string
  readonly text: (layer: LayerImportance) => string
}

// Room beyond the bars of an enlarged panel, left to right.
const extraColumns: readonly ExtraColumn[] = [
  {caption: '95 %', width: 92, text: ({interval}) => (interval ? range(interval, 2) : '')},
  {
    caption: 'in head',
    width: 70,
    meaning: 'rank by Importance Factor within the head',
    text: ({rankInHead}) => ordinal(rankInHead)
  },
  {
    caption: 'share',
    width: 70,
    meaning: 'share of all attention: row sum over total',
    text: ({share}) => percent(share)
  },
  {
    caption: 'by share',
    width: 74,
    meaning: 'rank by share of attention',
    text: ({rankByShare}) => ordinal(rankByShare)
  }
]

// Attention that is shared out among places has no heads here; where rows tie, they do so by share, too.
function columnsFor(explanation: Explanation | null): readonly ExtraColumn[] {
  if (!explanation?.axes?.plane) return extraColumns
  const without = rowsTie(explanation) ? ['in head', 'by share'] : ['in head']
  return extraColumns.filter(({caption}) => !without.includes(caption))
}

function moreNumbers(
  layer: LayerImportance,
  extra: readonly ExtraColumn[],
  {x: from, y, size}: {readonly x: number; readonly y: number; readonly size: number}
): RowNumber[] {
  let x = from
  return extra.map(({width, text}) => {
    x += width
    return {x, y, size, text: text(layer), anchor: 'end'}
  })
}

// The first row whose bars leave room carries the words, right of what is drawn behind all rows, too.
function withNames(
  rows: readonly ImportanceRow[],
  frame: PanelFrame,
  {right, clear}: {readonly right: number; readonly clear: number}
): readonly ImportanceRow[] {
  if (frame.density !== 'large' || frame.form === 'phone') return rows
  const endOf = ({trained, untrained, whisker}: ImportanceRow): number =>
    Math.max(clear, trained.x + trained.width, untrained ? untrained.x + untrained.width : 0, whisker?.outer[1] ?? 0)
  const first = rows.find((row) => row.untrained !== null && endOf(row) + 9 + 58 <= right)
  return rows.map((row) => {
    if (row !== first) return row
    const middle = row.y + row.height / 2
    return {...row, names: {x: endOf(row) + 9, trainedY: middle - 1.5, untrainedY: middle + 10.5}}
  })
}

function ticksOf(x: Linear, {form}: PanelFrame): number[] {
  const [low, high] = x.domain()
  if (low === 0 && high === 1) return form === 'phone' ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]
  return x.ticks(form === 'phone' ? 3 : 5)
}

function importanceAxis(x: Linear, frame: PanelFrame, explanation: Explanation | null): Axis {
  const {scale = null, provenance} = explanation ?? {}
  const own = provenance?.maps === 'weights'
  return {
    x0: x.range()[0]!,
    x1: x.range()[1]!,
    y: frame.axisY,
    ticks: ticksOf(x, frame).map((t) => ({x: x(t), text: tickLabel(t)})),
    title: own ? 'layer weight' : scale ? `IF 0–1 is density ${fixed(scale[0], 2)}–${fixed(scale[1], 2)}` : null
  }
}

// 0.25 as .25, 1 as 1.
const tickLabel = (t: number): string =>
  fixed(t, 2)
    .replace(/\.?0+$/, '')
    .replace(/^(−?)0\./, '$1.') || '0'

function captionsOf(
  frame: PanelFrame,
  [, right]: readonly [number, number],
  {
    twins,
    partial,
    name,
    extra
  }: {
    readonly twins: boolean
    readonly partial: boolean
    readonly name: ImportanceName
    readonly extra: readonly ExtraColumn[]
  }
): Caption[] {
  const {ranks, value} = columnsOfA[frame.form]
  const caption = (x: number, text: string, anchor: Caption['anchor'], meaning: string): Caption => ({
    x,
    y: frame.captionY,
    text,
    anchor,
    meaning
  })
  const phone = frame.form === 'phone'
  const rank = caption(
    phone ? 10 : 12,
    'Rank',
    'middle',
    'rank by mean Importance Factor over the features, 1 is the most important'
  )
  const untrained = caption(
    ranks - 40,
    'untrained',
    'middle',
    'the rank that the module gives as initialised, on the same inputs'
  )
  const number = caption(right + value, name.short, 'end', name.meaning)
  let end = right + value
  const more = extra.map((column) => {
    end += column.width
    return caption(end, column.caption, 'end', column.meaning ?? '95 % interval over inputs')
  })
  return [...(partial ? [] : [rank]), ...(twins && !phone ? [untrained] : []), number, ...more]
}

/** Why no bar has an untrained twin, as short as the room asks. */
export function noTwinReason(explanation: Explanation | null, short: boolean): string {
  if (explanation?.provenance.maps !== 'saved') return 'no untrained twin'
  return short ? 'no untrained twin: no inputs' : 'no untrained twin: the checkpoint’s saved maps come without inputs'
}

function keysOf(
  frame: PanelFrame,
  barX: number,
  rows: readonly ImportanceRow[],
  layers: readonly LayerImportance[],
  explanation: Explanation | null,
  tie: boolean
): ImportanceKey[] {
  const phone = frame.form === 'phone'
  const twins = layers.some(({untrained}) => untrained !== null)
  const intervals = layers.some(({interval}) => interval !== null)
  // Where no row has room for direct labels the key says it.
  const named = rows.some(({names}) => names !== null)
  const keys: ImportanceKey[] = []
  const left = -spineWidth(frame)
  let x = phone || !twins ? left : barX
  if (!twins) {
    const text = noTwinReason(explanation, phone)
    keys.push({kind: 'words', x, text})
    x += textWidth(text, keySize) + 16
  } else if (!named) {
    keys.push({kind: 'twins', x, text: 'trained over untrained'})
    x += 24 + textWidth('trained over untrained', keySize) + (phone ? 2 : 12)
  }
  const words = named && twins && frame.width - x > 150 ? '95 % interval over inputs' : '95 %'
  if (intervals && x + 25 + textWidth(words, keySize) <= frame.width)
    keys.push({kind: tie ? 'band' : 'interval', x, text: words})
  return keys
}

const spineWidth = ({form}: PanelFrame): number => (form === 'wide' ? 74 : 50)

/** One sentence on why this explanation has no Importance Factor. */
export function missingImportance(explanation: Explanation): string {
  const {caveats, provenance} = explanation
  const said = caveats.find(({id}) => id === 'no-density' || id === 'constant-map' || id === 'not-finite')
  if (said) return said.text
  return provenance.maps === 'none'
    ? `This checkpoint carries no saved maps. Add ${attendsToPlaces(explanation) ? 'inputs to rank its rows' : 'input features to rank its layers'}.`
    : 'No importance: its maps hold no finite range.'
}
