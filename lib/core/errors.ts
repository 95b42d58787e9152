/**
 * What a person did or opened cannot be used as it is. The message is one sentence that says what was found and what
 * was needed; it is shown as it stands, in the page and on the command line (exit status 2). Anything else that is
 * thrown is a mistake of ours.
 */
export class ReaderError extends Error {
  override readonly name: string = 'ReaderError'
  /** A few words for the head of a message box: "Not a checkpoint". */
  readonly title: string

  constructor(title: string, message: string) {
    super(message)
    this.title = title
  }
}

/** A file is not what it claims to be, or is something we do not read. `path` leads to the place inside the file. */
export class FormatError extends ReaderError {
  override readonly name = 'FormatError'
  readonly path: string | null

  constructor(
    message: string,
    {title = 'This file cannot be read', path = null}: {title?: string; path?: string | null} = {}
  ) {
    super(title, message)
    this.path = path
  }
}

/** An input does not fit the model. The message names both shapes. */
export class ShapeError extends ReaderError {
  override readonly name = 'ShapeError'

  constructor(message: string, title = 'These inputs do not fit the checkpoint') {
    super(title, message)
  }
}

/** Whoever asked for the work has let go of it. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError'

  constructor(message = 'cancelled') {
    super(message)
  }
}

/** Throws CancelledError once `signal` has been aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError()
}
