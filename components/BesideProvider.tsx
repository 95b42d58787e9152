'use client'

import {createContext, type ReactNode, useContext, useEffect, useState} from 'react'
import {whenIdle} from '@/components/later'
import {LibraryContext} from '@/components/library/LibraryContext'
import {LiveContext} from '@/components/live/LiveContext'
import {StreamContext} from '@/components/live/StreamContext'
import {NotesContext} from '@/components/notes/NotesContext'
import {shownExplanation, useSession, useStores} from '@/components/stores'
import {WatchContext} from '@/components/watch/WatchContext'
import {EditsContext} from '@/components/whatIf/EditsContext'
import type {Engine} from '@/lib/engine/protocol'
import type {Beside} from '@/lib/state/beside'

/** How to have the stores beside the figure now, while they are on their way; null where they are here, or never come. */
const ComingContext = createContext<(() => Promise<Beside>) | null>(null)

export const useComing = (): (() => Promise<Beside>) | null => useContext(ComingContext)

export interface BesideProviderProps {
  engine: Engine
  /** Nothing is drawn first that could be waited for. */
  atOnce: boolean
  children: ReactNode
}

/** Hands down the stores beside session and lens. Their script comes after the first picture, or when one is pressed. */
export function BesideProvider({engine, atOnce, children}: BesideProviderProps) {
  const {session} = useStores()
  const [here, setHere] = useState<Beside | null>(null)
  const [coming] = useState(() =>
    once(async () => (await import('@/lib/state/beside')).createBeside({engine, session}))
  )
  const due = useSession((now) => shownExplanation(now) !== null) || atOnce

  useEffect(() => {
    if (due) return whenIdle(() => void coming().then(setHere, () => {}))
  }, [due, coming])
  useEffect(() => here?.follow(), [here])

  const haste = async () => {
    const made = await coming()
    setHere(made)
    return made
  }

  return (
    <ComingContext value={here ? null : haste}>
      <LibraryContext value={here?.library ?? null}>
        <WatchContext value={here?.watch ?? null}>
          <LiveContext value={here?.live ?? null}>
            <StreamContext value={here?.stream ?? null}>
              <EditsContext value={here?.edits ?? null}>
                <NotesContext value={here?.notes ?? null}>{children}</NotesContext>
              </EditsContext>
            </StreamContext>
          </LiveContext>
        </WatchContext>
      </LibraryContext>
    </ComingContext>
  )
}

/** Asks once, and again after it failed. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = null
      throw error
    })
    return asked
  }
}
