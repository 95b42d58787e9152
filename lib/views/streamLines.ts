import type {LayerImportance} from '@/lib/explain/explanation'

/** One line of the live plot: a row of the map, or neighbouring rows of one head where there are too many. */
export interface StreamLine {
  readonly head: number
  /** Rows of the map, the last exclusive. */
  readonly rows: readonly [start: number, stop: number]
}

/** More rows than this share lines. */
export const mostLines = 64

/** What is kept of every line, in this order. */
export const measures = ['importance', 'untrained', 'learned', 'rank'] as const
export type Measure = (typeof measures)[number]

/** Where a line's number of one measure stands in a sample. */
export const seriesOf = (line: number, measure: Measure): number => line * measures.length + measures.indexOf(measure)

/** The lines that stand for these rows: one each, or as few rows to a line as `mostLines` allows. */
export function streamLines(layers: readonly Pick<LayerImportance, 'head'>[]): StreamLine[] {
  for (let step = 1; ; step++) {
    const lines: StreamLine[] = []
    layers.forEach(({head}, row) => {
      const line = lines.at(-1)
      if (line && line.head === head && row - line.rows[0] < step) lines[lines.length - 1] = upTo(line, row + 1)
      else lines.push({head, rows: [row, row + 1]})
    })
    // Heads are never merged, however many there are.
    if (lines.length <= mostLines || step >= layers.length) return lines
  }
}

const upTo = ({head, rows}: StreamLine, stop: number): StreamLine => ({head, rows: [rows[0], stop]})

/** Whether a reading has the rows that these lines stand for. */
export function fits(lines: readonly StreamLine[], layers: readonly Pick<LayerImportance, 'head'>[]): boolean {
  return (
    lines.at(-1)?.rows[1] === layers.length &&
    lines.every(({head, rows: [start, stop]}) => layers.slice(start, stop).every((layer) => layer.head === head))
  )
}

/** A sample: every measure of every line. Lines of several rows have their means, and are ranked by them. */
export function sampleOf(lines: readonly StreamLine[], layers: readonly LayerImportance[]): Float32Array {
  const sample = new Float32Array(lines.length * measures.length)
  lines.forEach(({rows: [start, stop]}, line) => {
    const own = layers.slice(start, stop)
    const put = (measure: Measure, pick: (layer: LayerImportance) => number) => {
      sample[seriesOf(line, measure)] = own.reduce((total, layer) => total + pick(layer), 0) / own.length
    }
    put('importance', ({importance}) => importance)
    put('untrained', ({untrained}) => untrained?.importance ?? Number.NaN)
    put('learned', ({untrained}) => untrained?.learned ?? Number.NaN)
    put('rank', ({rank}) => rank)
  })
  if (lines.length < layers.length) rankByImportance(lines, sample)
  return sample
}

function rankByImportance(lines: readonly StreamLine[], sample: Float32Array): void {
  const importance = lines.map((_, line) => sample[seriesOf(line, 'importance')]!)
  importance.forEach((own, line) => {
    sample[seriesOf(line, 'rank')] = 1 + importance.filter((other) => other > own).length
  })
}
