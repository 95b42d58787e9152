import {throwIfCancelled} from '@/lib/core/errors'
import {type PauseSignal, untilResumed} from '@/lib/core/pausing'
import type {Explanation} from '@/lib/explain/explanation'
import type {Progress} from './protocol'
import {type Rate, rateOf} from './rate'

/** What a step says of its progress; its rate and the time left are found out. */
export type Step = Omit<Progress, 'partial' | 'perSecond' | 'secondsLeft'>

/** How a story tells of its progress, stands still, and notices that nobody listens any more. */
export interface Pace {
  /** Passes on at most four a second, and the first of each phase. `partial` is made only when it is passed on. */
  tell(step: Step, partial?: () => Explanation | null): void
  /** Lets other work in: a Cancel that has arrived, a Pause, a picture. Throws CancelledError once cancelled. */
  breathe(): Promise<void>
}

/** At least this long between two reports of one phase. */
const BETWEEN_MS = 250
/** Other work is let in this often. Each turn costs a worker 4 ms, which thousands of small inputs would pay dearly. */
const TURN_MS = 25

export interface PaceOptions {
  readonly signal?: AbortSignal | undefined
  readonly pause?: PauseSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** A pace over `onProgress`. */
export function pace({signal, pause, onProgress}: PaceOptions): Pace {
  let phase: Progress['phase'] | null = null
  let rate: Rate = rateOf()
  let last = Number.NEGATIVE_INFINITY
  let stood = 0
  let turned = Number.NEGATIVE_INFINITY
  /** The step that was told last, until it has been passed on. */
  let held: (() => void) | null = null

  const timing = ({done, total}: Step): Pick<Progress, 'perSecond' | 'secondsLeft'> => {
    const perSecond = rate.perSecond()
    return perSecond === null ? {} : {perSecond, secondsLeft: Math.max(0, total - done) / perSecond}
  }

  return {
    tell: (step, partial) => {
      if (!onProgress) return
      const now = performance.now()
      const begins = step.phase !== phase
      if (begins) rate = rateOf()
      phase = step.phase
      rate.note(step.done, (now - stood) / 1000)
      const pass = () => {
        last = now
        held = null
        onProgress({...step, ...timing(step), partial: partial?.() ?? null})
      }
      if (begins || now - last >= BETWEEN_MS) pass()
      else held = pass
    },
    breathe: async () => {
      // A macrotask: messages, and with them a Cancel, arrive between two of them and never inside one.
      if (performance.now() - turned >= TURN_MS) {
        await new Promise((resolve) => setTimeout(resolve))
        turned = performance.now()
      }
      throwIfCancelled(signal)
      if (!pause?.paused) return
      // What stands still is looked at: it shows all that has been done.
      held?.()
      const since = performance.now()
      await untilResumed(pause, signal)
      stood += performance.now() - since
    }
  }
}
