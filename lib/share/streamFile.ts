import {spanMean} from '@/lib/core/spanHistory'
import {measures, seriesOf} from '@/lib/views/streamLines'
import type {StreamRecord} from '@/lib/views/streamRecord'

/** What the numbers of an exported history are about. */
export interface StreamFileHead {
  readonly name: string
  readonly rowName: string
  readonly received: number
  readonly missed: number
}

/**
 * A history as CSV: a line for each span of time and each line of the plot, with least, mean and greatest of every
 * measure. Times are ms since the first sample; rows count from 1. What is unknown is left empty.
 */
export function streamCsv(record: StreamRecord): string {
  const head = ['from_ms', 'to_ms', 'samples', 'source', 'first_row', 'last_row', 'head']
  const columns = measures.flatMap((measure) => [`${measure}_min`, `${measure}_mean`, `${measure}_max`])
  const start = record.extent?.[0] ?? 0
  const lines = [[...head, ...columns].join(',')]
  for (const span of record.spans) {
    const when = [span.from - start, span.to - start, span.samples, cell(sourceOf(record, span.source))].join(',')
    record.lines.forEach((line, index) => {
      const numbers = measures.flatMap((measure) => {
        const series = seriesOf(index, measure)
        return [span.min[series]!, spanMean(span, series), span.max[series]!].map(numberText)
      })
      lines.push([when, line.rows[0] + 1, line.rows[1], line.head + 1, ...numbers].join(','))
    })
  }
  return `${lines.join('\n')}\n`
}

/** The same as JSON, with the marks and what was not recorded. */
export function streamJson(record: StreamRecord, head: StreamFileHead): string {
  const start = record.extent?.[0] ?? 0
  const list = (values: ArrayLike<number>) => Array.from(values, (value) => (Number.isFinite(value) ? value : null))
  return JSON.stringify({
    ...head,
    began: new Date(record.began).toISOString(),
    measures,
    lines: record.lines.map(({rows, head}) => ({rows: [rows[0] + 1, rows[1]], head: head + 1})),
    marks: record.marks.map(({at, text}) => ({atMs: at - start, text})),
    stood: record.stood.map(([from, to]) => [from - start, to - start]),
    spans: record.spans.map((span) => ({
      fromMs: span.from - start,
      toMs: span.to - start,
      samples: span.samples,
      source: sourceOf(record, span.source),
      min: list(span.min),
      mean: list(span.sum.map((_, series) => spanMean(span, series))),
      max: list(span.max)
    }))
  })
}

const sourceOf = ({sources}: StreamRecord, source: number): string => sources[source]?.name ?? 'several'

// Float32 has no more than nine digits.
const numberText = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '')

/** Quoted where it must be; what a spreadsheet would run as a formula is made a text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
