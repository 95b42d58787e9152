'use client'

import {useEffect, useState} from 'react'
import {Dialog} from '@/components/controls/Dialog'
import {type Deletion, readDeletion} from '@/lib/share/deletionLink'
import {deleteExplanation} from '@/lib/share/storeExplanation'

/** Asks whoever opened a deletion link whether they mean it. Nothing is deleted by opening a link alone. */
export function DeleteShared() {
  const [asked, setAsked] = useState<Deletion | null>(null)
  const [told, setTold] = useState<{readonly text: string; readonly done: boolean} | null>(null)
  const [working, setWorking] = useState(false)

  useEffect(() => {
    const read = () => {
      const deletion = readDeletion(location.hash)
      if (deletion) setTold(null)
      if (deletion) setAsked(deletion)
    }
    read()
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])

  if (!asked) return null
  const close = () => {
    setAsked(null)
    // The right to delete does not stay in the address bar or the history.
    history.replaceState(null, '', location.pathname + location.search)
  }
  const remove = async () => {
    setWorking(true)
    try {
      await deleteExplanation(asked.id, asked.token)
      setTold({text: 'It is deleted. Links to it now say so; copies that somebody saved stay theirs.', done: true})
    } catch (error) {
      setTold({text: (error as Error).message, done: false})
    } finally {
      setWorking(false)
    }
  }
  return (
    <Dialog title="Delete a stored explanation" onClose={close}>
      <p>
        This link deletes the explanation <code>{asked.id.slice(0, 12)}…</code> from {location.host}, for everybody, for
        good.
      </p>
      {told && <p role={told.done ? 'status' : 'alert'}>{told.text}</p>}
      <p className="actions">
        {!told?.done && (
          <button type="button" className="button primary" disabled={working} onClick={() => void remove()}>
            {working ? 'Deleting…' : 'Delete it'}
          </button>
        )}
        <button type="button" className="button" onClick={close} data-focus>
          {told?.done ? 'Close' : 'Keep it'}
        </button>
      </p>
    </Dialog>
  )
}
