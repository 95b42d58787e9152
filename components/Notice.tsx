'use client'

import {useEffect, useState} from 'react'
import {useSession, useStores} from '@/components/stores'

/** How long the way back is offered unasked; Ctrl Z and the file menu keep it after that. */
const shownMs = 12_000

/** After another file took the figure: says so, and offers the way back. */
export function Notice() {
  const {session} = useStores()
  const [name, setName] = useState<string | null>(null)
  const trouble = useSession(({trouble}) => trouble !== null)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const leave = session.subscribe((now, was) => {
      if (now.explanation === was.explanation) return
      const replaced = was.explanation !== null && now.canUndo && !now.example && now.work.kind === 'working'
      clearTimeout(timer)
      setName(replaced && now.explanation ? now.explanation.provenance.checkpoint.name : null)
      if (replaced) timer = setTimeout(() => setName(null), shownMs)
    })
    return () => {
      leave()
      clearTimeout(timer)
    }
  }, [session])

  return (
    <div className="toasts" role="status">
      {name && !trouble && (
        <section className="toast quiet-toast">
          <p>
            <b>{name}</b> is open.
          </p>
          <button type="button" className="button" onClick={() => session.getState().undo()}>
            Undo <kbd>Ctrl Z</kbd>
          </button>
          <button type="button" className="close" aria-label="Dismiss" onClick={() => setName(null)}>
            <span aria-hidden="true">×</span>
          </button>
        </section>
      )}
    </div>
  )
}
