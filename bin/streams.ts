/** Where a command writes: standard output and standard error, or a test's. */
export interface Streams {
  readonly out: (text: string) => void
  readonly error: (text: string) => void
  /** Shows one line in the place of the one before, or none; only on a terminal. */
  readonly line?: ((text: string) => void) | undefined
}
