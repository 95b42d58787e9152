import type {Theme} from '@/lib/core/colour'
import {grid} from '@/lib/core/grid'
import {crossfade} from '@/lib/draw/crossfade'
import {drawFigure, drawReaderMarks} from '@/lib/draw/figure'
import {listenToPointer, type Pointed} from '@/lib/draw/pointing'
import {drawTip} from '@/lib/draw/tip'
import {stay, travel} from '@/lib/draw/travel'
import type {Explanation} from '@/lib/explain/explanation'
import {groupRows} from '@/lib/explain/groupRows'
import type {Lens, LensStore} from '@/lib/state/lens'
import {cellReading} from '@/lib/views/cellReading'
import {columnKey, followColumn} from '@/lib/views/columnKeys'
import {type FigureMarks, type FigureScene, figureMarks} from '@/lib/views/figure'
import {keyWish} from '@/lib/views/figureKeys'
import {columnAt, type HeatmapMarks} from '@/lib/views/heatmap'
import {type FigureLayout, type FigureSize, figureLayout, formOf, layoutBetween, placeOf} from '@/lib/views/layout'
import {figureRows} from '@/lib/views/rowOrder'
import {rowReading} from '@/lib/views/rowReading'

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
  readonly size: FigureSize
}

/** A figure that follows its lens until it is closed. */
export interface OpenFigure {
  show: (shown: FigureShown) => void
  close: () => void
}

/** The end of a journey, with heads still apart. */
const almost = 1 - 1e-9

/** More rows than this are drawn merged. */
const mostRows = 64

/** Opens a figure in `root`: draws what it is shown, follows the lens, and turns pointer and keys into wishes for it. */
export function openFigure(root: HTMLElement, lens: LensStore): OpenFigure {
  let shown: FigureShown | null = null
  let rows: RowNames = rowNames(null)
  let marks: FigureMarks | null = null
  let pointer: Pointed | null = null
  let difference = false

  const scene = (): FigureScene => ({...sceneOf(shown!, rows, lens.getState()), difference})
  const paint = (layout: FigureLayout, arrived: FigureMarks | null = null) => {
    marks = figureMarks(scene(), layout, arrived)
    drawFigure(root, marks, {
      onMap: lens.getState().setMap,
      onEnlarge: lens.getState().enlarge,
      onZoom: lens.getState().zoom,
      onDifference: (show) => {
        difference = show
        redraw(false)
      }
    })
    root.setAttribute('aria-label', marks.label)
    mark()
  }
  const mark = () => {
    if (marks === null) return
    const {layer, pinned, pinnedFeature, solo} = lens.getState()
    const feature = lens.getState().feature ?? pinnedFeature
    const rowOf = (held: number | null) => (held === null ? null : rows.rowOf(held))
    const reader = {layer: rowOf(layer), feature, pinned: rowOf(pinned), solo: rowOf(solo), focused: hasKeyboard(root)}
    drawReaderMarks(root, marks, reader)
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
        ? cellReading(rows.explanation, drawn.heatmap, row, feature, scene().own, rows.labels)
        : null
    return {reading: cell ?? rowReading(rows.explanation, row, rows.labels[row]), x: at.x, y: at.y}
  }
  const redraw = (travelling: boolean) => {
    if (shown === null || shown.size.width === 0) return
    const from = marks?.layout ?? null
    const to = layoutOf(rows.explanation, shown.size, lens.getState())
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
    onFocus: mark
  })

  return {
    show: (next) => {
      if (shown === null || next.explanation !== shown.explanation) rows = rowNames(next.explanation)
      shown = next
      redraw(false)
    },
    close: () => {
      leave()
      deaf()
      quiet()
      stay(root)
      root.replaceChildren()
    }
  }
}

// Changes of these are drawn anew; the others only move the reader's marks.
const settled = ['sample', 'enlarged', 'window'] as const satisfies readonly (keyof Lens)[]

/** Which drawn row stands for which layer: the same numbers, until a map has too many rows. */
interface RowNames {
  readonly explanation: Explanation | null
  /** What merged rows are called; empty when none are. */
  readonly labels: readonly string[]
  rowOf: (layer: number) => number
  layerOf: (row: number) => number
}

function rowNames(explanation: Explanation | null): RowNames {
  const same = (n: number) => n
  const few = (explanation?.axes?.rows ?? 0) <= mostRows
  if (explanation === null || few) return {explanation, labels: [], rowOf: same, layerOf: same}
  const grouped = groupRows(explanation, mostRows)
  const starts = grouped.labels.map((label) => Number.parseInt(label, 10) - 1)
  return {
    ...grouped,
    rowOf: (layer) => starts.findLastIndex((start) => start <= layer),
    layerOf: (row) => starts[row]!
  }
}

function sceneOf(shown: FigureShown, {explanation, labels}: RowNames, lens: Lens): FigureScene {
  return {
    explanation,
    labels,
    theme: shown.theme,
    map: lens.map,
    own: labels.length > 0 ? null : ownMap(shown, lens),
    window: lens.window,
    difference: false,
    partial: shown.partial
  }
}

function ownMap({sampleMap}: FigureShown, lens: Lens): FigureScene['own'] {
  if (!lens.sampleMap || sampleMap === null || sampleMap.sample !== lens.sample) return null
  const {rows, cols, values, sample} = sampleMap
  return {values: grid(rows, cols, values), name: `input ${sample + 1}`}
}

const layoutOf = (explanation: Explanation | null, size: FigureSize, {order, enlarged}: Lens): FigureLayout =>
  figureLayout(figureRows(explanation, order), size, {
    form: formOf(window.innerWidth),
    enlarged: explanation === null ? null : enlarged
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
  return {x: panel.x + panel.frame.width * along, y: section.top + band.y}
}

interface KeyGround {
  readonly layout: () => FigureLayout | null
  /** Panel c while it has a map. */
  readonly heatmap: () => HeatmapMarks | null
  readonly rows: () => RowNames
  /** A key took over from the pointer. */
  readonly onKeys: () => void
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
    const zoomed = heatmap && columnKey(event.key, heatmap, now.feature)
    if (zoomed) {
      event.preventDefault()
      now.zoom(zoomed.window)
      return
    }
    const rowOf = (layer: number | null) => (layer === null ? null : rows.rowOf(layer))
    const wish = keyWish(event.key, event.shiftKey, {
      layout,
      columns: heatmap?.cols ?? 0,
      layer: rowOf(now.layer),
      feature: now.feature,
      pinned: rowOf(now.pinned),
      holding: now.pinned !== null || now.solo !== null || now.enlarged !== null
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
