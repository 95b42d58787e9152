import {rampColour, sequentialRamp, type Theme} from '@/lib/core/colour'
import {rowOf} from '@/lib/core/grid'
import {mean, sum} from '@/lib/core/statistics'
import type {Explanation, HeadGaussians, Signal} from '@/lib/explain/explanation'
import type {Axis} from '@/lib/views/axis'
import type {Caption} from '@/lib/views/caption'
import type {PanelFrame, RowBand} from '@/lib/views/frame'
import {gaussianCurve, isDrawable} from '@/lib/views/gaussianCurve'
import {largest} from '@/lib/views/largest'
import {type Linear, linear} from '@/lib/views/linear'
import {attendsToPlaces} from '@/lib/views/mapName'
import {textLines} from '@/lib/views/rowText'
import {signedTicks} from '@/lib/views/signedTicks'
import {basis, type Place, smoothArea, smoothLine} from '@/lib/views/smooth'

export interface SignalOptions {
  readonly theme: Theme
  /** True while the numbers are being computed: dotted rows, and no sentence about what is missing. */
  readonly pending?: boolean
}

/** The distribution of standardised values in one layer. Paths are SVG path data. */
export interface SignalRow {
  readonly layer: number
  readonly area: string
  readonly outline: string
  /** Key of the gradient that fills it. */
  readonly gradient: string
}

/** The density colour each z would get, across the panel from 0 to its width. */
export interface SignalGradient {
  readonly key: string
  readonly stops: readonly {readonly offset: number; readonly colour: string}[]
}

/** Everything panel e is drawn from, and nothing that needs a document. */
export interface SignalMarks {
  readonly width: number
  readonly height: number
  readonly rows: readonly SignalRow[]
  readonly gradients: readonly SignalGradient[]
  /** Rows that have nothing to show. */
  readonly dotted: readonly RowBand[]
  readonly axis: Axis | null
  readonly key: Caption | null
  /** Why there is no signal, as lines. */
  readonly absent: readonly string[]
  /** One sentence for those who do not see the picture. */
  readonly label: string
}

/**
 * Panel e: for each layer, how its standardised values are distributed over inputs and features, filled with the
 * density that each value would get. Heights are per layer.
 */
export function signalPanel(
  explanation: Explanation | null,
  frame: PanelFrame,
  {theme, pending = false}: SignalOptions
): SignalMarks {
  const signal = explanation?.signal ?? null
  if (explanation === null || signal === null) return emptyMarks(explanation, frame, pending)
  const limit = zLimit(explanation, signal)
  const x = linear([-limit, limit], [0, frame.width])
  const shown = frame.rows.filter(({layer}) => layer < signal.counts.rows && hasValues(signal, layer))
  const heads = explanation.heads.filter(({head}) => shown.some((row) => row.head === head))
  return {
    width: frame.width,
    height: frame.height,
    rows: shown.map((row) => signalRow(signal, row, x)),
    gradients: heads.map((head) => gradientOf(head, explanation, signal, limit, theme)),
    dotted: frame.rows.filter((row) => !shown.includes(row)),
    axis: {
      x0: 0,
      x1: frame.width,
      y: frame.axisY,
      ticks: signedTicks(limit, frame.enlarged ? 9 : 4).map(({value, text}) => ({x: x(value), text})),
      title: `z, heights per ${explanation.axes?.rowName ?? 'layer'}`
    },
    // Only a Gaussian says what a value would get.
    key: heads.length > 0 ? {x: 0, y: frame.keyY + 4, text: 'colour: density it gets', anchor: 'start'} : null,
    absent: [],
    label: `Distribution of standardised values in each ${explanation.axes?.rowName ?? 'layer'}${heads.length > 0 ? ', coloured by the density they get' : ''}.`
  }
}

// What layers can reach at no offset, and a little air; histograms may be wider where heads are long or offsets large.
function zLimit({heads}: Explanation, signal: Signal): number {
  const reach = largest(
    heads.map((head) => head.reach ?? 0),
    0
  )
  return Math.min(reach > 0 ? reach * 1.12 : counted(signal), 5)
}

/** Of this part of all values nothing could be seen. */
const unseen = 0.002

// Where nothing says what values can reach: as far as there are any to see, on either side.
function counted({edges, counts: {cols, values}}: Signal): number {
  const room = unseen * sum(values)
  const beyond = (bins: number) => sum(values.filter((_, at) => at % cols < bins || at % cols >= cols - bins))
  return Math.abs(
    edges[
      Math.max(
        0,
        edges.findIndex((_, bin) => beyond(bin + 1) > room)
      )
    ] ?? 1
  )
}

const hasValues = ({counts}: Signal, layer: number): boolean => rowOf(counts, layer).some((n) => n > 0)

function signalRow({edges, counts}: Signal, row: RowBand, x: Linear): SignalRow {
  const values = rowOf(counts, row.layer)
  const foot = row.y + row.height - 1
  const y = linear([0, largest(values, 1)], [foot, row.y + Math.max(1, row.height * 0.12)])
  const [left, right] = x.range() as [number, number]
  const bins = Array.from(values, (n, i): Place => [x((edges[i]! + edges[i + 1]!) / 2), y(n)])
  const points: Place[] = [
    [Math.max(left, x(edges[0]!)), foot],
    ...bins.filter(([px]) => px > left && px < right),
    [Math.min(right, x(edges.at(-1)!)), foot]
  ]
  return {
    layer: row.layer,
    // A B-spline: it rounds off what the bins make of a smooth distribution.
    area: smoothArea(
      points,
      points.map(([px]) => [px, foot] as const),
      basis
    ),
    outline: smoothLine(points, basis),
    gradient: `h${row.head}`
  }
}

// ---- colour

function gradientOf(
  head: HeadGaussians,
  {scale}: Explanation,
  signal: Signal,
  limit: number,
  theme: Theme
): SignalGradient {
  const [low, high] = scale ?? [0, 1]
  const ramp = sequentialRamp(theme)
  const density = densityOf(head, signal)
  return {
    key: `h${head.head}`,
    stops: Array.from({length: 25}, (_, i) => {
      const value = density((i / 12 - 1) * limit)
      return {offset: i / 24, colour: rampColour(ramp, high > low ? (value - low) / (high - low) : 0.5)}
    })
  }
}

/**
 * What a value z is worth to a head: its mean Gaussian. A density block divides by the sum over the chunk; times the
 * chunk's length, as the map is drawn, that is one over the mean Gaussian of the values that were seen.
 */
function densityOf(head: HeadGaussians, {edges, counts}: Signal): (z: number) => number {
  const {effective, rows, offsetZ, variance, initialVariance} = head
  if (effective === null) {
    const [offset, spread] = [offsetZ ? mean(offsetZ) : 0, mean(variance)]
    return isDrawable(offset, spread) ? gaussianCurve(offset, spread).value : gaussianCurve(0, initialVariance).value
  }
  const {value} = gaussianCurve(effective.offsetZ ?? 0, effective.variance)
  const seen = new Float64Array(counts.cols)
  for (let row = rows?.[0] ?? 0; row < Math.min(counts.rows, rows?.[1] ?? 0); row++) {
    rowOf(counts, row).forEach((n, bin) => {
      seen[bin]! += n
    })
  }
  const worth = seen.map((n, bin) => n * value((edges[bin]! + edges[bin + 1]!) / 2))
  const typical = sum(worth) / sum(seen)
  return typical > 0 ? (z) => value(z) / typical : value
}

// ---- blanks

function emptyMarks(explanation: Explanation | null, frame: PanelFrame, pending: boolean): SignalMarks {
  const sentence = explanation === null || pending ? '' : whyAbsent(explanation)
  return {
    width: frame.width,
    height: frame.height,
    rows: [],
    gradients: [],
    dotted: sentence === '' ? frame.rows : [],
    axis: null,
    key: null,
    absent: sentence === '' ? [] : textLines(sentence, frame.width, 13.5),
    label: sentence === '' ? 'No signal yet.' : sentence
  }
}

const whyAbsent = (explanation: Explanation): string => {
  const {provenance, heads, model} = explanation
  if (heads.length === 0 && !attendsToPlaces(explanation))
    return `There is no signal: nothing is standardised in ${model.title}.`
  if (provenance.maps === 'saved')
    return 'Saved maps hold densities, not the values behind them. Add the inputs to see these.'
  return provenance.maps === 'inputs'
    ? 'The values behind one input’s map are not kept.'
    : 'The signal is in the inputs. Add some to see it.'
}
