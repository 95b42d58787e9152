import {throwIfCancelled} from '@/lib/core/errors'
import {type PauseControl, type PauseSignal, pauseControl} from '@/lib/core/pausing'
import type {FileReport, Openable, Progress} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'

export type Work =
  | {readonly kind: 'ready'}
  /** `visible` turns true once the work has lasted half a second: then progress and Cancel are shown. */
  | {
      readonly kind: 'working'
      readonly name: string
      readonly progress: Progress | null
      readonly visible: boolean
      /** It stands still until it is resumed; what has been worked out so far can be looked at. */
      readonly paused?: boolean
      /** Running means of work that repeats what is shown: for whoever follows them, not for the figure. */
      readonly behind?: Explanation | null
    }

/** What a step is given, and what it says of itself on the way. */
export interface StepOptions {
  readonly signal: AbortSignal
  readonly pause: PauseSignal
  readonly onProgress: (progress: Progress, behind?: Explanation | null) => void
  /** What was found in the checkpoint, once it has been looked into: shown if the step fails later. */
  report: FileReport | null
  file: Openable | null
}

export interface StepParts {
  /** Told of every change of the work under way. */
  readonly show: (work: Work) => void
  /** Told why a step failed that nobody has stopped. */
  readonly fail: (error: unknown, options: StepOptions) => void
}

export interface Steps {
  /** Does one step of work, which supersedes the one before; resolves once it has ended, however. `quiet` shows none. */
  readonly begin: (name: string, run: (options: StepOptions) => Promise<void>, quiet?: boolean) => Promise<void>
  /** Stops the step under way: its late replies are dropped, and whoever stops it says what is shown next. */
  readonly letGo: () => void
  /** Lets the step under way stand still, and go on; nothing where there is none. */
  readonly stand: (paused: boolean) => void
  /** Whether the step under way changes nothing that is shown before it ends. */
  readonly inBackground: () => boolean
  /** Resolves once the step begun last has ended. */
  readonly ended: () => Promise<unknown>
}

/** Work that lasts longer shows its progress and Cancel. */
const VISIBLE_AFTER_MS = 500

/** One step of work at a time. */
export function createSteps({show, fail}: StepParts): Steps {
  let now: Work = {kind: 'ready'}
  let step: AbortController | null = null
  let background = false
  let pausing: PauseControl = pauseControl()
  let ended: Promise<unknown> = Promise.resolve()

  function turn(work: Work) {
    now = work
    show(work)
  }

  function rest() {
    step = null
    background = false
    turn({kind: 'ready'})
  }

  return {
    begin: (name, run, quiet = false) => {
      step?.abort()
      const controller = new AbortController()
      const {signal} = controller
      step = controller
      background = quiet
      pausing = pauseControl()
      const patch = (change: {visible: true} | {progress: Progress; behind: Explanation | null}) => {
        if (!signal.aborted && now.kind === 'working') turn({...now, ...change})
      }
      turn({kind: 'working', name, progress: null, visible: false})
      const timer = setTimeout(() => quiet || patch({visible: true}), VISIBLE_AFTER_MS)
      const onProgress = (progress: Progress, behind: Explanation | null = null) => patch({progress, behind})
      const options: StepOptions = {signal, pause: pausing.signal, onProgress, report: null, file: null}
      const done = run(options)
        .catch((error: unknown) => {
          if (!signal.aborted) fail(error, options)
        })
        .finally(() => {
          clearTimeout(timer)
          if (!signal.aborted) rest()
        })
      ended = done
      return done
    },

    letGo: () => {
      step?.abort()
      rest()
    },

    stand: (paused) => {
      if (now.kind !== 'working') return
      pausing.set(paused)
      turn({...now, paused})
    },

    inBackground: () => background,
    ended: () => ended
  }
}

/** What the promise gives, unless the step was stopped meanwhile: then throws CancelledError. */
export async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const value = await promise
  throwIfCancelled(signal)
  return value
}
