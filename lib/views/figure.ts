import type {Theme} from '@/lib/core/colour'
import type {Grid} from '@/lib/core/grid'
import type {MapSums} from '@/lib/core/mapSums'
import type {Explanation} from '@/lib/explain/explanation'
import type {RowGroup} from '@/lib/views/cellRow'
import type {CellWindow} from '@/lib/views/cellWindow'
import type {MapKind, PanelLetter} from '@/lib/views/frame'
import {type GaussiansMarks, gaussiansPanel} from '@/lib/views/gaussians'
import {type HeatmapMarks, heatmapPanel} from '@/lib/views/heatmap'
import {type ImportancePanel, importancePanel} from '@/lib/views/importancePanel'
import {type FigureLayout, type PanelPlace, placeOf} from '@/lib/views/layout'
import {type LearnedPanel, learnedPanel} from '@/lib/views/learnedPanel'
import {type MeasuresPanel, measuresPanel} from '@/lib/views/measuresPanel'
import {type PanelHead, panelHeads} from '@/lib/views/panelHeads'
import {type SignalMarks, signalPanel} from '@/lib/views/signal'
import {type Spine, spine} from '@/lib/views/spine'

/** What the figure shows, and how. */
export interface FigureScene {
  readonly explanation: Explanation | null
  /** What merged rows are called; empty when every row is a layer. */
  readonly labels: readonly string[]
  /** Where rows are merged: the explanation with all its rows, those behind each merged one, and which are shown. */
  readonly merged?: {
    readonly whole: Explanation
    readonly groups: readonly RowGroup[]
    readonly window: CellWindow | null
  } | null
  readonly theme: Theme
  readonly map: MapKind
  /** One input's own map in place of the mean. */
  readonly own: {readonly values: Grid; readonly name: string} | null
  readonly window: CellWindow | null
  /** The running sums of a map, where they are known. */
  readonly sums?: (map: Grid) => MapSums | null
  /** Panel d shows curve minus initial curve. */
  readonly difference: boolean
  /** The numbers are still running means. */
  readonly partial: boolean
}

/** Dotted rows of a panel that has nothing yet. x from the panel's left edge. */
export interface DottedPanel {
  readonly letter: PanelLetter
  readonly x0: number
  readonly x1: number
  readonly rows: readonly {readonly layer: number; readonly y: number; readonly height: number}[]
}

/** Everything the figure is drawn from. A panel is null while another is enlarged, or while there is nothing open. */
export interface FigureMarks {
  readonly layout: FigureLayout
  readonly spine: Spine
  readonly heads: readonly PanelHead[]
  readonly importance: ImportancePanel | null
  readonly learned: LearnedPanel | null
  readonly heatmap: HeatmapMarks | null
  readonly gaussians: GaussiansMarks | null
  /** In place of the Gaussians, where a family has none and measures its rows otherwise. */
  readonly measures: MeasuresPanel | null
  readonly signal: SignalMarks | null
  readonly dotted: readonly DottedPanel[]
  /** How far each layer's rows in d and e stand from where they are drawn, px; null when they are drawn in place. */
  readonly shifts: ReadonlyMap<number, number> | null
  /** The figure in one sentence, for those who do not see it. */
  readonly label: string
}

/**
 * The marks of all panels that stand in this layout. On a journey, `arrived` is how they will stand at its end: the
 * curves of d and e, which are dear, are taken from there and only shifted.
 */
export function figureMarks(scene: FigureScene, layout: FigureLayout, arrived: FigureMarks | null = null): FigureMarks {
  const {explanation, partial, map, theme} = scene
  const places = new Map(layout.sections.flatMap(({panels}) => panels).map((panel) => [panel.letter, panel]))
  const frameOf = <T>(letter: PanelLetter, make: (panel: PanelPlace, explanation: Explanation) => T): T | null => {
    const panel = places.get(letter)
    return panel && explanation ? make(panel, explanation) : null
  }
  const heatmap = mapMarks(scene, layout)
  const measures = frameOf('d', ({frame}, open) => measuresPanel(open, frame))
  const gaussians = measures
    ? null
    : arrived
      ? arrived.gaussians
      : frameOf('d', ({frame}, open) => gaussiansPanel(open, frame, {difference: scene.difference}))
  const signal = arrived
    ? arrived.signal
    : frameOf('e', ({frame}, open) => signalPanel(open, frame, {theme, pending: partial}))
  return {
    layout,
    spine: spineMarks(scene, layout),
    heads: panelHeads(explanation, layout, {map, partial, mapGloss: heatmap?.gloss ?? '', gaussians}),
    importance: frameOf('a', ({frame}, open) => importancePanel(open, frame, {partial})),
    learned: frameOf('b', ({frame}, open) => learnedPanel(open, frame)),
    heatmap,
    gaussians,
    measures,
    signal,
    dotted: explanation
      ? []
      : [...places.values()].map(({letter, x, headX, frame}) => ({
          letter,
          x0: letter === 'a' ? headX - x : 0,
          x1: frame.width,
          rows: frame.rows
        })),
    shifts: arrived && shiftsBetween(arrived.layout, layout),
    label: labelOf(explanation)
  }
}

/** The spine alone, for other rows of the map. */
export const spineMarks = ({explanation, labels}: FigureScene, layout: FigureLayout): Spine =>
  spine(layout, {
    rowName: explanation?.axes?.rowName ?? 'layer',
    labels,
    named: explanation !== null && explanation.heads.length > 0,
    waiting: explanation?.density === null
  })

/** Panel c alone, for another window of the map; null while it has no place or nothing is open. */
export function mapMarks(scene: FigureScene, layout: FigureLayout): HeatmapMarks | null {
  const {explanation, merged, map, theme, window, own, sums, partial} = scene
  const place = placeOf(layout, 'c')
  if (!place || !explanation) return null
  return heatmapPanel(merged?.whole ?? explanation, place.panel.frame, {
    map,
    theme,
    window,
    own,
    ...(sums ? {sums} : {}),
    pending: partial,
    ...(merged ? {groups: merged.groups, rowWindow: merged.window} : {})
  })
}

function shiftsBetween(from: FigureLayout, to: FigureLayout): ReadonlyMap<number, number> {
  const start = new Map(from.rows.map(({layer, y}) => [layer, y]))
  return new Map(to.rows.map(({layer, y}) => [layer, y - start.get(layer)!]))
}

function labelOf(explanation: Explanation | null): string {
  if (explanation === null) return 'Empty figure: no checkpoint is open.'
  const {axes, model, finding} = explanation
  const counts = [
    ...(axes ? [`${axes.rows} ${axes.rowName}s by ${axes.cols} ${axes.colName}s`] : []),
    ...(model.heads > 0 ? [`${model.heads} heads`] : [])
  ]
  return `${finding.title}. ${counts.length > 0 ? `${counts.join(', ')}. ` : ''}Arrow keys move, Enter pins, Escape lets go, T opens the table.`
}
