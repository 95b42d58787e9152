import {fixed, signed} from '@/lib/core/number'
import {spanMean} from '@/lib/core/spanHistory'
import {capital} from '@/lib/explain/words'
import type {StreamFrame} from '@/lib/views/liveStream'
import {seriesOf} from '@/lib/views/streamLines'
import type {StreamRecord} from '@/lib/views/streamRecord'

/** The numbers behind a live plot, as they are written. */
export interface StreamTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** For every line: its last number, and least, mean and greatest of what is seen; with them its last rank. */
export function streamTable(
  record: StreamRecord,
  {measure, rowName}: Pick<StreamFrame, 'measure' | 'rowName'>
): StreamTable {
  const {lines, spans, seen} = record
  const inView = seen ? spans.filter(({from, to}) => to >= seen[0] && from <= seen[1]) : []
  const text = (value: number) => (measure === 'learned' ? signed(value, 4) : fixed(value, measure === 'rank' ? 1 : 3))
  return {
    columns: [capital(rowName), 'Head', 'Last', 'Least', 'Mean', 'Greatest', 'Last rank'],
    rows: lines.map(({rows, head}, line) => {
      const series = seriesOf(line, measure)
      const last = inView.at(-1)
      const known = inView.filter((span) => span.known[series]! > 0)
      const sum = known.reduce((total, span) => total + span.sum[series]!, 0)
      const samples = known.reduce((total, span) => total + span.known[series]!, 0)
      return [
        rows[1] - rows[0] > 1 ? `${rows[0] + 1}–${rows[1]}` : `${rows[1]}`,
        `${head + 1}`,
        text(last ? spanMean(last, series) : Number.NaN),
        text(Math.min(...known.map((span) => span.min[series]!))),
        text(sum / samples),
        text(Math.max(...known.map((span) => span.max[series]!))),
        fixed(last ? spanMean(last, seriesOf(line, 'rank')) : Number.NaN, 0)
      ]
    })
  }
}
