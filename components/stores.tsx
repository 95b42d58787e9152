'use client'

import {createContext, type ReactNode, useContext} from 'react'
import {useStore} from 'zustand'
import type {Explanation} from '@/lib/explain/explanation'
import type {Lens, LensStore} from '@/lib/state/lens'
import type {Session, SessionStore} from '@/lib/state/session'

export interface Stores {
  readonly session: SessionStore
  readonly lens: LensStore
}

const StoresContext = createContext<Stores | null>(null)

/** Hands the two stores of one workbench to everything inside it. */
export function StoresProvider({children, ...stores}: Stores & {children: ReactNode}) {
  return <StoresContext value={stores}>{children}</StoresContext>
}

/** The stores themselves, for those who subscribe without React. Throws outside a StoresProvider. */
export function useStores(): Stores {
  const stores = useContext(StoresContext)
  if (!stores) throw new TypeError('useStores: found no StoresProvider above; every part of the workbench needs one')
  return stores
}

/** A part of the session; renders again when it changes. */
export function useSession<T>(select: (session: Session) => T): T {
  return useStore(useStores().session, select)
}

/** A settled part of the lens (order, map, selected input). What follows the pointer subscribes instead. */
export function useLens<T>(select: (lens: Lens) => T): T {
  return useStore(useStores().lens, select)
}

/** What the figure shows: the explanation so far while one is being made, else the one that is open. */
export function shownExplanation({work, explanation}: Session): Explanation | null {
  return (work.kind === 'working' && work.visible ? work.progress?.partial : null) ?? explanation
}

/** The name of work that has lasted long enough to be shown, or null. */
export const visibleWork = ({work}: Session): string | null =>
  work.kind === 'working' && work.visible ? work.name : null

/**
 * Whether the work is big enough to take over the title. An example that is only repeated on this machine, behind
 * its precomputed figure, is not: the bar says so.
 */
export function takesOver({work, explanation, example}: Session): boolean {
  return work.kind === 'working' && work.visible && !(explanation && example?.title === work.name)
}
