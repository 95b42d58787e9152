import {CancelledError, throwIfCancelled} from './errors'

/** Whether some work is to stand still for now: seen from the work. */
export interface PauseSignal {
  readonly paused: boolean
  /** Calls `listener` at every change. Returns how to stop that. */
  onChange(listener: (paused: boolean) => void): () => void
}

/** The hand that pauses and resumes some work. */
export interface PauseControl {
  readonly signal: PauseSignal
  /** Setting what is set already changes nothing. */
  set(paused: boolean): void
}

/** A control over work that goes on until it is paused. */
export function pauseControl(): PauseControl {
  const listeners = new Set<(paused: boolean) => void>()
  let paused = false
  return {
    signal: {
      get paused() {
        return paused
      },
      onChange: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      }
    },
    set: (next) => {
      if (next === paused) return
      paused = next
      for (const listener of [...listeners]) listener(paused)
    }
  }
}

/** Resolves once the work may go on. Rejects with CancelledError once `signal` is aborted, paused or not. */
export function untilResumed(pause: PauseSignal | undefined, signal: AbortSignal | undefined): Promise<void> {
  throwIfCancelled(signal)
  if (!pause?.paused) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      leave()
      signal?.removeEventListener('abort', cancelled)
      settle()
    }
    const leave = pause.onChange((paused) => {
      if (!paused) end(resolve)
    })
    const cancelled = () => end(() => reject(new CancelledError()))
    signal?.addEventListener('abort', cancelled)
  })
}
