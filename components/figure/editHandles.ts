import {drawGaussianHandles} from '@/lib/draw/gaussianHandles'
import {drawMaskStrokes} from '@/lib/draw/maskStrokes'
import {isEditable, maskedBy} from '@/lib/explain/edit'
import type {Explanation} from '@/lib/explain/explanation'
import type {EditsStore} from '@/lib/state/edits'
import type {LensStore} from '@/lib/state/lens'
import type {FigureMarks} from '@/lib/views/figure'
import {type GaussianHandle, gaussianHandles} from '@/lib/views/gaussianHandles'
import {maskStrokes} from '@/lib/views/maskStrokes'

/** The hands on a figure's Gaussians, drawn after it whenever it changes. */
export interface EditHandles {
  draw: (marks: FigureMarks, explanation: Explanation | null, edits: EditsStore | null) => void
  close: () => void
}

/** Handles over the figure in `root`, which turn drags and keys into edits. */
export function editHandles(root: HTMLElement, lens: LensStore): EditHandles {
  let store: EditsStore | null = null
  let leave: (() => void) | null = null
  let again = () => {}

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
  const draw: EditHandles['draw'] = (marks, explanation, edits) => {
    follow(edits)
    again = () => draw(marks, explanation, edits)
    const {pinned, pinnedFeature, window} = lens.getState()
    const open = edits && explanation && isEditable(explanation) && !edits.getState().comparing
    const component = edits?.getState().component ?? null
    const handles = open ? gaussianHandles(marks, explanation, {pinned, pinnedFeature, window, component}) : []
    drawGaussianHandles(hostIn(root), handles, actions)
    drawMaskStrokes(root, open ? maskStrokes(marks, maskedBy(explanation, edits.getState().edits)) : [])
  }
  return {draw, close: () => follow(null)}
}

function hostIn(root: HTMLElement): HTMLElement {
  const found = root.querySelector<HTMLElement>(':scope > div.figure-handles')
  if (found) return found
  const made = document.createElement('div')
  made.className = 'figure-handles'
  return root.appendChild(made)
}
