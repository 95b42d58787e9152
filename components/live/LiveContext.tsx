'use client'

import {createContext, useContext, useMemo, useSyncExternalStore} from 'react'
import {useSession} from '@/components/stores'
import type {Explanation} from '@/lib/explain/explanation'
import type {Live, LiveStore} from '@/lib/state/live'

/** Live inputs; null where none can be read, as in a part of the window shown alone. */
export const LiveContext = createContext<LiveStore | null>(null)

export const useLiveStore = (): LiveStore | null => useContext(LiveContext)

/** A part of what is read live; renders again when it changes. Null without live inputs. */
export function useLive<T>(select: (live: Live) => T): T | null {
  const live = useContext(LiveContext)
  const read = () => (live ? select(live.getState()) : null)
  return useSyncExternalStore(live?.subscribe ?? deaf, read, () => null)
}

const deaf = () => () => {}

/** The open explanation as the live input alone gives it; null while the figure shows the checkpoint's own inputs. */
export function useOneInput(): Explanation | null {
  const explanation = useSession(({explanation}) => explanation)
  const live = useLiveStore()
  const reading = useLive(({current}) => current?.reading ?? null)
  // What the store says of it changes with the reading.
  return useMemo(
    () => live && explanation && reading && live.getState().standIn(explanation),
    [live, explanation, reading]
  )
}

/** Whether the place for live inputs is open. */
export const isTrying = ({encoder, opening, wanting, trouble}: Live): boolean =>
  encoder !== null || opening || wanting || trouble !== null
