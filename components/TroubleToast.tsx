'use client'

import {Fragment} from 'react'
import {useRoom} from '@/components/room'
import {useSession, useStores} from '@/components/stores'

/** A step that failed: what was found, what was needed, and what became of the figure. Stays until dismissed. */
export function TroubleToast() {
  const {session} = useStores()
  const {show} = useRoom()
  const trouble = useSession(({trouble}) => trouble)
  const canUndo = useSession(({canUndo}) => canUndo)
  const {dismissTrouble, undo} = session.getState()
  return (
    trouble && (
      <section className="toast bad">
        <h2>
          <WithCode text={trouble.title} />
        </h2>
        <button type="button" className="close" aria-label="Dismiss" onClick={dismissTrouble}>
          <span aria-hidden="true">×</span>
        </button>
        <p>
          <WithCode text={trouble.message} />
        </p>
        <p>{trouble.after}</p>
        <div className="actions">
          {trouble.report && (
            <button type="button" className="button primary" onClick={() => show('tensors')}>
              Show all tensors
            </button>
          )}
          {trouble.report && trouble.file && (
            <button type="button" className="button" onClick={() => show('bind')}>
              Bind by hand
            </button>
          )}
          {canUndo && (
            <button type="button" className="button" onClick={undo}>
              Undo
            </button>
          )}
          <button type="button" className={trouble.report ? 'button' : 'button primary'} onClick={dismissTrouble}>
            Dismiss
          </button>
        </div>
      </section>
    )
  )
}

// `mean_offset`, `pool.mu` and `(1, 1024)` are what a file says, not what we say.
const code = /(\b[A-Za-z_]\w*(?:[._]\w+)+\b|\(\d[\w, ]*\))/

/** A sentence with the names and shapes of a file set apart. */
function WithCode({text}: {text: string}) {
  const parts = text.split(code)
  return parts.map((part, index) => {
    const key = parts.slice(0, index).join('').length
    return index % 2 === 1 ? <code key={`code ${key}`}>{part}</code> : <Fragment key={key}>{part}</Fragment>
  })
}
