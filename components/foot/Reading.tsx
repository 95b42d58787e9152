'use client'

import {useEffect, useRef} from 'react'
import {useDock} from '@/components/hooks/useDock'
import {NotesButton} from '@/components/notes/NotesButton'
import {useStores} from '@/components/stores'
import {ordinal} from '@/lib/core/number'
import {drawSentence} from '@/lib/draw/sentence'
import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import {rowsTie, sharesRank} from '@/lib/explain/tiedRows'
import type {Lens, LensStore} from '@/lib/state/lens'
import {type LineReading, lineReading} from '@/lib/views/lineReading'
import {type ShownRows, shownRows} from '@/lib/views/shownRows'

/**
 * The row under the pointer, else the pinned one, else the first ranked, as a sentence; while numbers still run
 * there is no first. Follows the lens directly: a moving pointer never passes through React.
 */
export function Reading({explanation, settled}: {explanation: Explanation; settled: boolean}) {
  const {lens} = useStores()
  const cell = useRef<HTMLElement>(null)
  useDock(cell, '--dock-reading')
  useEffect(() => readAlong(cell.current!, explanation, settled, lens), [explanation, settled, lens])
  return (
    <section ref={cell} className="cell reading" aria-labelledby="reading-title">
      <header>
        <h2 id="reading-title">Reading</h2>
        <span className="gloss" />
        <NotesButton />
        <button type="button" className="link let-go" hidden onClick={() => lens.getState().pin(null)}>
          Let go (Esc)
        </button>
      </header>
      <p className="sentence" />
      <p className="quiet hint">Point at a {explanation.axes?.rowName ?? 'layer'} to read it here, click to pin it.</p>
    </section>
  )
}

interface Read {
  /** Null for none. */
  readonly layer: number | null
  readonly state: 'rest' | 'hover' | 'pinned'
}

function readAlong(cell: HTMLElement, explanation: Explanation, settled: boolean, lens: LensStore): () => void {
  const first = settled ? (explanation.layers.find(({rank}) => rank === 1)?.layer ?? 0) : null
  let was = ''
  let window: Lens['rowWindow'] = null
  let rows = shownRows(explanation, window)
  const write = (state: Lens) => {
    const read = whatToRead(state, first)
    const zoomed = state.rowWindow !== window
    const now = `${read.layer} ${read.state} ${state.pinned}`
    if (now === was && !zoomed) return
    was = now
    if (zoomed) {
      window = state.rowWindow
      rows = shownRows(explanation, window)
    }
    drawReading(cell, rows, read)
  }
  write(lens.getState())
  return lens.subscribe(write)
}

function whatToRead({layer, pinned}: Lens, first: number | null): Read {
  if (layer !== null && layer !== pinned) return {layer, state: 'hover'}
  if (pinned !== null) return {layer: pinned, state: 'pinned'}
  return {layer: first, state: 'rest'}
}

function drawReading(cell: HTMLElement, rows: ShownRows, {layer, state}: Read) {
  // At rest it speaks of the first of all rows, not of the line it was merged into.
  const line = layer === null ? null : lineReading(state === 'rest' ? {...rows, groups: []} : rows, layer)
  const row = line?.row
  cell.dataset.state = row ? state : 'nothing'
  cell.querySelector('h2')!.textContent = line && row ? line.title : 'Reading'
  cell.querySelector('.gloss')!.textContent = line && row ? glossOf(line, row, state, rows.explanation!) : ''
  cell.querySelector<HTMLElement>('.let-go')!.hidden = !row || state !== 'pinned'
  drawSentence(cell.querySelector('.sentence')!, line ? line.sentences : invitation)
  // A long reading needs the hint's line.
  const hint = cell.querySelector<HTMLElement>('.hint')!
  hint.hidden = false
  hint.hidden = cell.scrollHeight > cell.clientHeight
}

const invitation = [
  {
    text: 'Point at a layer to read it here. Click to pin it, use the arrow keys to move, Escape to let go.',
    strong: false
  }
]

function glossOf(
  {merged}: LineReading,
  {layer, head, rank}: LayerImportance,
  state: Read['state'],
  {heads, axes, layers}: Explanation
): string {
  const label = merged ? undefined : axes?.rowLabels?.[layer]
  const joint = axes?.plane && sharesRank(layers, rank) ? 'joint ' : ''
  const ranked = rowsTie({axes, layers}) ? 'tied' : `ranked ${joint}${ordinal(rank)}`
  const said = {rest: ranked, pinned: 'pinned'} as Partial<Record<Read['state'], string>>
  return [
    ...(merged ? ['merged'] : []),
    ...(label ? [label] : []),
    ...(heads.length > 0 ? [`head ${head + 1}`] : []),
    // Beside a label there is no room; the sentence says it, and a pinned row is marked.
    ...(said[state] && !label ? [said[state]] : [])
  ].join(', ')
}
