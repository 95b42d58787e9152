import {type Ramp, sequentialRamp, type Theme} from '@/lib/core/colour'
import type {Grid} from '@/lib/core/grid'
import type {MapSums} from '@/lib/core/mapSums'
import {count, fixed} from '@/lib/core/number'
import type {Explanation, Interval} from '@/lib/explain/explanation'
import {capital} from '@/lib/explain/words'
import type {Axis, Tick} from '@/lib/views/axis'
import {type BoxedCell, boxedCell} from '@/lib/views/boxedCell'
import {type CellRow, cellRow, type RowGroup} from '@/lib/views/cellRow'
import type {CellWindow} from '@/lib/views/cellWindow'
import {
  type ColourLegend,
  type ColourScale,
  divergingScale,
  finiteExtent,
  legendOf,
  sequentialScale
} from '@/lib/views/colourScale'
import {columnTicks} from '@/lib/views/columnTicks'
import type {MapKind, PanelFrame} from '@/lib/views/frame'
import {learnedMap} from '@/lib/views/learnedMap'
import {attendsToPlaces, mapName} from '@/lib/views/mapName'
import {textLines, textWidth} from '@/lib/views/rowText'
import type {ShownCells} from '@/lib/views/shownCells'

export interface HeatmapOptions {
  readonly map: MapKind
  readonly theme: Theme
  /** Null (the default) for all columns. */
  readonly window?: CellWindow | null
  /** One input's own density map in place of the mean. Its domain defaults to its own smallest and largest value. */
  readonly own?: OwnMap | null
  /** The map's rows behind each row of the frame; left out when every row is one of the map's own. */
  readonly groups?: readonly RowGroup[]
  /** The part of the map's rows that the frame stands for, where it does not stand for all. */
  readonly rowWindow?: CellWindow | null
  /** The running sums of a map, where they are known. */
  readonly sums?: (map: Grid) => MapSums | null
  /** True while the map is being computed: dotted rows, and no sentence about what is missing. */
  readonly pending?: boolean
}

/** The density map of one input. `name` as in `input 10`. */
export interface OwnMap {
  readonly values: Grid
  readonly name: string
  readonly domain?: Interval
}

/** A strip that stands for a whole axis of the map, once zoomed: from `start` to `stop` px is what the panel shows. */
export interface Overview {
  /** Where the strip lies across, px. */
  readonly at: number
  readonly thickness: number
  readonly length: number
  readonly start: number
  readonly stop: number
}

/** Everything panel c is drawn from, and nothing that needs a document. */
export interface HeatmapMarks {
  readonly width: number
  readonly height: number
  readonly rows: readonly CellRow[]
  readonly cols: number
  /** The columns shown; all of them when nothing is zoomed. */
  readonly window: CellWindow
  /** The rows of the map and those shown, where rows can be zoomed: there are more of them than lines. */
  readonly rowZoom: {readonly rows: number; readonly window: CellWindow} | null
  /** Null when there is nothing to draw: then `absent` says why, or the rows are pending. */
  readonly cells: ShownCells | null
  readonly ramp: Ramp
  readonly theme: Theme
  readonly domain: Interval
  readonly legend: ColourLegend | null
  readonly axis: Axis | null
  /** Row numbers at the left, where no spine bears them; `x` is the way down. */
  readonly rowTicks: readonly Tick[]
  /** Under the axis, once columns are zoomed. */
  readonly overview: Overview | null
  /** At the right of the rows, once rows are zoomed. */
  readonly rowOverview: Overview | null
  readonly boxed: BoxedCell | null
  /** Why there is nothing to draw, as lines; empty while the rows are pending. */
  readonly absent: readonly string[]
  /** `feature`, as the reader calls a column. */
  readonly colName: string
  readonly captionY: number
  /** For the head of the panel: `64 features`, `input 10 only`. */
  readonly gloss: string
  /** One sentence for those who do not see the picture. */
  readonly label: string
}

/**
 * Panel c: density attention as cells of rows × columns, or its Importance Factor, or what training changed in it.
 * Where there are more columns than pixels, each pixel shows a mean and the axis says so.
 */
export function heatmapPanel(
  explanation: Explanation | null,
  frame: PanelFrame,
  options: HeatmapOptions
): HeatmapMarks {
  const map = mapOf(explanation, options)
  if (explanation === null || typeof map === 'string') return emptyMarks(explanation, frame, options, map)
  const {values, scale} = map
  const cols = values.cols
  const window = options.window ?? ([0, cols] as const)
  const perPixel = (window[1] - window[0]) / frame.width
  const cells = {map: values, sums: options.sums?.(values) ?? null, window, width: frame.width, perPixel}
  const {groups} = options
  const rows = frame.rows
    .filter(({layer}) => layer < (groups?.length ?? values.rows))
    .map((band) => cellRow(band, groups?.[band.layer]))
  const rowZoom = groups ? {rows: values.rows, window: options.rowWindow ?? ([0, values.rows] as const)} : null
  const colName = explanation.axes?.colName ?? 'feature'
  const zoomed = options.window != null
  return {
    ...blank(frame, options),
    rows,
    cols,
    window,
    rowZoom,
    cells,
    ramp: scale.ramp,
    domain: scale.domain,
    legend: legendOf(scale, frame),
    axis: axisOf(cells, colName, missingIn(values), frame, zoomed),
    overview: zoomed ? stripOf(window, cols, frame.width, frame.axisY + 32) : null,
    rowOverview:
      rowZoom && options.rowWindow ? stripOf(rowZoom.window, rowZoom.rows, frame.height, frame.width + 4) : null,
    boxed: options.own || options.map === 'learned' ? null : boxedCell(explanation, cells, rows, frame),
    colName,
    gloss: explanation.provenance.samples === 1 && !options.own ? 'one input only' : glossOf(cols, colName, options),
    label: labelOf(explanation, values, scale, options)
  }
}

/** The column under x (px inside the panel), or null outside the map. */
export function columnAt({cells, window, width, cols}: HeatmapMarks, x: number): number | null {
  if (cells === null || x < 0 || x >= width) return null
  const column = Math.floor(window[0] + (x / width) * (window[1] - window[0]))
  return column >= 0 && column < cols ? column : null
}

/** Left and right edge of a column, px, at least 2 px apart; null when it is not in the window. */
export function columnEdges({cells, window, width}: HeatmapMarks, column: number): readonly [number, number] | null {
  const x = (at: number) => ((at - window[0]) / (window[1] - window[0])) * width
  const [x0, x1] = [x(column), x(column + 1)]
  if (cells === null || x1 <= 0 || x0 >= width) return null
  const middle = Math.max(1, Math.min(width - 1, (x0 + x1) / 2))
  return [Math.min(Math.max(0, x0), middle - 1), Math.max(Math.min(width, x1), middle + 1)]
}

// ---- what is drawn, and on which scale

/** The values to draw and their scale, or the sentence that says why there are none. */
function mapOf(explanation: Explanation | null, options: HeatmapOptions): {values: Grid; scale: ColourScale} | string {
  if (options.own) {
    const domain = options.own.domain ?? finiteExtent(options.own.values)
    return domain
      ? {values: options.own.values, scale: sequentialScale(domain, 'density', options.theme)}
      : `No cell in the map of ${options.own.name} is a finite number.`
  }
  const density = explanation?.density
  if (!explanation || !density) return noMap(explanation)
  if (options.map === 'learned') {
    const learned = learnedMap(density, explanation.nullDensity)
    if (learned) return {values: learned.values, scale: divergingScale(learned.limit, options.theme)}
    return explanation.provenance.samples === 1 ? noLearnedCells : noLearnedPart
  }
  if (options.map === 'importance') {
    const values = explanation.importance
    if (!values) return 'Every cell has the same density, so there is no Importance Factor.'
    // Weights are importance as they stand, and 1 is further than they reach.
    if (explanation.provenance.maps === 'weights')
      return {values, scale: sequentialScale(finiteExtent(values) ?? [0, 1], 'layer weight', options.theme)}
    return {values, scale: {...sequentialScale([0, 1], 'Importance Factor', options.theme), low: '0', high: '1'}}
  }
  const weights = explanation.provenance.maps === 'weights'
  const domain = (weights ? null : explanation.scale) ?? finiteExtent(density)
  const {unit} = mapName(explanation)
  return domain ? {values: density, scale: sequentialScale(domain, unit, options.theme)} : noMap(explanation)
}

function noMap(explanation: Explanation | null): string {
  if (explanation === null) return ''
  if (explanation.caveats.some(({id}) => id === 'no-density'))
    return `No density to draw: this checkpoint holds ${explanation.model.title}.`
  if (explanation.caveats.some(({id}) => id === 'not-finite')) return 'No cell of this map is a finite number.'
  return `This checkpoint carries no attention maps. Add ${attendsToPlaces(explanation) ? 'inputs' : 'input features'} to compute them.`
}

const noLearnedCells = 'What was learned is told row by row for one input alone: see panel b.'
const noLearnedPart =
  'What was learned needs the untrained module on the same inputs. Saved maps come without them: add the inputs.'

// ---- where it stands

function axisOf(
  {perPixel, window, map: {cols}}: ShownCells,
  colName: string,
  missing: number,
  frame: PanelFrame,
  zoomed: boolean
): Axis {
  const shared = perPixel > 1 ? `${fixed(perPixel, 1)} per pixel, mean` : ''
  const hatched = missing > 0 ? `hatched: ${count(missing)} not finite` : ''
  const hint = perPixel > 1 && !zoomed ? 'zoom for single cells' : ''
  const titles = [
    [shared, hatched, hint],
    [shared, hatched]
  ].map((parts) => titleOf(colName, parts))
  return {
    x0: 0,
    x1: frame.width,
    y: frame.axisY,
    ticks: columnTicks(window, cols, frame.width),
    title: titles.find((title) => textWidth(title, 11.5) <= frame.width) ?? titles.at(-1)!,
    ...(zoomed ? {titleY: frame.axisY + 28} : {})
  }
}

function titleOf(colName: string, parts: readonly string[]): string {
  const said = parts.filter((part) => part !== '')
  return said.length > 0 ? `${capital(colName)} (${said.join('; ')})` : capital(colName)
}

/** The strip for a window on an axis of `cells` cells, `length` px long, lying at `at`. */
export const stripOf = ([start, stop]: CellWindow, cells: number, length: number, at: number): Overview => ({
  at,
  thickness: 6,
  length,
  start: (start / cells) * length,
  stop: (stop / cells) * length
})

function missingIn(map: Grid): number {
  const known = missingKnown.get(map)
  if (known !== undefined) return known
  let missing = 0
  for (const value of map.values) if (!Number.isFinite(value)) missing++
  missingKnown.set(map, missing)
  return missing
}

// Counting 1.5 million cells for every step of a zoom would be felt.
const missingKnown = new WeakMap<Grid, number>()

// ---- words and blanks

const glossOf = (cols: number, colName: string, {own}: HeatmapOptions): string =>
  own ? `${own.name} only` : `${count(cols)} ${colName}${cols === 1 ? '' : 's'}`

function labelOf(
  explanation: Explanation,
  values: Grid,
  {low, high, text}: ColourScale,
  {own}: HeatmapOptions
): string {
  const {axes} = explanation
  const what = own
    ? `${mapName(explanation).long} of ${own.name}`
    : capital(text === 'against untrained' ? 'learned part' : text)
  const size = `${values.rows} ${axes?.rowName ?? 'layer'}s by ${count(values.cols)} ${axes?.colName ?? 'feature'}s`
  return `${what}, ${size}, from ${low} to ${high}.`
}

const blank = (frame: PanelFrame, {theme}: HeatmapOptions) => ({
  width: frame.width,
  height: frame.height,
  rows: frame.rows.map((band) => cellRow(band)),
  cols: 0,
  window: [0, 0] as const,
  rowZoom: null,
  cells: null,
  ramp: sequentialRamp(theme),
  theme,
  domain: [0, 1] as const,
  legend: null,
  axis: null,
  rowTicks: [],
  overview: null,
  rowOverview: null,
  boxed: null,
  absent: [],
  colName: 'feature',
  captionY: frame.captionY,
  gloss: '',
  label: 'No map yet.'
})

function emptyMarks(
  explanation: Explanation | null,
  frame: PanelFrame,
  options: HeatmapOptions,
  why: string | object
): HeatmapMarks {
  const sentence = typeof why === 'string' && explanation !== null && !options.pending ? why : ''
  return {
    ...blank(frame, options),
    absent: sentence === '' ? [] : textLines(sentence, Math.min(frame.width, 420), 13.5),
    ...(sentence === '' ? {} : {label: sentence})
  }
}
