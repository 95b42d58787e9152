'use client'

import {createContext, useContext, useMemo, useSyncExternalStore} from 'react'
import {useSession} from '@/components/stores'
import type {Explanation} from '@/lib/explain/explanation'
import type {EditsStore, WhatIf} from '@/lib/state/edits'

/** A person's edits; null where none can be made, as in a part of the window shown alone. */
export const EditsContext = createContext<EditsStore | null>(null)

export const useEditsStore = (): EditsStore | null => useContext(EditsContext)

/** All of what was changed; renders again with every edit. Null without edits in this window. */
export function useWhatIf(): WhatIf | null {
  const edits = useContext(EditsContext)
  const read = () => edits?.getState() ?? null
  return useSyncExternalStore(edits?.subscribe ?? deaf, read, () => null)
}

const deaf = () => () => {}

/** The open explanation as it would be with the edits; null while the figure shows it as it is. */
export function useSupposed(): Explanation | null {
  const explanation = useSession(({explanation}) => explanation)
  const whatIf = useWhatIf()
  return useMemo(() => explanation && (whatIf?.standIn(explanation) ?? null), [explanation, whatIf])
}
