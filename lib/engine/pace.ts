import {throwIfCancelled} from '@/lib/core/errors'
import type {Explanation} from '@/lib/explain/explanation'
import type {Progress} from './protocol'

/** How a story tells of its progress and notices that nobody listens any more. */
export interface Pace {
  /** Passes on at most four a second, and the first of each phase. `partial` is made only when it is passed on. */
  tell(progress: Omit<Progress, 'partial'>, partial?: () => Explanation | null): void
  /** Lets other work in: a Cancel that has arrived, a picture. Throws CancelledError once cancelled. */
  breathe(): Promise<void>
}

/** At least this long between two reports of one phase. */
const BETWEEN_MS = 250

/** A pace over `onProgress`. */
export function pace(signal: AbortSignal | undefined, onProgress: ((progress: Progress) => void) | undefined): Pace {
  let phase: Progress['phase'] | null = null
  let last = Number.NEGATIVE_INFINITY
  return {
    tell: (progress, partial) => {
      const now = performance.now()
      if (!onProgress || (progress.phase === phase && now - last < BETWEEN_MS)) return
      phase = progress.phase
      last = now
      onProgress({...progress, partial: partial?.() ?? null})
    },
    breathe: async () => {
      // A macrotask: messages, and with them a Cancel, arrive between two of them and never inside one.
      await new Promise((resolve) => setTimeout(resolve))
      throwIfCancelled(signal)
    }
  }
}
