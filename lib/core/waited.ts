/** Resolves after `ms` milliseconds, or at once when `signal` is aborted, which leaves no timer behind. */
export function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((go) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      go()
    }
    if (signal.aborted) return done()
    signal.addEventListener('abort', done)
  })
}
