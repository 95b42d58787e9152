'use client'

import {useEffect, useRef} from 'react'
import {useStores} from '@/components/stores'
import {ordinal} from '@/lib/core/number'
import {drawSentence} from '@/lib/draw/sentence'
import type {Explanation} from '@/lib/explain/explanation'
import {readingOf} from '@/lib/explain/reading'
import {capital} from '@/lib/explain/words'
import type {Lens, LensStore} from '@/lib/state/lens'

/**
 * The row under the pointer, else the pinned one, else the first ranked, as a sentence; while numbers still run
 * there is no first. Follows the lens directly: a moving pointer never passes through React.
 */
export function Reading({explanation, settled}: {explanation: Explanation; settled: boolean}) {
  const {lens} = useStores()
  const cell = useRef<HTMLElement>(null)
  useEffect(() => readAlong(cell.current!, explanation, settled, lens), [explanation, settled, lens])
  return (
    <section ref={cell} className="cell reading" aria-labelledby="reading-title">
      <header>
        <h2 id="reading-title">Reading</h2>
        <span className="gloss" />
        <button type="button" className="link" hidden onClick={() => lens.getState().pin(null)}>
          Let go (Esc)
        </button>
      </header>
      <p className="sentence" />
      <p className="quiet hint">Point at a layer to read it here, click to pin it.</p>
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
  const write = (state: Lens) => {
    const read = whatToRead(state, first)
    const now = `${read.layer} ${read.state} ${state.pinned}`
    if (now === was) return
    was = now
    drawReading(cell, explanation, read)
  }
  write(lens.getState())
  return lens.subscribe(write)
}

function whatToRead({layer, pinned}: Lens, first: number | null): Read {
  if (layer !== null && layer !== pinned) return {layer, state: 'hover'}
  if (pinned !== null) return {layer: pinned, state: 'pinned'}
  return {layer: first, state: 'rest'}
}

function drawReading(cell: HTMLElement, explanation: Explanation, {layer, state}: Read) {
  const row = layer === null ? undefined : explanation.layers[layer]
  cell.dataset.state = row ? state : 'nothing'
  cell.querySelector('h2')!.textContent = row
    ? `${capital(explanation.axes?.rowName ?? 'layer')} ${row.layer + 1}`
    : 'Reading'
  cell.querySelector('.gloss')!.textContent = row ? glossOf(row, state, explanation.heads.length > 0) : ''
  cell.querySelector('button')!.hidden = !row || state !== 'pinned'
  drawSentence(cell.querySelector('.sentence')!, layer === null ? invitation : readingOf(explanation, layer))
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

function glossOf({head, rank}: Explanation['layers'][number], state: Read['state'], headed: boolean): string {
  const said = {rest: `ranked ${ordinal(rank)}`, pinned: 'pinned'} as Partial<Record<Read['state'], string>>
  return [...(headed ? [`head ${head + 1}`] : []), ...(said[state] ? [said[state]] : [])].join(', ')
}
