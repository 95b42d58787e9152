'use client'

import {useEffect, useRef} from 'react'
import {type FigureShown, type OpenFigure, openFigure} from '@/components/figure/openFigure'
import {useElementSize} from '@/components/hooks/useElementSize'
import type {Theme} from '@/lib/core/colour'
import type {Explanation} from '@/lib/explain/explanation'
import type {LensStore} from '@/lib/state/lens'
import type {PanelLetter} from '@/lib/views/frame'

export interface FigureProps {
  /** What is open; null draws dotted rows. */
  readonly explanation: Explanation | null
  /** The explanation so far: drawn in place of `explanation` while `state` is `loading`. */
  readonly partial?: Explanation | null
  /** Default `rest`. `loading` marks the numbers as running means; `empty` draws rules, letters and dotted rows. */
  readonly state?: 'rest' | 'loading' | 'empty'
  readonly lens: LensStore
  readonly theme: Theme
  /** The selected input's own map, when it has come: shown while the lens asks for it. */
  readonly sampleMap?: FigureShown['sampleMap']
  readonly sumUp?: FigureShown['sumUp']
  readonly device?: FigureShown['device']
  readonly edits?: FigureShown['edits']
  /** The panels that are wanted, the same array from first to last; default all. */
  readonly panels?: readonly PanelLetter[] | null
  readonly notes?: FigureShown['notes']
  readonly original?: FigureShown['original']
}

/**
 * The figure. It takes the size of its box: from 1,101 px of window width it fills the height that the page gives it
 * (as a flex item it grows), below that it is as high as its rows. React owns the element, D3 what is inside it, and a
 * moving pointer goes from the figure to the lens and back without passing through React. O (order), T (table) and ?
 * belong to the window, all other keys to the figure.
 */
export function Figure({
  explanation,
  partial = null,
  state = 'rest',
  lens,
  theme,
  sampleMap = null,
  sumUp = null,
  device = null,
  panels = null,
  edits = null,
  notes,
  original = null
}: FigureProps) {
  const root = useRef<HTMLDivElement>(null)
  const figure = useRef<OpenFigure>(null)
  const size = useElementSize(root)
  const loading = state === 'loading'
  const shown = state === 'empty' ? null : loading ? (partial ?? explanation) : explanation

  useEffect(() => {
    const open = openFigure(root.current!, lens, panels)
    figure.current = open
    return () => {
      figure.current = null
      open.close()
    }
  }, [lens, panels])
  // `lens` too: a new one has opened a new figure, which has nothing to show yet.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const running = loading && partial !== null
    if (size)
      figure.current?.show({
        explanation: shown,
        partial: running,
        theme,
        sampleMap,
        sumUp,
        device,
        edits,
        notes,
        original,
        size
      })
  }, [shown, loading, partial, theme, sampleMap, sumUp, device, edits, notes, original, size, lens])

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keyboard
    <div id="figure" ref={root} className="figure" role="application" aria-roledescription="figure" tabIndex={0} />
  )
}
