import {signed} from '@/lib/core/number'
import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import {range} from '@/lib/explain/words'
import type {Axis} from '@/lib/views/axis'
import type {Caption} from '@/lib/views/caption'
import type {PanelFrame, RowBand} from '@/lib/views/frame'
import type {Bar, RowNumber} from '@/lib/views/importancePanel'
import {type Linear, linear} from '@/lib/views/linear'
import {rowBaseline, rowFontSize, speakingRows, textWidth} from '@/lib/views/rowText'
import {ticks} from '@/lib/views/ticks'

/** Which way training moved a row, or that the interval cannot tell. */
export type LearnedSide = 'less' | 'more' | 'unclear'

/** A stretch of whisker. */
export interface Stretch {
  readonly x0: number
  readonly x1: number
  readonly ink: 'paper' | 'ink'
}

export interface LearnedRow {
  readonly layer: number
  readonly y: number
  readonly height: number
  readonly side: LearnedSide
  readonly bar: Bar
  readonly whisker: readonly Stretch[]
  readonly whiskerY: number
  readonly says: boolean
  readonly value: RowNumber
  /** The interval in words, beside the bars of an enlarged panel. */
  readonly interval: RowNumber | null
}

/** Panel b: mean density minus the untrained module's, paired over the same inputs. */
export interface LearnedPanel {
  readonly rows: readonly LearnedRow[]
  readonly dotted: readonly {readonly layer: number; readonly y: number; readonly height: number}[]
  readonly dottedX: readonly [number, number]
  /** x of no change; the line breaks between heads. */
  readonly zeroX: number
  readonly zeroLines: readonly {readonly key: string; readonly y0: number; readonly y1: number}[]
  readonly axis: Axis | null
  /** The key at the legend's line, and captions over an enlarged panel's columns. */
  readonly captions: readonly Caption[]
}

/** Panel b for this explanation; where nothing was learned to tell of, the rows are dotted and the key says why. */
export function learnedPanel(explanation: Explanation | null, frame: PanelFrame): LearnedPanel {
  const layers = new Map((explanation?.layers ?? []).filter(isLearned).map((row) => [row.layer, row]))
  const right = frame.enlarged && frame.form !== 'phone' ? frame.width - 150 : frame.width
  const reach = reachOf([...layers.values()])
  const tick = tickOf(reach)
  // Far enough out that the outer ticks' labels end within the panel.
  const limit = Math.max(reach * 1.06, tick.value / (1 - Math.min(0.5, tick.width / right)))
  const x = linear([-limit, limit], [0, right])
  const speaks = speakingRows(frame, (layer) => layers.get(layer)?.importance ?? -1)
  const digits = reach < 0.01 ? 4 : 3
  const rows = frame.rows.flatMap((band) => {
    const layer = layers.get(band.layer)
    return layer ? [learnedRow(layer, band, x, {says: speaks.has(band.layer), digits, intervalX: frame.width})] : []
  })
  const drawn = new Set(rows.map(({layer}) => layer))
  const short = frame.width < 110
  return {
    rows: right === frame.width ? rows.map((row) => ({...row, interval: null})) : rows,
    dotted: frame.rows.filter(({layer}) => !drawn.has(layer)).map(({layer, y, height}) => ({layer, y, height})),
    dottedX: [0, frame.width],
    zeroX: x(0),
    zeroLines:
      rows.length > 0
        ? frame.blocks.map(({y, height, rows: own}) => ({key: `layer ${own[0]!.layer}`, y0: y, y1: y + height}))
        : [],
    axis: rows.length > 0 ? learnedAxis(x, tick, frame) : null,
    captions: captionsOf(keyOf(explanation, rows.length > 0, short), frame, rows.length > 0 && right < frame.width)
  }
}

type Learned = LayerImportance & {readonly untrained: NonNullable<LayerImportance['untrained']>}

const isLearned = (row: LayerImportance): row is Learned =>
  row.untrained !== null && Number.isFinite(row.untrained.learned)

// The farthest that a bar or an interval goes from zero. Twins that agree exactly still need an axis.
function reachOf(layers: readonly Learned[]): number {
  const all = layers.flatMap(({untrained: {learned, learnedInterval}}) => [learned, ...(learnedInterval ?? [])])
  const reach = Math.max(0, ...all.map(Math.abs).filter(Number.isFinite))
  // Rows that attend as much by definition differ by rounding alone: that is not to fill the panel.
  const rounding = 1e-6 * Math.max(0, ...layers.map(({density}) => Math.abs(density)).filter(Number.isFinite))
  return reach > rounding ? reach : 0.01
}

function learnedRow(
  {layer, untrained: {learned, learnedInterval}}: Learned,
  band: RowBand,
  x: Linear,
  {says, digits, intervalX}: {readonly says: boolean; readonly digits: number; readonly intervalX: number}
): LearnedRow {
  const size = Math.min(12.5, rowFontSize(band.height))
  const y = rowBaseline(band, size)
  const [zero, end] = [x(0), x(learned)]
  const thick = Math.max(2.5, Math.min(Math.max(5, Math.min(15, band.height * 0.44)) - 2, band.height - 5))
  const middle = band.y + band.height / 2
  const unclear = learnedInterval !== null && learnedInterval[0] <= 0 && learnedInterval[1] >= 0
  const text = signed(learned, digits)
  // What is zero to its last digit has no side.
  const zeroed = !/[1-9]/.test(text)
  return {
    layer,
    y: band.y,
    height: band.height,
    side: unclear || zeroed ? 'unclear' : learned < 0 ? 'less' : 'more',
    bar: {x: Math.min(zero, end), y: middle - thick / 2, width: Math.abs(end - zero), height: thick},
    whisker: learnedInterval ? whiskerOf(x, learned, learnedInterval, unclear, band.height) : [],
    whiskerY: middle,
    says,
    value: {
      ...placeOfValue(x, zeroed ? 0 : learned, learnedInterval, text.length * size * 0.5),
      y,
      size,
      text
    },
    interval: learnedInterval && {x: intervalX, y, size, text: range(learnedInterval, digits), anchor: 'end'}
  }
}

// The number stands on the side that the bar leaves empty, clear of a whisker that reaches over there, if it fits.
function placeOfValue(x: Linear, learned: number, interval: readonly [number, number] | null, width: number) {
  const [low, high] = interval ?? [0, 0]
  const zero = x(0)
  if (learned > 0) {
    const clear = Math.min(zero, x(low)) - 7
    return {x: clear - width < 0 ? zero - 7 : clear, anchor: 'end'} as const
  }
  const clear = Math.max(zero, x(high)) + 7
  return {x: clear + width > x.range()[1]! ? zero + 7 : clear, anchor: 'start'} as const
}

// Paper where it crosses the bar, ink beyond it; ink throughout where the bar is too thin to carry paper.
function whiskerOf(
  x: Linear,
  learned: number,
  [low, high]: readonly [number, number],
  unclear: boolean,
  height: number
): Stretch[] {
  const [inner, outer] = learned < 0 ? [high, low] : [low, high]
  const end = x(learned)
  const onBar = x(unclear ? 0 : inner)
  const stretches: Stretch[] = [
    {x0: end, x1: x(outer), ink: 'ink'},
    {x0: end, x1: onBar, ink: height < 18 ? 'ink' : 'paper'}
  ]
  return unclear ? [...stretches, {x0: onBar, x1: x(inner), ink: 'ink'}] : stretches
}

/** The outer tick on either side of zero. */
interface OuterTick {
  readonly value: number
  readonly text: (value: number) => string
  /** px of its label. */
  readonly width: number
}

function tickOf(reach: number): OuterTick {
  const value = ticks(0, reach, 2).at(-1) || reach
  const digits = Math.max(2, Math.ceil(-Math.log10(value)))
  const text = (at: number) => signed(at, digits)
  return {value, text, width: textWidth(text(value), 11.5)}
}

function learnedAxis(x: Linear, {value, text}: OuterTick, frame: PanelFrame): Axis {
  return {
    x0: x.range()[0]!,
    x1: x.range()[1]!,
    y: frame.axisY,
    ticks: [-value, 0, value].map((t) => ({x: x(t), text: t === 0 ? '0' : text(t)})),
    title: frame.form === 'phone' ? null : '← less\u2003more →'
  }
}

function captionsOf(key: string, {width, keyY, captionY}: PanelFrame, intervals: boolean): Caption[] {
  return [
    ...(key === '' ? [] : [{x: 0, y: keyY + 4, anchor: 'start', text: key} as const]),
    ...(intervals
      ? [{x: width, y: captionY, anchor: 'end', text: '95 %', meaning: 'paired interval over inputs'} as const]
      : [])
  ]
}

function keyOf(explanation: Explanation | null, learned: boolean, short: boolean): string {
  if (explanation === null) return ''
  if (learned) return short ? 'minus untrained' : 'trained − untrained'
  if (explanation.caveats.some(({id}) => id === 'no-density')) return short ? 'none' : 'nothing to rank'
  return short ? 'needs inputs' : 'needs inputs to run'
}
