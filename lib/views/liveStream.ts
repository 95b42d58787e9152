import {fixed, plural, signed} from '@/lib/core/number'
import {capital} from '@/lib/explain/words'
import type {Axis} from '@/lib/views/axis'
import {largestAt} from '@/lib/views/largest'
import {type Linear, linear} from '@/lib/views/linear'
import {textWidth} from '@/lib/views/rowText'
import {type StreamColumns, streamColumns} from '@/lib/views/streamColumns'
import type {Measure, StreamLine} from '@/lib/views/streamLines'
import type {StreamRecord, TimeSpan} from '@/lib/views/streamRecord'
import {timeText, timeTicks} from '@/lib/views/timeText'

/** What a live plot may fill, px, and what it shows. */
export interface StreamFrame {
  readonly width: number
  readonly height: number
  readonly measure: Exclude<Measure, 'untrained'>
  /** What a row of the map is called. */
  readonly rowName: string
}

/** One line of the plot, in px of the plot's own area; NaN where there is nothing to draw. */
export interface StreamStroke {
  readonly line: number
  readonly head: number
  readonly mean: Float32Array
  /** The top and the bottom of what it went through. */
  readonly top: Float32Array
  readonly bottom: Float32Array
}

/** px of the plot's own area. */
export interface HeadBand {
  readonly head: number
  readonly top: Float32Array
  readonly bottom: Float32Array
}

/** The name of a line, right of where it ends. */
export interface StreamName {
  readonly line: number
  readonly head: number
  readonly text: string
  /** Where it stands, and where its line ends. */
  readonly y: number
  readonly end: number
}

export interface StreamFlag {
  readonly id: number
  readonly x: number
  readonly text: string
  /** Of the box that its words stand in; left of the pole where the plot ends. */
  readonly width: number
  readonly left: number
}

/** Everything the live plot is drawn from. Strokes, flags and bands are px from the plot area's corner. */
export interface StreamPlot {
  readonly width: number
  readonly height: number
  readonly area: {readonly x: number; readonly y: number; readonly width: number; readonly height: number}
  /** Columns, px: all strokes have a number for each. */
  readonly x: Float32Array
  readonly strokes: readonly StreamStroke[]
  /** What the means of one head's lines span: shown with the line that is pointed at. */
  readonly heads: readonly HeadBand[]
  /** Ranks step from one to the next, other measures go straight. */
  readonly steps: boolean
  readonly names: readonly StreamName[]
  readonly axis: Axis | null
  readonly levels: readonly {readonly y: number; readonly text: string; readonly zero: boolean}[]
  readonly levelTitle: string
  /** What the names of lines are. */
  readonly nameTitle: string
  readonly flags: readonly StreamFlag[]
  /** What the samples are from here on; where there is no room, without words. */
  readonly kinds: readonly {readonly x: number; readonly text: string}[]
  /** While the view stood here, samples went on coming. */
  readonly stood: readonly {readonly x: number; readonly width: number}[]
  /** Why there is nothing, or null. */
  readonly absent: string | null
  /** One or two sentences for those who do not see the picture. */
  readonly label: string
}

const margin = {left: 48, right: 46, top: 36, bottom: 34}
const nameStep = 12
/** The least that an axis spans, so that noise is not blown up to news. */
const leastRange = {importance: 0.05, learned: 0.005, rank: 1}

const titles = {
  importance: 'Importance Factor',
  learned: 'learned part, density',
  rank: 'rank, 1 = most important'
} as const

/** The live plot: how a measure of every line moves over what is seen of a history. */
export function streamPlot(record: StreamRecord, frame: StreamFrame): StreamPlot {
  const {width, height} = frame
  const area = {
    x: margin.left,
    y: margin.top,
    width: Math.max(1, width - margin.left - margin.right),
    height: Math.max(1, height - margin.top - margin.bottom)
  }
  const {seen, extent} = record
  if (seen === null || extent === null) return emptyPlot(width, height, area, 'Nothing has moved yet.')
  const time = linear(drawnTime(seen), [0, area.width])
  const columns = streamColumns(record, seen, frame.measure, time)
  if (!columns.curves.some(({mean}) => mean.some(Number.isFinite)))
    return emptyPlot(width, height, area, 'There is no untrained twin to compare with, so there is no learned part.')
  const level = levelScale(columns, record.lines.length, frame.measure, area.height)
  const x = Float32Array.from(columns.x)
  const strokes = strokesOf(columns, record.lines, level)
  return {
    width,
    height,
    area,
    x,
    strokes,
    heads: headBands(strokes),
    steps: frame.measure === 'rank',
    names: namesOf(strokes, record.lines, area),
    axis: timeAxis(time, extent[0], area),
    levels: levelTicks(level, frame.measure, area.height),
    levelTitle: titles[frame.measure],
    nameTitle: frame.rowName,
    flags: flagsOf(record, time, area.width),
    kinds: kindsOf(columns, area.width),
    stood: stoodBands(record, time, area.width),
    absent: null,
    label: labelOf(record, columns, frame)
  }
}

/** The stroke nearest to a point of the plot area, within reach; null when there is none. */
export function strokeAt({x, strokes}: StreamPlot, px: number, py: number, reach = 14): number | null {
  let column = 0
  for (let i = 1; i < x.length; i++) if (Math.abs(x[i]! - px) < Math.abs(x[column]! - px)) column = i
  let best: number | null = null
  let distance = reach
  for (const {line, mean} of strokes) {
    const away = Math.abs(mean[column]! - py)
    if (away < distance) [best, distance] = [line, away]
  }
  return best
}

/** `layer 3`, or `layers 5–8` where these share a line. */
export const lineName = ({rows: [start, stop]}: StreamLine, rowName: string): string =>
  stop - start > 1 ? `${rowName}s ${start + 1}–${stop}` : `${rowName} ${stop}`

// A moment has no width: a second is shown around it.
const drawnTime = ([from, to]: TimeSpan): [number, number] => (to > from ? [from, to] : [from - 500, to + 500])

function levelScale({curves}: StreamColumns, lines: number, measure: StreamFrame['measure'], height: number): Linear {
  if (measure === 'rank') return linear([1, Math.max(2, lines)], [6, height - 6])
  let [low, high] = [Infinity, -Infinity]
  for (const curve of curves) {
    for (const value of curve.low) if (value < low) low = value
    for (const value of curve.high) if (value > high) high = value
  }
  // A difference is read against zero.
  if (measure === 'learned') [low, high] = [Math.min(0, low), Math.max(0, high)]
  const lacking = Math.max(0, leastRange[measure] - (high - low)) / 2
  return linear([low - lacking, high + lacking], [height, 0]).nice(4)
}

function strokesOf({curves}: StreamColumns, lines: readonly StreamLine[], level: Linear): StreamStroke[] {
  // A loop: `from` with a function asks an iterator for every number.
  const placed = (values: ArrayLike<number>) => {
    const places = new Float32Array(values.length)
    for (let i = 0; i < places.length; i++) places[i] = level(values[i]!)
    return places
  }
  return curves.map(({mean, low, high}, line) => {
    const [top, bottom] = level(1) > level(0) ? [low, high] : [high, low]
    return {line, head: lines[line]!.head, mean: placed(mean), top: placed(top), bottom: placed(bottom)}
  })
}

function headBands(strokes: readonly StreamStroke[]): HeadBand[] {
  const heads = [...new Set(strokes.map(({head}) => head))]
  return heads.map((head) => {
    const own = strokes.filter((stroke) => stroke.head === head).map(({mean}) => mean)
    const over = (pick: (a: number, b: number) => number) => {
      const edge = own[0]!.slice()
      for (const mean of own) for (let i = 0; i < edge.length; i++) edge[i] = pick(edge[i]!, mean[i]!)
      return edge
    }
    return {head, top: over(Math.min), bottom: over(Math.max)}
  })
}

function namesOf(
  strokes: readonly StreamStroke[],
  lines: readonly StreamLine[],
  area: StreamPlot['area']
): StreamName[] {
  const names = strokes
    .map(({line, head, mean}) => {
      const {rows} = lines[line]!
      const text = rows[1] - rows[0] > 1 ? `${rows[0] + 1}–${rows[1]}` : `${rows[1]}`
      const end = mean.findLast(Number.isFinite) ?? Number.NaN
      return {line, head, text, y: end, end}
    })
    .filter(({end}) => end >= 0 && end <= area.height)
    .sort((a, b) => a.end - b.end)
  if (names.length * nameStep > area.height + nameStep) return apart(names)
  return pushed(names, area.height)
}

// As many as have room.
function apart(names: readonly StreamName[]): StreamName[] {
  const kept: StreamName[] = []
  for (const name of names) if (kept.length === 0 || name.y - kept.at(-1)!.y >= nameStep) kept.push(name)
  return kept
}

// Down until none touch, then up from the bottom again.
function pushed(names: readonly StreamName[], height: number): StreamName[] {
  const ys = names.map(({end}) => end)
  for (let i = 1; i < ys.length; i++) ys[i] = Math.max(ys[i]!, ys[i - 1]! + nameStep)
  for (let i = ys.length - 1, least = height; i >= 0; i--, least -= nameStep) {
    ys[i] = Math.min(ys[i]!, least)
    least = ys[i]!
  }
  return names.map((name, i) => ({...name, y: ys[i]!}))
}

function timeAxis(time: Linear, start: number, {width, height}: StreamPlot['area']): Axis {
  const [from, to] = time.domain()
  const ticks = timeTicks([from - start, to - start], Math.max(2, Math.floor(width / 90)))
  return {
    x0: 0,
    x1: width,
    y: height,
    ticks: ticks.map(({value, text}) => ({x: time(value + start), text})),
    title: 'time since the first sample, min:s'
  }
}

function levelTicks(level: Linear, measure: StreamFrame['measure'], height: number): StreamPlot['levels'] {
  const [low, high] = level.domain()
  const ticks = measure === 'rank' ? rankTicks(high, height) : level.ticks(4)
  const digits = Math.max(2, -Math.floor(Math.log10((high - low) / 4)))
  const text = (value: number) => {
    if (measure === 'rank') return String(value)
    return measure === 'learned' ? signed(value, digits) : fixed(value, digits)
  }
  return ticks.map((value) => ({y: level(value), text: text(value), zero: measure === 'learned' && value === 0}))
}

function rankTicks(last: number, height: number): number[] {
  const step = Math.ceil((last * 14) / height)
  const ticks = []
  for (let rank = 1; rank <= last; rank += step) ticks.push(rank)
  return ticks
}

// A flag near the right side hangs to the left of its pole.
const flagsOf = ({marks}: StreamRecord, time: Linear, area: number): StreamFlag[] =>
  marks
    .map(({id, at, text}) => ({id, x: time(at), text, width: textWidth(text, 13) + 10}))
    .filter(({x}) => x >= 0 && x <= area)
    .map((flag) => ({...flag, left: flag.x + flag.width > area ? -flag.width : 0}))

const kindTitles = {mean: 'means over inputs', input: 'one input at a time', version: 'version by version'} as const

// Words stand over the right part if they end before the next kind begins.
const kindsOf = ({kinds}: StreamColumns, area: number): StreamPlot['kinds'] =>
  kinds.map(({x, kind}, i) => {
    const text = kindTitles[kind]
    const room = (kinds[i + 1]?.x ?? area) - Math.max(0, x)
    return {x: Math.max(0, x), text: textWidth(text, 12) + 8 < room ? text : ''}
  })

const stoodBands = ({stood}: StreamRecord, time: Linear, width: number): StreamPlot['stood'] =>
  stood
    .map(([from, to]) => ({x: Math.max(0, time(from)), stop: Math.min(width, time(to))}))
    .filter(({x, stop}) => stop > x)
    .map(({x, stop}) => ({x, width: stop - x}))

function labelOf({lines, seen, extent}: StreamRecord, {curves}: StreamColumns, frame: StreamFrame): string {
  const {measure, rowName} = frame
  const latest = curves.map(({mean}) => mean.findLast(Number.isFinite) ?? Number.NaN)
  const best = largestAt(latest.map((value) => (measure === 'rank' ? -value : value)))
  const ranges = curves.map(({low, high}) => [low.reduce(lesser), high.reduce(greater)] as const)
  const restless = largestAt(ranges.map(widthOf))
  const number = (value: number) =>
    measure === 'rank' ? fixed(value, 0) : measure === 'learned' ? signed(value, 4) : fixed(value, 2)
  const name = (line: number) => lineName(lines[line]!, rowName)
  const moved = ranges[restless]!
  const what = {importance: 'Importance', learned: 'Learned part', rank: 'Rank'}[measure]
  return (
    `${what} of ${plural(lines.length, lines.length < lines.at(-1)!.rows[1] ? 'line' : rowName)} from ` +
    `${timeText(seen![0] - extent![0])} to ${timeText(seen![1] - extent![0])}. ` +
    `${capital(name(best))} stands first with ${number(latest[best]!)}; ` +
    `${name(restless)} moved most, between ${number(moved[0])} and ${number(moved[1])}.`
  )
}

const widthOf = ([low, high]: readonly [number, number]) => (high > low ? high - low : 0)
const lesser = (a: number, b: number) => (b < a || Number.isNaN(a) ? b : a)
const greater = (a: number, b: number) => (b > a || Number.isNaN(a) ? b : a)

const emptyPlot = (width: number, height: number, area: StreamPlot['area'], absent: string): StreamPlot => ({
  width,
  height,
  area,
  x: new Float32Array(),
  strokes: [],
  heads: [],
  steps: false,
  names: [],
  axis: null,
  levels: [],
  levelTitle: '',
  nameTitle: '',
  flags: [],
  kinds: [],
  stood: [],
  absent,
  label: absent
})
