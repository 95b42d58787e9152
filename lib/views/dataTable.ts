import {at, type Grid} from '@/lib/core/grid'
import {count, fixed, percent, signed} from '@/lib/core/number'
import type {Explanation, Interval, LayerImportance} from '@/lib/explain/explanation'
import {predictedClass} from '@/lib/explain/predicted'
import {rowsTie} from '@/lib/explain/tiedRows'
import {capital} from '@/lib/explain/words'
import {densityMeans} from '@/lib/views/densityMeans'
import {importanceName} from '@/lib/views/importanceName'
import {mapName} from '@/lib/views/mapName'
import {placeName} from '@/lib/views/planeCells'
import {mostRows, shownRows} from '@/lib/views/shownRows'

export type TableId = 'layers' | 'lines' | 'density' | 'gaussians' | 'measures' | 'signal' | 'inputs'

/** The numbers behind a picture. Cells are written when asked for, so a table of 5,120 × 40 costs nothing unread. */
export interface DataTable {
  readonly id: TableId
  readonly title: string
  /** What the numbers are, as a sentence or two. */
  readonly note: string
  readonly columns: readonly string[]
  readonly rows: number
  /** The text of a cell; column 0 names the row. */
  cell(row: number, column: number): string
}

interface Column<T> {
  readonly title: string
  readonly text: (item: T) => string
}

const none = '–'
const between = (interval: Interval | null, digits: number) =>
  interval ? `${fixed(interval[0], digits)} to ${fixed(interval[1], digits)}` : none
const number = (value: number | null | undefined, digits: number) => (value == null ? none : fixed(value, digits))

/** Every table this explanation can fill, in the order of the panels. */
export function dataTables(explanation: Explanation): DataTable[] {
  return [
    layers(explanation),
    lines(explanation),
    density(explanation),
    gaussians(explanation),
    measures(explanation),
    signal(explanation),
    inputs(explanation)
  ]
    .filter((table) => table !== null)
    .filter((table) => table.rows > 0)
}

function table<T>(
  id: TableId,
  title: string,
  note: string,
  items: readonly T[],
  columns: readonly Column<T>[]
): DataTable {
  return {
    id,
    title,
    note,
    columns: columns.map((column) => column.title),
    rows: items.length,
    cell: (row, column) => columns[column]!.text(items[row]!)
  }
}

function layers(explanation: Explanation): DataTable {
  const {layers, axes} = explanation
  const name = axes?.rowName ?? 'layer'
  const note =
    `IF is the mean Importance Factor over ${axes?.colName ?? 'feature'}s; share is the row’s part of all attention. ` +
    'Untrained IF stands on the trained map’s scale; on its own scale it is min–max normalised by itself. Learned ' +
    `part is trained minus untrained mean density. ${densityMeans(explanation)}`.trimEnd()
  const columns = [
    {title: capital(name), text: ({layer}: LayerImportance) => rowTitle(axes, layer)},
    ...ofRow(explanation)
  ]
  const tie = rowsTie(explanation) ? ` Every ${name} shares out as much attention, so all rank first alike.` : ''
  return table('layers', `${capital(name)}s`, note + tie + drawnMerged(explanation), layers, columns)
}

const rowTitle = (axes: Explanation['axes'], row: number): string => axes?.rowLabels?.[row] ?? String(row + 1)

/** The lines of a figure that merges rows; null where each row has its own. */
function lines(explanation: Explanation): DataTable | null {
  const {whole, explanation: drawn, labels} = shownRows(explanation)
  if (whole === null || drawn === null || labels.length === whole.axes?.rows) return null
  const name = whole.axes?.rowName ?? 'layer'
  const columns = [{title: `${capital(name)}s`, text: ({layer}: LayerImportance) => labels[layer]!}, ...ofRow(whole)]
  const note =
    `The figure merges ${count(whole.axes!.rows)} ${name}s into ${count(labels.length)} lines: means over the ` +
    `${name}s of a line, sums of shares, ranks among the lines. A line of several has no interval.`
  return table('lines', 'Merged lines', note, drawn.layers, columns)
}

function drawnMerged({axes}: Explanation): string {
  if (!axes || axes.rows <= mostRows) return ''
  return ` The figure merges neighbouring ${axes.rowName}s into lines; here each stands alone.`
}

function ofRow({heads, provenance}: Explanation): Column<LayerImportance>[] {
  const inHeads = (column: Column<LayerImportance>) => (heads.length > 0 ? [column] : [])
  return [
    ...inHeads({title: 'Head', text: ({head}) => String(head + 1)}),
    {title: 'Rank', text: ({rank}) => String(rank)},
    {title: 'Rank, 95 %', text: ({rankInterval}) => between(rankInterval, 0)},
    ...inHeads({title: 'Rank in head', text: ({rankInHead}) => String(rankInHead)}),
    {title: 'Rank by share', text: ({rankByShare}) => String(rankByShare)},
    {title: capital(importanceName({provenance}).short), text: ({importance}) => fixed(importance, 3)},
    {title: 'IF, 95 %', text: ({interval}) => between(interval, 3)},
    {title: 'Share', text: ({share}) => percent(share)},
    {title: 'Density', text: ({density}) => fixed(density, 4)},
    {title: 'Untrained rank', text: ({untrained}) => (untrained ? String(untrained.rank) : none)},
    {title: 'Untrained IF', text: ({untrained}) => number(untrained?.importance, 3)},
    {title: 'Untrained, own scale', text: ({untrained}) => number(untrained?.importanceOwnScale, 3)},
    {title: 'Untrained density', text: ({untrained}) => number(untrained?.density, 4)},
    {title: 'Learned part', text: ({untrained}) => (untrained ? signed(untrained.learned, 4) : none)},
    {title: 'Learned, 95 %', text: ({untrained}) => between(untrained?.learnedInterval ?? null, 4)},
    {title: 'Mean |z|', text: ({meanAbsZ}) => number(meanAbsZ, 3)}
  ]
}

function density(explanation: Explanation): DataTable | null {
  const {density, nullDensity, axes} = explanation
  if (!density || !axes) return null
  const {rowName, colName, plane} = axes
  const {long} = mapName(explanation)
  const first = plane ? 2 : 1
  const means = densityMeans(explanation)
  const note = `Mean ${long.toLowerCase()} of each ${colName} (down) in each ${rowName} (across)${
    nullDensity ? '; after the stroke, the same from the untrained module' : ''
  }.${means ? ` ${means}` : ''}${drawnMerged(explanation)}`
  return {
    id: 'density',
    title: long,
    note,
    columns: [capital(colName), ...(plane ? ['Place'] : []), ...numbered(density.rows, capital(rowName))],
    rows: density.cols,
    cell: (row, column) => {
      if (column === 0) return count(row + 1)
      return column < first ? placeName(plane!, row) : densityCell(density, nullDensity, column - first, row)
    }
  }
}

function densityCell(density: Grid, nullDensity: Grid | null, row: number, col: number): string {
  const trained = fixed(at(density, row, col), 3)
  return nullDensity ? `${trained} / ${fixed(at(nullDensity, row, col), 3)}` : trained
}

function gaussians({heads}: Explanation): DataTable {
  const items = heads.flatMap((head) => Array.from(head.offset, (_, index) => ({head, index})))
  const kind = heads[0]?.kind === 'mixture' ? 'component' : (heads[0]?.kind ?? 'feature')
  type Curve = (typeof items)[number]
  const columns: Column<Curve>[] = [
    {title: capital(kind), text: ({index}) => count(index + 1)},
    {title: 'Head', text: ({head}) => String(head.head + 1)},
    {title: 'Mean offset', text: ({head, index}) => signed(head.offset[index]!, 4)},
    {title: 'Spread c', text: ({head, index}) => fixed(head.spread[index]!, 4)},
    {title: 'Variance in z', text: ({head, index}) => fixed(head.variance[index]!, 4)},
    {title: 'Offset in z', text: ({head, index}) => (head.offsetZ ? signed(head.offsetZ[index]!, 4) : none)}
  ]
  const note = `The learned Gaussian of every ${kind} of every head. Offsets are in raw feature units; their effect is the offset in z.`
  return table('gaussians', 'Gaussians', note, items, columns)
}

function measures({measures = [], axes, layers}: Explanation): DataTable | null {
  if (measures.length === 0 || !axes) return null
  const note =
    'Means over inputs with their 95 % intervals; what is on a logarithmic scale has geometric means. Untrained is the ' +
    'module as initialised, over the same inputs.'
  const columns: Column<number>[] = [
    {title: capital(axes.rowName), text: (row) => rowTitle(axes, row)},
    ...measures.flatMap(({title, unit, means, intervals, untrained}): Column<number>[] => [
      {title: `${capital(title)}, ${unit}`, text: (row) => significant(means[row])},
      {
        title: `${capital(title)}, 95 %`,
        text: (row) => {
          const interval = intervals[row]
          return interval ? `${significant(interval[0])} to ${significant(interval[1])}` : none
        }
      },
      {title: `Untrained ${title}`, text: (row) => significant(untrained?.[row])}
    ])
  ]
  const rows = layers.map(({layer}) => layer)
  return table('measures', 'Measures beside importance', note, rows, columns)
}

const significant = (value: number | null | undefined): string =>
  value == null ? none : String(Number(value.toPrecision(4)))

function signal(explanation: Explanation): DataTable | null {
  const {signal, axes} = explanation
  if (!signal) return null
  const {edges, counts} = signal
  const name = axes?.rowName ?? 'layer'
  return {
    id: 'signal',
    title: 'Signal',
    note: `How many standardised values z fall between two edges, for each ${name}, over all inputs.${drawnMerged(explanation)}`,
    columns: ['z', ...numbered(counts.rows, capital(name))],
    rows: counts.cols,
    cell: (row, column) =>
      column === 0 ? `${fixed(edges[row]!, 2)} to ${fixed(edges[row + 1]!, 2)}` : count(at(counts, column - 1, row))
  }
}

function inputs({samples, model}: Explanation): DataTable {
  const name = (index: number | null) => (index === null ? none : (model.classes?.[index] ?? String(index)))
  const items = samples.map((sample, index) => {
    const best = predictedClass(sample)
    return {...sample, index, best}
  })
  const columns: Column<(typeof items)[number]>[] = [
    {title: 'Input', text: ({index}) => count(index + 1)},
    {title: 'Name', text: (sample) => sample.name || none},
    {title: 'Label', text: ({label}) => name(label)},
    {title: 'Predicted', text: ({best}) => name(best)},
    {title: 'Probability', text: ({best, probabilities}) => (best === null ? none : percent(probabilities![best]!, 2))}
  ]
  return table(
    'inputs',
    'Inputs',
    'Every input with its label and the class the model holds most likely.',
    items,
    columns
  )
}

const numbered = (n: number, word: string) => Array.from({length: n}, (_, index) => `${word} ${index + 1}`)
