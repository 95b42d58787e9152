'use client'

import {useEffect, useState} from 'react'
import {useSession, useStores} from '@/components/stores'
import {plural} from '@/lib/core/number'
import type {Explanation, FileIdentity} from '@/lib/explain/explanation'

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
      // What is watched says for itself that there is a newer version.
      if (now.explanation === was.explanation || (now.version !== null && was.version !== null)) return
      const opened = now.canUndo && now.work.kind === 'working' ? newFiles(now.explanation, was.explanation) : null
      clearTimeout(timer)
      setName(opened)
      if (opened) timer = setTimeout(() => setName(null), shownMs)
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
            Now open: <b>{name}</b>
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

/** The names of what was not open before, or null. An undo brings nothing new: it is not a working step. */
function newFiles(now: Explanation | null, was: Explanation | null): string | null {
  if (!now || !was) return null
  const {checkpoint, inputs} = now.provenance
  if (identity([checkpoint]) !== identity([was.provenance.checkpoint])) return checkpoint.name
  if (inputs.length === 0 || identity(inputs) === identity(was.provenance.inputs)) return null
  return inputs.length === 1 ? inputs[0]!.name : plural(inputs.length, 'input file')
}

const identity = (files: readonly FileIdentity[]) =>
  JSON.stringify(files.map(({name, size, sha256}) => [name, size, sha256]))
