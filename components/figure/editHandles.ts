import {drawBrushBand} from '@/lib/draw/brushBand'
import {drawGaussianHandles} from '@/lib/draw/gaussianHandles'
import {drawGhostCurves} from '@/lib/draw/ghostCurves'
import {drawMaskStrokes} from '@/lib/draw/maskStrokes'
import {type Edit, maskedBy} from '@/lib/explain/edit'
import type {Explanation} from '@/lib/explain/explanation'
import {isEditable} from '@/lib/explain/isEditable'
import type {Edits} from '@/lib/models/family'
import type {EditsStore} from '@/lib/state/edits'
import type {LensStore} from '@/lib/state/lens'
import {brushBand} from '@/lib/views/brushBand'
import type {RowGroup} from '@/lib/views/cellRow'
import type {FigureMarks} from '@/lib/views/figure'
import {type GaussianHandle, gaussianHandles} from '@/lib/views/gaussianHandles'
import {ghostCurves} from '@/lib/views/ghostCurves'
import {maskStrokes} from '@/lib/views/maskStrokes'
import type {ShownRows} from '@/lib/views/shownRows'

/** The hands on a figure's Gaussians, drawn after it whenever it changes. */
export interface EditHandles {
  /** `original` is what the edits began with, while they are drawn. */
  draw: (marks: FigureMarks, rows: ShownRows, edits: EditsStore | null, original: Explanation | null) => void
  /** Whether a set of features can be brushed: there are Gaussians of features, and they can be edited. */
  canBrush: () => boolean
  close: () => void
}

/** Handles over the figure in `root`, which turn drags and keys into edits. */
export function editHandles(root: HTMLElement, lens: LensStore): EditHandles {
  let store: EditsStore | null = null
  let leave: (() => void) | null = null
  let again = () => {}
  let editable = false

  function follow(edits: EditsStore | null) {
    if (edits === store) return
    leave?.()
    store = edits
    // What else changes comes as another explanation.
    const unheard = edits?.subscribe((is, was) => {
      if (is.component !== was.component || is.comparing !== was.comparing) again()
    })
    leave = unheard ?? null
  }

  const now = () => store?.getState()
  const actions = {
    changeOf: ({moved}: GaussianHandle) => now()?.changeOf(moved) ?? {shift: 0, scale: 1},
    change: ({moved}: GaussianHandle, to: {shift?: number; scale?: number}) => now()?.change(moved, to),
    begin: () => now()?.beginDrag(),
    end: () => now()?.endDrag(),
    abandon: () => now()?.abandonDrag()
  }
  const draw: EditHandles['draw'] = (marks, rows, edits, original) => {
    follow(edits)
    again = () => draw(marks, rows, edits, original)
    const {explanation} = rows
    const open = edits && explanation && isEditable(explanation) && !edits.getState().comparing
    editable = Boolean(open) && explanation!.heads.some(({kind}) => kind === 'feature')
    const {pinned, pinnedFeature, brushed, window} = lens.getState()
    const row = pinned === null ? -1 : rows.rowOf(pinned)
    const component = edits?.getState().component ?? null
    const choice = {pinned: row < 0 ? null : row, pinnedFeature, brushed, window, component}
    const handles = open ? gaussianHandles(marks, explanation, choice) : []
    drawGaussianHandles(hostIn(root), handles, actions)
    drawGhostCurves(root, open ? ghostCurves(marks, handles, explanation, original) : [])
    drawBrushBand(root, open ? brushBand(marks, brushed) : null)
    drawMaskStrokes(root, open ? maskStrokes(marks, maskedIn(rows, edits.getState().edits)) : [])
  }
  return {draw, canBrush: () => editable, close: () => follow(null)}
}

// Merged rows are struck through once all that stands behind them is masked.
function maskedIn({explanation, whole, groups}: ShownRows, edits: readonly Edit[]): Edits['masked'] {
  const masked = maskedBy((whole ?? explanation)!, edits)
  if (!whole) return masked
  const held = new Set(masked.rows)
  const all = ([start, stop]: RowGroup) => Array.from({length: stop - start}, (_, i) => start + i)
  return {...masked, rows: groups.flatMap((group, row) => (all(group).every((one) => held.has(one)) ? [row] : []))}
}

function hostIn(root: HTMLElement): HTMLElement {
  const found = root.querySelector<HTMLElement>(':scope > div.figure-handles')
  if (found) return found
  const made = document.createElement('div')
  made.className = 'figure-handles'
  return root.appendChild(made)
}
