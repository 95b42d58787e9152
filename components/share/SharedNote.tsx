'use client'

import {SharedEdits} from '@/components/share/SharedEdits'
import {list} from '@/lib/explain/words'
import {partNames} from '@/lib/share/partNames'
import type {Shared} from '@/lib/state/shared'

/** Says of what is open that it was shared, and what became of it here. */
export function SharedNote({shared}: {shared: Shared}) {
  const verdict = verdictWords(shared)
  return (
    <div className="shared-note" role="status">
      {verdict.stamp && <b className={`shared-stamp ${verdict.kind}`}>{verdict.stamp}</b>} {verdict.text}
      {shared.verdict === null && <Missing shared={shared} />}
      {shared.record.shownAs && <SharedEdits shared={shared} />}
    </div>
  )
}

/** What the figure lacks because of how it came. */
function Missing({shared: {record}}: {shared: Shared}) {
  const left = record.left.map((part) => partNames[part])
  return (
    (record.unread.length > 0 ? ` It is damaged: ${all(record.unread)} could not be read.` : '') +
    (left.length > 0 ? ` Not shared: ${all(left)}.` : '')
  )
}

function verdictWords({from, verdict, record}: Shared): {stamp: string | null; kind: string; text: string} {
  if (verdict === null) {
    const {checkpoint, inputs} = record.explanation.provenance
    const files = inputs.length > 0 ? 'its checkpoint and inputs' : 'its checkpoint'
    const proof = checkpoint.sha256 ? ` (SHA-256 ${checkpoint.sha256.slice(0, 8)}…)` : ''
    return {
      stamp: null,
      kind: 'open',
      text: `From a ${from}; the files are not here. Drop ${files}${proof} to have it computed again.`
    }
  }
  if (verdict.kind === 'reproduced') {
    return {
      stamp: 'Reproduced',
      kind: 'reproduced',
      text: verdict.sameFile ? 'from the same file, computed again here.' : 'by its numbers; it names no SHA-256.'
    }
  }
  if (verdict.kind === 'differs') {
    const by = Number.isFinite(verdict.by) ? ` by ${Number(verdict.by.toPrecision(2))}` : ''
    return {stamp: 'Differs', kind: 'differs', text: `${by.trim()} in ${verdict.what}, computed again here.`}
  }
  return {
    stamp: 'Not the same file',
    kind: 'differs',
    text: `${verdict.found.name} has another SHA-256 than what was shared; this is its own figure.`
  }
}

const all = (items: readonly string[]) => list(items, items.length)
