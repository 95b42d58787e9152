import type {Explanation, MeasuredRows} from '@/lib/explain/explanation'
import type {Axis} from '@/lib/views/axis'
import type {Caption} from '@/lib/views/caption'
import type {PanelFrame, RowBand} from '@/lib/views/frame'
import {type Linear, linear} from '@/lib/views/linear'
import {textWidth} from '@/lib/views/rowText'
import {ticks} from '@/lib/views/ticks'

/** What one measure says of one row: a dot with its interval, and where the untrained module stands. */
export interface MeasureDot {
  readonly key: string
  readonly layer: number
  readonly x: number
  readonly y: number
  /** Measures that share an axis are told apart by it, the first filled, the second hollow. */
  readonly shape: 'filled' | 'hollow'
  readonly radius: number
  readonly whisker: readonly [x0: number, x1: number] | null
  readonly untrained: {readonly x: number; readonly y0: number; readonly y1: number} | null
  readonly says: string
}

/** Measures of one unit on one axis. */
export interface MeasureStrip {
  readonly key: string
  readonly x0: number
  readonly x1: number
  readonly grid: readonly number[]
  readonly axis: Axis
}

/** Panel d of a family without Gaussians: what it measures of each row beside importance. */
export interface MeasuresPanel {
  readonly height: number
  readonly strips: readonly MeasureStrip[]
  readonly dots: readonly MeasureDot[]
  readonly captions: readonly Caption[]
  readonly dotted: readonly RowBand[]
  /** One sentence for those who do not see the picture. */
  readonly label: string
}

const gutter = 18

/** The first strip's second line of captions is free for the key. */
export const keyFits = (measures: readonly MeasuredRows[]): boolean => groupsOf(measures)[0]?.length === 1

const tickKey = ({captionY}: PanelFrame): Caption => ({
  x: 0,
  y: captionY,
  anchor: 'start',
  text: '| untrained',
  meaning: 'where the module as initialised stands, on the same inputs'
})

/** One strip per unit, side by side; null where the family measures nothing. */
export function measuresPanel({measures = []}: Explanation, frame: PanelFrame): MeasuresPanel | null {
  if (measures.length === 0) return null
  const groups = groupsOf(measures)
  const width = (frame.width - gutter * (groups.length - 1)) / groups.length
  const drawn = groups.map((group, i) => stripOf(group, i * (width + gutter), width, frame))
  const twins = measures.some(({untrained}) => untrained !== null)
  const seen = new Set(drawn.flatMap(({dots}) => dots).map(({layer}) => layer))
  return {
    height: frame.height,
    strips: drawn.map(({strip}) => strip),
    dots: drawn.flatMap(({dots}) => dots),
    captions: [...drawn.flatMap(({captions}) => captions), ...(twins && keyFits(measures) ? [tickKey(frame)] : [])],
    dotted: frame.rows.filter(({layer}) => !seen.has(layer)),
    label: `${measures.map(({title, unit}) => `${title} (${unit})`).join(', ')}: one mark per row; the tick is the untrained module.`
  }
}

function groupsOf(measures: readonly MeasuredRows[]): MeasuredRows[][] {
  const groups = new Map<string, MeasuredRows[]>()
  for (const one of measures) {
    const key = `${one.unit} ${one.scale}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

function stripOf(group: readonly MeasuredRows[], left: number, width: number, frame: PanelFrame) {
  const {unit, scale} = group[0]!
  const x = placesOf(group, [left + 5, left + width - 5])
  const marks = ticksOf(x, scale, Math.max(2, Math.min(6, Math.floor(width / 40))))
  const axis: Axis = {
    x0: left,
    x1: left + width,
    y: frame.axisY,
    ticks: marks.map((value) => ({x: x(value), text: tickText(value, scale)})),
    title: axisTitle(group, unit)
  }
  const key = group.map(({id}) => id).join(' ')
  const strip: MeasureStrip = {key, x0: left, x1: left + width, grid: marks.map((value) => x(value)), axis}
  const dots = group.flatMap((one, i) => frame.rows.flatMap((band) => dotOf(one, i, group.length, band, x)))
  return {strip, dots, captions: captionsOf(group, left, width, frame)}
}

/** On a logarithmic scale, numbers stand for their logarithm to the base of 10. */
function placesOf(group: readonly MeasuredRows[], range: readonly [number, number]): Linear {
  const log = group[0]!.scale === 'log'
  const values = group.flatMap(({means, intervals, untrained}) => [
    ...means,
    ...(untrained ?? []),
    ...intervals.flatMap((found) => found ?? [])
  ])
  const places = values.flatMap((value) => {
    const place = value === null ? Number.NaN : log ? Math.log10(value) : value
    return Number.isFinite(place) ? [place] : []
  })
  const [low, high] = [Math.min(...places, log ? Infinity : 0), Math.max(...places)]
  if (!Number.isFinite(low + high)) return linear([0, 1], range)
  const air = (high - low || 1) * 0.04
  const within = linear([log ? low - air : low, high + air], range)
  return Object.assign((value: number) => within(log ? Math.log10(value) : value), {
    domain: within.domain,
    range: within.range,
    ticks: within.ticks,
    nice: within.nice
  })
}

function ticksOf(x: Linear, scale: MeasuredRows['scale'], count: number): number[] {
  const [low, high] = x.domain()
  if (scale === 'linear') return ticks(low, high, count)
  const [first, last] = [Math.ceil(low), Math.floor(high)]
  const step = Math.max(1, Math.ceil((last - first + 1) / count))
  const powers = Array.from({length: Math.max(0, Math.floor((last - first) / step) + 1)}, (_, i) => first + i * step)
  // Within one power of ten there are round numbers, if no powers.
  return powers.length > 1 ? powers.map((power) => 10 ** power) : ticks(10 ** low, 10 ** high, count)
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

function tickText(value: number, scale: MeasuredRows['scale']): string {
  const power = Math.log10(value)
  if (scale === 'linear' || Math.abs(power - Math.round(power)) > 1e-9 || Math.abs(power) < 2.5)
    return String(Number(value.toPrecision(3)))
  const digits = String(Math.abs(Math.round(power))).replace(/\d/g, (digit) => superscripts[Number(digit)]!)
  return `10${power < 0 ? '⁻' : ''}${digits}`
}

function dotOf(one: MeasuredRows, i: number, of: number, band: RowBand, x: Linear): MeasureDot[] {
  const mean = one.means[band.layer]
  if (mean == null || !Number.isFinite(x(mean))) return []
  // Several on one axis stand one under the other, so that equal ones are both seen.
  const step = Math.min(7, band.height / (of + 1))
  const y = band.y + band.height / 2 + (i - (of - 1) / 2) * step
  const interval = one.intervals[band.layer]
  const twin = one.untrained?.[band.layer]
  const half = Math.min(6, step)
  const radius = Math.max(2, Math.min(4, band.height / (of * 2 + 2)))
  return [
    {
      key: `${one.id} ${band.layer}`,
      layer: band.layer,
      x: x(mean),
      y,
      shape: i % 2 === 0 ? 'filled' : 'hollow',
      radius,
      whisker: interval?.every((end) => Number.isFinite(x(end))) ? [x(interval[0]), x(interval[1])] : null,
      untrained: twin == null || !Number.isFinite(x(twin)) ? null : {x: x(twin), y0: y - half, y1: y + half},
      says: `${one.title}: ${Number(mean.toPrecision(3))} ${one.unit}${twin == null ? '' : `, untrained ${Number(twin.toPrecision(3))}`}`
    }
  ]
}

const shapes = ['●', '○']

/** On the legend's line, and where an axis has two measures, the second right over the rows; whole where that fits. */
function captionsOf(
  group: readonly MeasuredRows[],
  left: number,
  width: number,
  {keyY, captionY}: PanelFrame
): Caption[] {
  const titles = group.map(({title}) => title)
  const mark = (i: number) => (group.length > 1 ? `${shapes[i]} ` : '')
  const whole = titles.every((title, i) => textWidth(mark(i) + title, 11.5) <= width)
  const names = whole ? titles : keyNames(titles)
  return group.slice(0, 2).map(({title}, i) => ({
    x: left,
    y: i === 0 ? keyY + 4 : captionY,
    anchor: 'start',
    text: mark(i) + names[i],
    meaning: title
  }))
}

/** The unit, after what measures of one axis have in common that neither their key nor the unit says. */
function axisTitle(group: readonly MeasuredRows[], unit: string): string {
  const firsts = new Set(group.map(({title}) => title.split(' ')[0]!))
  const [shared] = firsts
  return group.length > 1 && firsts.size === 1 && !unit.includes(shared!) ? `${shared}, ${unit}` : unit
}

/** The first word, and where measures share it the last that is a measure's own: "content" and "latent". */
function keyNames(titles: readonly string[]): string[] {
  const words = titles.map((title) => title.split(' '))
  const first = words.map(([word]) => word!)
  if (new Set(first).size === first.length) return first
  return words.map((own) => own.findLast((word) => words.some((other) => !other.includes(word))) ?? own[0]!)
}
