/** A clock that can be put in the hands of a test. */
export interface PaceClock {
  /** Milliseconds. */
  now(): number
  /** Calls back once, after `ms`; returns how to call it off. */
  after(ms: number, call: () => void): () => void
}

export interface RedrawPace {
  /** Something is new: it will be drawn, now or when the last picture is old enough. */
  ask(): void
  /** Calls off what waits. */
  stop(): void
}

const pageClock: PaceClock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  }
}

/**
 * Draws at most so often, however often it is asked: the first picture at once, the next when its time has come, and
 * always one after the last ask, so that what is shown last is the newest.
 */
export function redrawPace(draw: () => void, perSecond = 10, clock: PaceClock = pageClock): RedrawPace {
  const apart = 1000 / perSecond
  let last = -Infinity
  let callOff: (() => void) | null = null

  const now = () => {
    callOff = null
    last = clock.now()
    draw()
  }

  return {
    ask: () => {
      if (callOff) return
      callOff = clock.after(Math.max(0, last + apart - clock.now()), now)
    },
    stop: () => {
      callOff?.()
      callOff = null
    }
  }
}
