import {bytes, count, fixed, percent, plural, signed} from '@/lib/core/number'
import {greatestAt} from '@/lib/core/statistics'
import type {Explanation, FileIdentity, Interval, LayerImportance} from '@/lib/explain/explanation'
import {table} from './table'

/** An explanation as a terminal shows it: what was opened, the finding, the ranking, and where the numbers came from. */
export function explanationText(explanation: Explanation): string {
  return [
    opened(explanation),
    finding(explanation),
    ranking(explanation),
    measured(explanation),
    caveats(explanation),
    prediction(explanation),
    origin(explanation)
  ]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
}

function opened({model, heads, provenance}: Explanation): string {
  const parts = [
    `${provenance.checkpoint.name}: ${model.title} at ${model.at}`,
    ...(model.heads > 0 ? [plural(model.heads, 'head')] : []),
    plural(model.parameters, 'parameter'),
    ...(model.accuracy === null ? [] : [`accuracy ${percent(model.accuracy)} as the checkpoint states`])
  ]
  return [parts.join(', '), ...heads.map(gaussian)].join('\n')
}

function gaussian({head, kind, offset, spread, effective}: Explanation['heads'][number]): string {
  const own = `  head ${head + 1}: ${plural(offset.length, kind === 'mixture' ? 'component' : kind)}, offset ${span(offset)}, spread ${span(spread)}`
  return effective
    ? `${own}; together one Gaussian, offset ${number(effective.offset)}, variance ${number(effective.variance)}`
    : own
}

const finding = ({finding: {title, caveat}}: Explanation) => [title, caveat].filter(Boolean).join('\n')

function ranking({layers, axes, heads, provenance}: Explanation): string {
  if (layers.length === 0) return ''
  const row = axes?.rowName ?? 'row'
  const headed = heads.length > 0 || !axes?.plane
  const head = [
    row,
    ...(headed ? ['head'] : []),
    'rank',
    provenance.maps === 'weights' ? 'weight' : 'IF',
    '95 % interval',
    'untrained',
    'learned',
    '95 % interval',
    'share',
    'by share',
    ...(headed ? ['in head'] : [])
  ]
  return table(
    head,
    layers.map((layer) => rankingRow(layer, axes, headed)),
    labelled(axes)
  )
}

/** How many columns are words: a row that has a label begins with it. */
const labelled = (axes: Explanation['axes']): 0 | 1 => (axes?.rowLabels ? 1 : 0)

/** Labels stand under one another, so numbers before them are as wide as the last. */
function rowText(axes: Explanation['axes'], row: number): string {
  const label = axes?.rowLabels?.[row]
  return label ? `${`${row + 1}`.padStart(`${axes.rows}`.length)} ${label}` : `${row + 1}`
}

function rankingRow(layer: LayerImportance, axes: Explanation['axes'], headed: boolean): string[] {
  const {untrained} = layer
  return [
    rowText(axes, layer.layer),
    ...(headed ? [`${layer.head + 1}`] : []),
    `${layer.rank}`,
    fixed(layer.importance, 3),
    interval(layer.interval, fixed),
    untrained ? fixed(untrained.importance, 3) : '–',
    untrained ? signed(untrained.learned, 4) : '–',
    interval(untrained?.learnedInterval ?? null, signed, 4),
    percent(layer.share),
    `${layer.rankByShare}`,
    ...(headed ? [`${layer.rankInHead}`] : [])
  ]
}

/** What a family measures of each row beside importance: means with their intervals, and the untrained module's. */
function measured({measures = [], axes}: Explanation): string {
  if (measures.length === 0 || !axes) return ''
  const value = (number: number | null | undefined) => (number == null ? '–' : threeDigits(number))
  const of = (number: number | null | undefined, range: Interval | null | undefined) =>
    `${value(number)}${range ? ` (${value(range[0])} to ${value(range[1])})` : ''}`
  const head = [axes.rowName, ...measures.flatMap(({title, unit}) => [`${title}, ${unit}`, 'untrained'])]
  const rows = Array.from({length: axes.rows}, (_, row) => [
    rowText(axes, row),
    ...measures.flatMap(({means, intervals, untrained}) => [of(means[row], intervals[row]), value(untrained?.[row])])
  ])
  return `Measured beside importance, with 95 % intervals over inputs:\n${table(head, rows, labelled(axes))}`
}

/** 3.70 beside 3.69; beyond a thousand, whole. */
const threeDigits = (value: number): string =>
  value === 0 ? '0' : Math.abs(value) < 1000 ? value.toPrecision(3) : `${Math.round(value)}`

const interval = (range: Interval | null, write: typeof fixed, digits = 3) =>
  range ? `${write(range[0], digits)} to ${write(range[1], digits)}` : '–'

const caveats = ({caveats: found}: Explanation) => found.map(({text}) => `- ${text}`).join('\n')

function prediction({samples}: Explanation): string {
  const judged = samples.filter(({label, logits}) => label !== null && logits !== null)
  if (judged.length === 0) return ''
  const right = judged.filter(({label, logits}) => greatestAt(logits!) === label).length
  return `Prediction: ${count(right)} of ${plural(judged.length, 'labelled input')} right.`
}

function origin({provenance, model, importance}: Explanation): string {
  const {maps, samples, inputs, checkpoint, backend, bootstrap, app} = provenance
  const from = {
    inputs: `Maps: drawn from ${plural(samples, 'input')} in ${plural(inputs.length, 'file')}.`,
    saved: 'Maps: saved in the checkpoint by its own validation run.',
    weights: 'Maps: none needed; the checkpoint’s own weight per layer.',
    none: 'Maps: none; there are no inputs and the checkpoint carries no maps.'
  }[maps]
  const resampled =
    bootstrap && `Intervals: bootstrap over inputs, ${count(bootstrap.resamples)} resamples, seed ${bootstrap.seed}.`
  return [
    from,
    importance === null ? 'Importance: absent.' : '',
    resampled ?? '',
    backend ? `Backend: ${backend.reason}.` : '',
    ...[checkpoint, ...inputs.slice(0, mostFiles)].map(file),
    inputs.length > mostFiles ? `And ${plural(inputs.length - mostFiles, 'file')} more.` : '',
    `Read ${model.tensorsRead} of ${plural(model.tensorsTotal, 'tensor')}; density-lens ${app}.`
  ]
    .filter((line) => line !== '')
    .join('\n')
}

/** More input files than this are counted; the JSON names them all. */
const mostFiles = 20

const file = ({name, size, sha256}: FileIdentity) =>
  `File: ${name}, ${bytes(size)}${sha256 ? `, SHA-256 ${sha256}` : ''}`

function span(values: Float32Array): string {
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  return least === most ? number(least) : `${number(least)} to ${number(most)}`
}

const number = (value: number) => (Number.isFinite(value) ? `${Number(value.toPrecision(4))}` : `${value}`)
