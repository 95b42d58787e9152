/** What is kept beside the bytes of an explanation. */
export interface Keep {
  /** SHA-256 of the token that deletes it, in hexadecimal; the token itself is known to the sharer alone. */
  readonly tokenHash: string
  /** Milliseconds since 1970; from then on it is as good as gone. */
  readonly expires: number
}

export interface Stored {
  readonly bytes: Uint8Array
  readonly keep: Keep
}

/** What a list tells of one explanation; `size` in bytes, in some places with what is kept beside it. */
export interface Listed {
  readonly id: string
  readonly size: number
  readonly expires: number
}

export interface Page {
  readonly entries: readonly Listed[]
  /** Where the next page starts; null after the last. */
  readonly cursor: string | null
}

/**
 * A place for explanations. They are immutable and named by their content (`contentId.ts`), so putting one twice
 * changes nothing. Once `put` has answered, a crash loses nothing; until then there is all of it or none of it. Several
 * processes over one place behave as one. Limits on size and rate are not its business.
 */
export interface Store {
  /** What was chosen, in words without secrets. */
  readonly name: string
  /** `exists`: it was there before, and what is kept beside it stays as it was. */
  put(id: string, bytes: Uint8Array, keep: Keep): Promise<'created' | 'exists'>
  /** The very bytes, or why there are none; what has expired is removed on the way. */
  get(id: string): Promise<Stored | 'absent' | 'expired'>
  /** Whether there was something to delete. */
  delete(id: string): Promise<boolean>
  /** A page in the order of ids. What has expired is left out, and removed on the way. */
  list(cursor: string | null): Promise<Page>
  /** Lets go of connections. */
  close(): Promise<void>
}

/** The clock, in milliseconds since 1970; tests bring their own. */
export type Now = () => number
