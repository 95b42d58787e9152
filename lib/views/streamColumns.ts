import {type Span, spanMean} from '@/lib/core/spanHistory'
import type {Linear} from './linear'
import {type Measure, seriesOf} from './streamLines'
import type {SourceKind, StreamRecord, TimeSpan} from './streamRecord'

/** One line over the columns of a plot: its mean, least and greatest in each, as numbers; NaN where it has none. */
export interface StreamCurve {
  readonly mean: Float64Array
  readonly low: Float32Array
  readonly high: Float32Array
}

/** What is seen of a history, folded into columns that all lines share. */
export interface StreamColumns {
  /** Middle of each column that has samples, px, rising. */
  readonly x: Float64Array
  readonly curves: readonly StreamCurve[]
  /** Where samples of another kind begin, px, and which. */
  readonly kinds: readonly {readonly x: number; readonly kind: SourceKind}[]
}

/** Width of a column, px: finer than that, a line is a smear. */
const columnWidth = 2

/**
 * Folds spans of a measure into columns along `x`. Neighbours of what is seen come too: lines run out of the picture.
 * Between samples of two kinds stands a column of nothing, where lines break.
 */
export function streamColumns(
  {spans, lines, sources}: StreamRecord,
  seen: TimeSpan,
  measure: Measure,
  x: Linear
): StreamColumns {
  const columns = columnsOf(nearView(spans, seen), x, ({source}) => sources[source]?.kind ?? null)
  const curves = lines.map((_, line): StreamCurve => foldLine(columns, seriesOf(line, measure)))
  const kinds = columns.flatMap(({x, begins}) => (begins ? [{x, kind: begins}] : []))
  return {x: Float64Array.from(columns, (column) => column.x), curves, kinds}
}

interface Column {
  readonly x: number
  readonly spans: readonly Span[]
  /** The kind that begins with it. */
  readonly begins: SourceKind | null
}

function nearView(spans: readonly Span[], [from, to]: TimeSpan): readonly Span[] {
  const first = spans.findIndex((span) => span.to >= from)
  const beyond = spans.findIndex((span) => span.from > to)
  return first < 0 ? spans.slice(-1) : spans.slice(Math.max(0, first - 1), beyond < 0 ? spans.length : beyond + 1)
}

function columnsOf(spans: readonly Span[], x: Linear, kindOf: (span: Span) => SourceKind | null): Column[] {
  const columns: {x: number; at: number; spans: Span[]; begins: SourceKind | null}[] = []
  let kind: SourceKind | null = null
  for (const span of spans) {
    const middle = x((span.from + span.to) / 2)
    const at = Math.floor(middle / columnWidth)
    // A span of several kinds goes with the one before.
    const own: SourceKind | null = kindOf(span) ?? kind
    const begins = own === kind ? null : own
    const last = columns.at(-1)
    if (last && begins) columns.push({x: (last.x + middle) / 2, at: Number.NaN, spans: [], begins: null})
    if (last?.at === at && !begins) last.spans.push(span)
    else columns.push({x: middle, at, spans: [span], begins})
    kind = own
  }
  return columns
}

function foldLine(columns: readonly Column[], series: number): StreamCurve {
  const [low, high] = [new Float32Array(columns.length), new Float32Array(columns.length)]
  const mean = Float64Array.from(columns, ({spans}, column) => {
    if (spans.length === 1) {
      low[column] = spans[0]!.min[series]!
      high[column] = spans[0]!.max[series]!
      return spanMean(spans[0]!, series)
    }
    let [least, greatest, sum, known] = [Infinity, -Infinity, 0, 0]
    for (const span of spans) {
      if (span.min[series]! < least) least = span.min[series]!
      if (span.max[series]! > greatest) greatest = span.max[series]!
      sum += span.sum[series]!
      known += span.known[series]!
    }
    low[column] = known > 0 ? least : Number.NaN
    high[column] = known > 0 ? greatest : Number.NaN
    return sum / known
  })
  return {mean, low, high}
}
