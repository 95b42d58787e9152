'use client'

import {Dialog} from '@/components/controls/Dialog'
import {useStores} from '@/components/stores'
import {plural} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'

/** What is odd about the learned Gaussians, each with a way to the head in question. */
export function Things({explanation, onClose}: {explanation: Explanation; onClose: () => void}) {
  const {lens} = useStores()
  const remarks = explanation.lint ?? []
  const rowOf = (head: number | null) => (head === null ? null : (explanation.heads[head]?.rows?.[0] ?? null))
  const showRow = (row: number) => {
    onClose()
    const {pinned, pin} = lens.getState()
    if (pinned !== row) pin(row)
  }
  return (
    <Dialog title={`${plural(remarks.length, 'thing')} to check`} onClose={onClose}>
      <ul className="sentences things">
        {remarks.map(({head, kind, text}) => {
          const row = rowOf(head)
          return (
            <li key={`${head} ${kind} ${text}`}>
              {text}{' '}
              {row !== null && (
                <button type="button" className="link" onClick={() => showRow(row)}>
                  Show head {head! + 1}
                </button>
              )}
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
