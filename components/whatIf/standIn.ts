'use client'

import {useOneInput} from '@/components/live/LiveContext'
import {useSupposed} from '@/components/whatIf/EditsContext'
import type {Explanation} from '@/lib/explain/explanation'

/** What stands in for the open explanation: a live input's own, else the one with edits; null while neither does. */
export function useStandIn(): Explanation | null {
  const one = useOneInput()
  const supposed = useSupposed()
  return one ?? supposed
}
