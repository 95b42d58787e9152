import {annotateLater} from '@/components/figure/annotateLater'
import {deviceMap, type MapDevice} from '@/components/figure/deviceMap'
import {editHandlesLater} from '@/components/figure/editHandlesLater'
import type {Theme} from '@/lib/core/colour'
import {type Grid, grid} from '@/lib/core/grid'
import type {MapSums} from '@/lib/core/mapSums'
import {crossfade} from '@/lib/draw/crossfade'
import {drawFigure, drawMap, drawReaderMarks, type FigureHandlers} from '@/lib/draw/figure'
import {listenToPointer, type Pointed} from '@/lib/draw/pointing'
import {drawTip} from '@/lib/draw/tip'
import {stay, travel} from '@/lib/draw/travel'
import type {Explanation} from '@/lib/explain/explanation'
import type {EditsStore} from '@/lib/state/edits'
import type {Lens, LensStore} from '@/lib/state/lens'
import {brushedWith} from '@/lib/views/brushBand'
import {cellReading} from '@/lib/views/cellReading'
import {type FigureMarks, type FigureScene, figureMarks, mapMarks, spineMarks} from '@/lib/views/figure'
import {keyWish} from '@/lib/views/figureKeys'
import type {PanelLetter} from '@/lib/views/frame'
import {columnAt, type HeatmapMarks} from '@/lib/views/heatmap'
import {
  type FigureLayout,
  type FigureSize,
  figureLayout,
  formFor,
  formOf,
  layoutBetween,
  placeOf
} from '@/lib/views/layout'
import {followColumn, followRow, mapKey} from '@/lib/views/mapKeys'
import type {Note} from '@/lib/views/note'
import {figureRows} from '@/lib/views/rowOrder'
import {rowReading} from '@/lib/views/rowReading'
import {type ShownRows, shownRows} from '@/lib/views/shownRows'

/** What React hands to the figure. */
export interface FigureShown {
  readonly explanation: Explanation | null
  readonly partial: boolean
  readonly theme: Theme
  readonly sampleMap: {
    readonly sample: number
    readonly rows: number
    readonly cols: number
    readonly values: Float32Array
  } | null
  /** Sums up a map away from this thread; maps are drawn by looking at every cell until then, or without it. */
  readonly sumUp: ((map: Grid) => Promise<MapSums>) | null
  /** Draws large maps of single inputs where they lie; null where that is no graphics card. */
  readonly device: MapDevice | null
  /** Where handles put their edits; null while Gaussians cannot be edited. */
  readonly edits?: EditsStore | null
  /** What is marked as noted. */
  readonly notes?: readonly Note[] | undefined
  /** As it is without edits, where these are drawn; else null. */
  readonly original?: Explanation | null
  readonly size: FigureSize
}

/** A figure that follows its lens until it is closed. */
export interface OpenFigure {
  show: (shown: FigureShown) => void
  close: () => void
}

/** The end of a journey, with heads still apart. */
const almost = 1 - 1e-9

/** How long rows must rest before all panels are drawn for them, ms. */
const restMs = 120

/** Maps of fewer cells are as quickly looked at as sent. */
const fewCells = 1 << 16

/**
 * Opens a figure in `root`: draws what it is shown, follows the lens, and turns pointer and keys into wishes for it. Of
 * all panels, or of those that are named.
 */
export function openFigure(
  root: HTMLElement,
  lens: LensStore,
  panels: readonly PanelLetter[] | null = null
): OpenFigure {
  let shown: FigureShown | null = null
  let rows: ShownRows = shownRows(null)
  let marks: FigureMarks | null = null
  let pointer: Pointed | null = null
  let difference = false
  let resting: ReturnType<typeof setTimeout> | undefined

  const ownCanvas = () => root.querySelector<HTMLCanvasElement>(':scope > canvas.figure-map:not(.device-map)')
  const onDevice = deviceMap(
    ownCanvas,
    () => shown?.device ?? null,
    () => redraw(false)
  )
  const handlers: FigureHandlers = {
    paintsElsewhere: (drawn) => {
      const {sample} = lens.getState()
      const style = ownCanvas()?.style
      if (style && sample !== null && shown && ownMap(shown, lens.getState()))
        return onDevice.show(drawn, sample, style)
      onDevice.hide()
      return false
    },
    onMap: lens.getState().setMap,
    onEnlarge: lens.getState().enlarge,
    onZoom: lens.getState().zoom,
    onDifference: (show) => {
      difference = show
      redraw(false)
    }
  }
  const hands = editHandlesLater(root, lens)
  const sums = knownSums(() => shown?.sumUp ?? null)
  const scene = (): FigureScene => ({...sceneOf(shown!, rows, lens.getState()), sums: sums.of, difference})
  const paint = (layout: FigureLayout, arrived: FigureMarks | null = null) => {
    clearTimeout(resting)
    root.classList.remove('settling')
    marks = figureMarks(scene(), layout, arrived)
    drawFigure(root, marks, handlers)
    annotate()
    if (!marks.heatmap?.cells) onDevice.hide()
    root.setAttribute('aria-label', marks.label)
    mark()
    if (marks.heatmap?.cells) sums.ask(marks.heatmap.cells.map)
  }
  /** Zooming touches one panel, and has a frame's time. */
  const zoomed = () => {
    if (marks === null || shown === null) return
    marks = {...marks, heatmap: mapMarks(scene(), marks.layout)}
    drawMap(root, marks, handlers, {feature: pointedFeature(), rowsMoved: false})
    annotate()
    tip()
  }
  /** Other rows are other figures: the map and the spine go along at once, the panels beside them when it rests. */
  const rowsZoomed = (whole: Explanation) => {
    if (marks === null || shown === null) return
    // Averaging the numbers of all layers is what takes time; until it is done the rows have none.
    rows = {...shownRows({...whole, layers: [], signal: null}, lens.getState().rowWindow), whole}
    const layout = layoutOf(rows.explanation, shown.size, lens.getState(), panels)
    marks = {...marks, layout, heatmap: mapMarks(scene(), layout), spine: spineMarks(scene(), layout)}
    root.classList.add('settling')
    drawMap(root, marks, handlers, {feature: pointedFeature(), rowsMoved: true})
    annotate()
    clearTimeout(resting)
    resting = setTimeout(() => redraw(false), restMs)
  }
  const annotate = () => {
    if (marks === null) return
    const places = (shown?.notes ?? []).map(({at}) => at)
    annotateLater(root, marks, places, (layer) => rows.rowOf(layer), annotate)
  }
  const pointedFeature = () => lens.getState().feature ?? lens.getState().pinnedFeature
  const mark = () => {
    if (marks === null) return
    const {layer, pinned, pinnedFeature, solo} = lens.getState()
    const feature = lens.getState().feature ?? pinnedFeature
    const rowOf = (held: number | null) => (held === null ? null : rows.rowOf(held))
    const reader = {layer: rowOf(layer), feature, pinned: rowOf(pinned), solo: rowOf(solo), focused: hasKeyboard(root)}
    drawReaderMarks(root, marks, reader)
    hands.draw(marks, rows, shown?.edits ?? null, shown?.original ?? null)
    tip()
  }
  const tip = () => {
    const {layer, feature} = lens.getState()
    drawTip(root, marks && tipOf(marks, layer === null ? null : rows.rowOf(layer), feature))
  }
  const tipOf = (drawn: FigureMarks, row: number | null, feature: number | null) => {
    const at = pointer ?? (hasKeyboard(root) ? placeOfRow(drawn, row, feature) : null)
    if (at === null || row === null || rows.explanation === null || !drawn.layout.known) return null
    const cell =
      feature !== null && drawn.heatmap?.cells
        ? cellReading(rows.whole ?? rows.explanation, drawn.heatmap, row, feature, scene().own)
        : null
    return {reading: cell ?? rowReading(rows.explanation, row, rows.labels[row]), x: at.x, y: at.y}
  }
  const redraw = (travelling: boolean) => {
    if (shown === null || shown.size.width === 0) return
    if (root.classList.contains('settling')) rows = shownRows(rows.whole, lens.getState().rowWindow)
    const from = marks?.layout ?? null
    const to = layoutOf(rows.explanation, shown.size, lens.getState(), panels)
    stay(root)
    if (travelling && from && canTravel(from, to)) {
      const arrived = figureMarks(scene(), layoutBetween(from, to, almost))
      travel(root, from, to, (layout) => paint(layout, layout === to ? null : arrived))
    } else paint(to)
  }

  const leave = lens.subscribe((now, was) => {
    if (now.order !== was.order) redraw(true)
    else if (now.map !== was.map || now.sampleMap !== was.sampleMap) {
      if (!wantsStillness()) crossfade(root)
      redraw(false)
    } else if (settled.some((key) => now[key] !== was[key])) redraw(false)
    else if (now.rowWindow !== was.rowWindow && rows.whole) {
      if (now.order === 'model') rowsZoomed(rows.whole)
      else {
        rows = shownRows(rows.whole, now.rowWindow)
        redraw(false)
      }
    } else if (now.window !== was.window) zoomed()
    else mark()
  })
  const deaf = listenToPointer(
    root,
    {layout: () => marks?.layout ?? null, columnAt: (x) => (marks?.heatmap?.cells ? columnAt(marks.heatmap, x) : null)},
    {
      onPoint: (at) => {
        pointer = at
        const layer = at?.layer ?? null
        const was = lens.getState()
        was.point(layer === null ? null : rows.layerOf(layer), at?.feature ?? null)
        // Within one cell only the tooltip moves.
        if (lens.getState() === was) tip()
      },
      onPin: (row) => lens.getState().pin(rows.layerOf(row)),
      onSolo: (row) => lens.getState().toggleSolo(rows.layerOf(row)),
      onScrub: (row) => {
        const {pinned, pin} = lens.getState()
        if (pinned !== rows.layerOf(row)) pin(rows.layerOf(row))
      },
      onBrush: (from, to) => {
        if (hands.canBrush()) lens.getState().brush([Math.min(from, to), Math.max(from, to) + 1])
      }
    }
  )
  const quiet = listenToKeys(root, lens, {
    layout: () => marks?.layout ?? null,
    heatmap: () => (marks?.heatmap?.cells ? marks.heatmap : null),
    rows: () => rows,
    onKeys: () => {
      pointer = null
    },
    onBrush: (feature) => {
      const {brushed, brush} = lens.getState()
      if (hands.canBrush()) brush(brushedWith(brushed, feature))
    },
    onFocus: mark
  })

  return {
    show: (next) => {
      if (shown === null || next.explanation !== shown.explanation) {
        root.classList.remove('settling')
        rows = shownRows(next.explanation, lens.getState().rowWindow)
      }
      shown = next
      redraw(false)
    },
    close: () => {
      clearTimeout(resting)
      leave()
      deaf()
      quiet()
      hands.close()
      stay(root)
      root.replaceChildren()
    }
  }
}

// Changes of these are drawn anew; the others only move the reader's marks.
const settled = ['sample', 'enlarged'] as const satisfies readonly (keyof Lens)[]

function sceneOf(
  shown: FigureShown,
  {explanation, whole, groups, labels}: ShownRows,
  lens: Lens
): Omit<FigureScene, 'sums' | 'difference'> {
  return {
    explanation,
    labels,
    merged: whole && {whole, groups, window: lens.rowWindow},
    theme: shown.theme,
    map: lens.map,
    own: ownMap(shown, lens),
    window: lens.window,
    partial: shown.partial
  }
}

/** The running sums of the maps that were drawn; asked for once a map, behind the first picture of it. */
function knownSums(sumUp: () => FigureShown['sumUp']) {
  const known = new WeakMap<Grid, MapSums | null>()
  return {
    of: (map: Grid) => known.get(map) ?? null,
    ask: (map: Grid) => {
      const work = sumUp()
      if (work === null || map.values.length < fewCells || known.has(map)) return
      known.set(map, null)
      // Without them a map is still drawn, and right.
      work(map).then(
        (sums) => known.set(map, sums),
        () => {}
      )
    }
  }
}

function ownMap({sampleMap}: FigureShown, lens: Lens): FigureScene['own'] {
  if (!lens.sampleMap || sampleMap === null || sampleMap.sample !== lens.sample) return null
  const {rows, cols, values, sample} = sampleMap
  const known = ownMaps.get(values) ?? grid(rows, cols, values)
  ownMaps.set(values, known)
  return {values: known, name: `input ${sample + 1}`}
}

// What is known of a map is known by its grid.
const ownMaps = new WeakMap<Float32Array, Grid>()

const layoutOf = (
  explanation: Explanation | null,
  size: FigureSize,
  {order, enlarged}: Lens,
  panels: readonly PanelLetter[] | null
): FigureLayout =>
  figureLayout(figureRows(explanation, order), size, {
    form: panels ? formFor(size.width, panels) : formOf(window.innerWidth),
    enlarged: explanation === null ? null : enlarged,
    panels
  })

// The same panels and rows, only standing otherwise, before eyes that want to see it.
function canTravel(from: FigureLayout, to: FigureLayout): boolean {
  const panels = ({sections}: FigureLayout) => sections.flatMap((s) => s.panels.map(({letter}) => letter)).join()
  return (
    !wantsStillness() &&
    from.known &&
    from.width === to.width &&
    panels(from) === panels(to) &&
    from.rows.length === to.rows.length
  )
}

const wantsStillness = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches

const hasKeyboard = (root: HTMLElement): boolean => root.matches(':focus-visible')

// Where a tooltip stands that no pointer has called: at the row's column in the map, or at the end of its bars.
function placeOfRow({layout, heatmap}: FigureMarks, row: number | null, feature: number | null) {
  const band = layout.rows.find(({layer}) => layer === row)
  const place =
    placeOf(layout, feature !== null && heatmap ? 'c' : 'a') ?? placeOf(layout, layout.sections[0]!.panels[0]!.letter)
  if (band === undefined || place === null) return null
  const {panel, section} = place
  const window = heatmap?.window ?? [0, 1]
  const along = feature !== null && panel.letter === 'c' ? (feature + 0.5 - window[0]) / (window[1] - window[0]) : 0.5
  // Clear of the column's name over the rows.
  const lift = feature === null ? 0 : Math.max(0, 18 - band.y)
  return {x: panel.x + panel.frame.width * along, y: section.top + band.y - lift}
}

interface KeyGround {
  readonly layout: () => FigureLayout | null
  /** Panel c while it has a map. */
  readonly heatmap: () => HeatmapMarks | null
  readonly rows: () => ShownRows
  /** A key took over from the pointer. */
  readonly onKeys: () => void
  /** The feature that is pointed at joins the brushed ones. */
  readonly onBrush: (feature: number) => void
  readonly onFocus: () => void
}

function listenToKeys(root: HTMLElement, lens: LensStore, ground: KeyGround): () => void {
  const press = (event: KeyboardEvent) => {
    const layout = ground.layout()
    if (layout === null || event.ctrlKey || event.metaKey || event.altKey) return
    // A button in the figure keeps its own keys; only Escape lets go from everywhere.
    if (event.target !== root && event.key !== 'Escape') return
    const rows = ground.rows()
    const now = lens.getState()
    const heatmap = ground.heatmap()
    if (event.key.toLowerCase() === 's' && now.feature !== null) {
      event.preventDefault()
      ground.onBrush(now.feature)
      return
    }
    const view = heatmap && mapKey(event.key, event.shiftKey, heatmap, now.feature)
    if (view) {
      event.preventDefault()
      now.zoom(view)
      return
    }
    const beyond = heatmap && now.layer !== null && !event.shiftKey ? rowBeyond(event.key, heatmap, now.layer) : null
    if (heatmap && beyond !== null) {
      event.preventDefault()
      ground.onKeys()
      now.zoom(followRow(heatmap, beyond))
      now.point(beyond, now.feature)
      return
    }
    const rowOf = (layer: number | null) => {
      const row = layer === null ? -1 : rows.rowOf(layer)
      return row < 0 ? null : row
    }
    const wish = keyWish(event.key, event.shiftKey, {
      layout,
      columns: heatmap?.cols ?? 0,
      layer: rowOf(now.layer),
      feature: now.feature,
      pinned: rowOf(now.pinned),
      holding: now.brushed !== null || now.pinned !== null || now.solo !== null || now.enlarged !== null
    })
    if (wish === null) return
    event.preventDefault()
    ground.onKeys()
    if (wish.kind === 'point') {
      // An arrow that walks out of a zoomed map takes the window with it.
      if (heatmap && wish.feature !== null && now.window) now.zoom(followColumn(heatmap, wish.feature))
      now.point(rows.layerOf(wish.layer), wish.feature)
    } else if (wish.kind === 'pin') now.pin(rows.layerOf(wish.layer))
    else if (wish.kind === 'solo') now.toggleSolo(rows.layerOf(wish.layer))
    else if (wish.kind === 'map') now.setMap(wish.map)
    else now.release()
  }
  root.addEventListener('keydown', press)
  root.addEventListener('focus', ground.onFocus)
  root.addEventListener('blur', ground.onFocus)
  return () => {
    root.removeEventListener('keydown', press)
    root.removeEventListener('focus', ground.onFocus)
    root.removeEventListener('blur', ground.onFocus)
  }
}

// The row of the map that an arrow would come to past the first or last of those shown; null within them.
function rowBeyond(key: string, {rowZoom, rows}: HeatmapMarks, layer: number): number | null {
  const first = rows[0]
  const last = rows.at(-1)
  if (!rowZoom || !first || !last) return null
  if (key === 'ArrowUp' && layer < first.to && first.from > 0) return first.from - 1
  if (key === 'ArrowDown' && layer >= last.from && last.to < rowZoom.rows) return last.to
  return null
}
