import {fixed} from '@/lib/core/number'
import type {Session} from '@/lib/state/session'

/** What the engine does, in a word or two. */
export function engineState({work, msPerInput, backend}: Session): string {
  if (work.kind === 'working') return work.paused ? 'Paused' : 'Working'
  if (!backend) return 'Ready'
  return msPerInput === null ? 'Ready' : `Live, ${fixed(msPerInput, msPerInput < 10 ? 1 : 0)} ms per input`
}
