import {at, type Grid} from '@/lib/core/grid'
import type {Explanation, Interval, LayerImportance, MeasuredRows} from '@/lib/explain/explanation'
import {predictedClass} from '@/lib/explain/predicted'
import {capital, list} from '@/lib/explain/words'
import type {MapPlane} from '@/lib/models/family'
import {dataTables, type TableId} from '@/lib/views/dataTable'
import {densityMeans} from '@/lib/views/densityMeans'
import {mapName} from '@/lib/views/mapName'
import {placesOf} from '@/lib/views/planeCells'
import {shownRows} from '@/lib/views/shownRows'

/** A number, words, or nothing known. */
export type ExportCell = number | string | null

/** A table for other programs: every digit, one number a cell, names without spaces. */
export interface ExportTable {
  /** Also its file's name: letters and low lines. */
  readonly id: string
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: number
  cell(row: number, column: number): ExportCell
}

interface Column<T> {
  readonly title: string
  readonly of: (item: T) => ExportCell
}

/** What all of these tables have in common, in a sentence or two. */
export function exportTablesNote(explanation: Explanation): string {
  const {axes, heads} = explanation
  const counted = [axes?.rowName ?? 'layer', ...(heads.length > 0 ? ['head'] : []), axes?.colName ?? 'feature', 'input']
  const note = `${capital(list(counted.map((name) => `${name}s`)))} count from 1, as in the figure.`
  return [note, densityMeans(explanation)].filter(Boolean).join(' ')
}

/** The data table that each of these gives the numbers of; a table beyond them is exported as it is read. */
const covered: ReadonlySet<TableId> = new Set([
  'layers',
  'lines',
  'density',
  'gaussians',
  'measures',
  'signal',
  'inputs'
])

/** Every table of this explanation with its numbers as they are, the ranking first. */
export function exportTables(explanation: Explanation): ExportTable[] {
  const {density, nullDensity, densityVariance, importance} = explanation
  const own = [
    ranking('ranking', 'The ranking', explanation, (layer) => layer + 1),
    mergedLines(explanation),
    mapTable('density', `Mean ${mapName(explanation).long.toLowerCase()}`, density, explanation),
    mapTable('untrained_density', 'The same of the untrained module', nullDensity, explanation),
    mapTable('density_variance', 'Variance of density over the inputs', densityVariance ?? null, explanation),
    mapTable('importance', 'Importance of each cell', importance, explanation),
    gaussians(explanation),
    measures(explanation),
    signal(explanation),
    inputs(explanation),
    classes(explanation)
  ]
  const read = dataTables(explanation)
    .filter(({id}) => !covered.has(id))
    .map((table): ExportTable => ({...table, cell: (row, column) => table.cell(row, column)}))
  return [...own.filter((table) => table !== null), ...read].filter(({rows}) => rows > 0)
}

function table<T>(id: string, title: string, items: readonly T[], columns: readonly Column<T>[]): ExportTable {
  return {
    id,
    title,
    columns: columns.map((column) => column.title),
    rows: items.length,
    cell: (row, column) => columns[column]!.of(items[row]!)
  }
}

const bounds = <T>(title: string, of: (item: T) => Interval | null | undefined): Column<T>[] => [
  {title: `${title}_low`, of: (item) => of(item)?.[0] ?? null},
  {title: `${title}_high`, of: (item) => of(item)?.[1] ?? null}
]

function ranking(
  id: string,
  title: string,
  explanation: Explanation,
  name: (layer: number) => ExportCell
): ExportTable {
  const {layers, axes, heads, provenance, measures = []} = explanation
  const inHeads = (column: Column<LayerImportance>) => (heads.length > 0 ? [column] : [])
  const importance = provenance.maps === 'weights' ? 'weight' : 'importance'
  const labels = axes?.rowLabels
  const columns: Column<LayerImportance>[] = [
    {title: named(axes?.rowName ?? 'layer'), of: ({layer}) => name(layer)},
    ...(labels ? [{title: 'name', of: ({layer}: LayerImportance) => labels[layer] ?? null}] : []),
    ...inHeads({title: 'head', of: ({head}) => head + 1}),
    {title: 'rank', of: ({rank}) => rank},
    ...bounds<LayerImportance>('rank', ({rankInterval}) => rankInterval),
    ...inHeads({title: 'rank_in_head', of: ({rankInHead}) => rankInHead}),
    {title: 'rank_by_share', of: ({rankByShare}) => rankByShare},
    {title: importance, of: (layer) => layer.importance},
    ...bounds<LayerImportance>(importance, ({interval}) => interval),
    {title: 'share', of: ({share}) => share},
    {title: 'density', of: ({density}) => density},
    {title: 'untrained_rank', of: ({untrained}) => untrained?.rank ?? null},
    {title: `untrained_${importance}`, of: ({untrained}) => untrained?.importance ?? null},
    {title: `untrained_${importance}_own_scale`, of: ({untrained}) => untrained?.importanceOwnScale ?? null},
    {title: 'untrained_density', of: ({untrained}) => untrained?.density ?? null},
    {title: 'learned', of: ({untrained}) => untrained?.learned ?? null},
    ...bounds<LayerImportance>('learned', ({untrained}) => untrained?.learnedInterval),
    {title: 'mean_abs_z', of: ({meanAbsZ}) => meanAbsZ},
    ...measures.flatMap(measured)
  ]
  return table(id, title, layers, columns)
}

function measured({id, means, intervals, untrained}: MeasuredRows): Column<LayerImportance>[] {
  return [
    {title: named(id), of: ({layer}) => means[layer] ?? null},
    ...bounds<LayerImportance>(named(id), ({layer}) => intervals[layer]),
    ...(untrained
      ? [{title: `untrained_${named(id)}`, of: ({layer}: LayerImportance) => untrained[layer] ?? null}]
      : [])
  ]
}

/** The lines of a figure that merges rows; null where each row has its own. */
function mergedLines(explanation: Explanation): ExportTable | null {
  const {whole, explanation: drawn, labels} = shownRows(explanation)
  if (whole === null || drawn === null || labels.length === whole.axes?.rows) return null
  return ranking('merged_lines', 'The lines that the figure merges rows into', drawn, (line) => labels[line] ?? null)
}

/** Columns of the map down, its rows across. */
function mapTable(id: string, title: string, map: Grid | null, {axes}: Explanation): ExportTable | null {
  if (!map || !axes) return null
  const places = axes.plane ? placeColumns(axes.plane) : []
  const first = 1 + places.length
  return {
    id,
    title,
    columns: [named(axes.colName), ...places.map((place) => place.title), ...numbered(map.rows, named(axes.rowName))],
    rows: map.cols,
    cell: (row, column) =>
      column === 0 ? row + 1 : column < first ? places[column - 1]!.of(row) : at(map, column - first, row)
  }
}

/** Where a column of the map lies on the input; what follows the plane has a name instead. */
function placeColumns(plane: MapPlane): Column<number>[] {
  const places = placesOf(plane)
  const on = (place: (column: number) => number) => (column: number) => (column < places ? place(column) + 1 : null)
  return [
    {title: named(plane.downName), of: on((column) => Math.floor(column / plane.width))},
    {title: named(plane.acrossName), of: on((column) => column % plane.width)},
    ...(plane.after ? [{title: 'name', of: (column: number) => plane.after?.[column - places] ?? null}] : [])
  ]
}

/** A line for each measure of each row that has it. */
function measures({measures = [], axes}: Explanation): ExportTable {
  const items = measures.flatMap((one) =>
    one.means.flatMap((mean, row) => (mean === null ? [] : [{...one, mean, row}]))
  )
  type Item = (typeof items)[number]
  const labels = axes?.rowLabels
  const columns: Column<Item>[] = [
    {title: named(axes?.rowName ?? 'layer'), of: ({row}) => row + 1},
    ...(labels ? [{title: 'name', of: ({row}: Item) => labels[row] ?? null}] : []),
    {title: 'measure', of: ({title}) => title},
    {title: 'unit', of: ({unit}) => unit},
    {title: 'kind', of: ({scale}) => (scale === 'log' ? 'geometric mean' : 'mean')},
    {title: 'value', of: ({mean}) => mean},
    ...bounds<Item>('value', ({intervals, row}) => intervals[row]),
    {title: 'untrained', of: ({untrained, row}) => untrained?.[row] ?? null}
  ]
  return table('measures', 'What is measured beside importance', items, columns)
}

function gaussians({heads}: Explanation): ExportTable {
  const items = heads.flatMap((head) => Array.from(head.offset, (_, index) => ({head, index})))
  const kind = heads[0]?.kind === 'mixture' ? 'component' : (heads[0]?.kind ?? 'feature')
  const mixed = heads.some(({heights}) => heights)
  const columns: Column<(typeof items)[number]>[] = [
    {title: 'head', of: ({head}) => head.head + 1},
    {title: kind, of: ({index}) => index + 1},
    {title: 'mean_offset', of: ({head, index}) => head.offset[index]!},
    {title: 'spread', of: ({head, index}) => head.spread[index]!},
    {title: 'variance_z', of: ({head, index}) => head.variance[index]!},
    {title: 'offset_z', of: ({head, index}) => head.offsetZ?.[index] ?? null},
    ...(mixed ? [{title: 'height', of: ({head, index}: (typeof items)[number]) => head.heights?.[index] ?? null}] : [])
  ]
  return table('gaussians', 'The learned Gaussians', items, columns)
}

function signal({signal, axes}: Explanation): ExportTable | null {
  if (!signal) return null
  const {edges, counts} = signal
  return {
    id: 'signal',
    title: 'How many standardised values fall between two edges',
    columns: ['z_from', 'z_to', ...numbered(counts.rows, named(axes?.rowName ?? 'layer'))],
    rows: counts.cols,
    cell: (row, column) => (column < 2 ? edges[row + column]! : at(counts, column - 2, row))
  }
}

function inputs({samples, model}: Explanation): ExportTable {
  const items = samples.map((sample, index) => ({...sample, index}))
  type Input = (typeof items)[number]
  const classes = Math.max(0, ...samples.map(({logits}) => logits?.length ?? 0))
  const called = (index: number) => model.classes?.[index] ?? String(index)
  const ofClass = (title: string, of: (input: Input) => readonly number[] | null): Column<Input>[] =>
    Array.from({length: classes}, (_, i) => ({title: `${title}_${called(i)}`, of: (input) => of(input)?.[i] ?? null}))
  const columns: Column<Input>[] = [
    {title: 'input', of: ({index}) => index + 1},
    {title: 'name', of: ({name}) => name || null},
    {title: 'label', of: ({label}) => (label === null ? null : called(label))},
    {
      title: 'predicted',
      of: (input) => {
        const index = predictedClass(input)
        return index === null ? null : called(index)
      }
    },
    ...ofClass('probability', ({probabilities}) => probabilities),
    ...ofClass('logit', ({logits}) => logits)
  ]
  return table('inputs', 'The inputs and what the model predicts', items, columns)
}

/** Mean density of each row of the map by true class. */
function classes({classDensity = [], model, axes}: Explanation): ExportTable | null {
  const rows = axes?.rows ?? 0
  const columns: Column<(typeof classDensity)[number]>[] = [
    {title: 'class', of: ({label}) => model.classes?.[label] ?? String(label)},
    {title: 'inputs', of: ({inputs}) => inputs},
    ...numbered(rows, named(axes?.rowName ?? 'layer')).map((title, row) => ({
      title,
      of: ({rows: means}: (typeof classDensity)[number]) => means[row] ?? null
    }))
  ]
  return table('classes', 'Mean density by true class', classDensity, columns)
}

const numbered = (n: number, word: string) => Array.from({length: n}, (_, index) => `${word}_${index + 1}`)

// A name in a program: what a checkpoint calls its axes may be anything.
const named = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_') || 'row'
