import {fixed, ordinal, percent, signed} from '@/lib/core/number'
import type {Explanation, LayerImportance, MeasuredRows} from './explanation'
import {isClear} from './isClear'
import {noDensityReason} from './noDensity'
import {rowName} from './rowName'
import {rowsTie, sharesRank} from './tiedRows'
import {capital, range} from './words'

/** A piece of a sentence; numbers are strong. */
export interface Segment {
  readonly text: string
  readonly strong: boolean
}

/** What the numbers say of one row, in full sentences. Without importance it says what is missing. */
export function readingOf(explanation: Explanation, layer: number): Segment[] {
  return sentencesOf(explanation, layer, '')
}

/**
 * The same for a line of the figure that stands for several rows: `merged` is the explanation as it is drawn, `label`
 * what the line is called there.
 */
export function mergedReading(merged: Explanation, line: number, label: string): Segment[] {
  const name = merged.axes?.rowName ?? 'layer'
  const read = sentencesOf(merged, line, ' lines')
  return merged.layers[line] ? [plain(`Means over ${name}s ${label}, merged into one line. `), ...read] : read
}

function sentencesOf(explanation: Explanation, layer: number, unit: string): Segment[] {
  const row = explanation.layers[layer]
  if (row === undefined) return [plain(nothingToRead(explanation))]
  if (explanation.provenance.maps === 'weights') return weightOf(row, `${explanation.layers.length}${unit}`)
  if (rowsTie(explanation)) return tied(explanation, row)
  const inHead = explanation.layers.filter(({head}) => head === row.head).length
  return [
    plain('Importance '),
    strong(fixed(row.importance, 2)),
    ...(row.interval ? [plain(' (95\u00a0% interval '), strong(range(row.interval, 2)), plain(')')] : []),
    plain(', '),
    ...(explanation.axes?.plane && sharesRank(explanation.layers, row.rank) ? [plain('joint ')] : []),
    strong(ordinal(row.rank)),
    plain(` of ${explanation.layers.length}${unit}`),
    ...(explanation.heads.length > 0
      ? [plain(' and '), strong(ordinal(row.rankInHead)), plain(` of ${inHead} in its head`)]
      : []),
    plain('. '),
    ...learned(row),
    plain('It carries '),
    strong(percent(row.share)),
    plain(' of all attention.')
  ]
}

/** Where rows tie by what they are, their measures tell them apart. */
function tied({axes, measures = []}: Explanation, row: LayerImportance): Segment[] {
  return [
    plain('Importance '),
    strong(fixed(row.importance, 2)),
    plain(`, as every ${axes?.rowName ?? 'layer'}’s by construction: none ranks first.`),
    ...measures.flatMap((one, i) => measured(one, measures[i - 1], row.layer))
  ]
}

/** "Entropy of attention 2.26 bits, untrained 3.16." One of the same unit goes on from the one before it. */
function measured(one: MeasuredRows, before: MeasuredRows | undefined, row: number): Segment[] {
  const {title, unit, means, untrained} = one
  const [mean, twin] = [means[row], untrained?.[row]]
  if (mean == null) return []
  const goesOn = before?.unit === unit && before.means[row] != null
  const words = title.split(' ')
  const own = goesOn ? words.slice(words.findIndex((word, i) => word !== before.title.split(' ')[i])).join(' ') : title
  // "gradient … 0.3 gradient norm" would say it twice.
  const of = unit.startsWith(words[0]!) ? '' : `\u00a0${unit}`
  return [
    plain(` ${capital(own)} `),
    strong(`${Number(mean.toPrecision(3))}${of}`),
    plain(twin == null ? '.' : `, untrained ${Number(twin.toPrecision(2))}.`)
  ]
}

/** A learned weight is said as what it is. */
function weightOf({importance, rank, untrained}: LayerImportance, of: string): Segment[] {
  return [
    plain('Weight '),
    strong(fixed(importance, 3)),
    plain(', '),
    strong(ordinal(rank)),
    plain(` of ${of}. `),
    ...(untrained
      ? [plain('Before training every layer weighed '), strong(fixed(untrained.density, 3)), plain('.')]
      : [])
  ]
}

/** The same as plain text, named, for a screen reader: "Layer 5, head 2. Importance 0.83 …" */
export function spokenReading(explanation: Explanation, layer: number): string {
  const title = capital(rowName(explanation.axes ?? {rowName: 'layer'}, layer))
  return spoken(explanation, explanation.layers[layer], title, readingOf(explanation, layer))
}

/** A title and sentences on a row as plain text, with the head it belongs to. */
export function spoken(
  {heads}: Pick<Explanation, 'heads'>,
  row: LayerImportance | undefined,
  title: string,
  sentences: readonly Segment[]
): string {
  const head = row && heads.length > 0 ? `, head ${row.head + 1}` : ''
  return `${title}${head}. ${sentences.map(({text}) => text).join('')}`
}

function learned(row: LayerImportance): Segment[] {
  const {untrained} = row
  if (untrained === null) return []
  const also = untrained.rank === row.rank ? 'also ' : ''
  const doubt = untrained.learnedInterval && !isClear(row) ? ', which the interval cannot tell from zero' : ''
  return [
    plain('Untrained it would be '),
    strong(fixed(untrained.importance, 2)),
    plain(`, ${also}`),
    strong(ordinal(untrained.rank)),
    ...(stood(row.density, untrained)
      ? [plain(`. Training left its mean density at ${fixed(row.density, 3)}. `)]
      : [
          plain('. Training moved its mean density by '),
          strong(signed(untrained.learned, 3)),
          plain(`, from ${fixed(untrained.density, 3)} to ${fixed(row.density, 3)}${doubt}. `)
        ])
  ]
}

/** Whether no digit that is said moved, and no interval says that others might have. */
function stood(
  density: number,
  {density: before, learned, learnedInterval}: NonNullable<LayerImportance['untrained']>
) {
  const still = (by: number) => !/[1-9]/.test(fixed(by, 3))
  return fixed(density, 3) === fixed(before, 3) && [learned, ...(learnedInterval ?? [])].every(still)
}

function nothingToRead({provenance, density, model}: Explanation): string {
  if (noDensityReason(model.missing))
    return `No importance: ${model.title} weigh${/^an? /.test(model.title) ? 's' : ''} no layer.`
  if (provenance.maps === 'none') return 'No importance yet: it needs inputs, or maps saved in the checkpoint.'
  if (density === null) return 'No importance: no density is finite.'
  return 'No importance: every cell of the map has the same density.'
}

const plain = (text: string): Segment => ({text, strong: false})
const strong = (text: string): Segment => ({text, strong: true})
