/** Inputs that could not be used. */
export interface Unusable {
  /** Files, or arrays where a file holds many: how many were left out, and of how many. */
  readonly noun: 'file' | 'array'
  readonly count: number
  readonly of: number
  /** What was found in the first of them and what was needed, each a sentence that begins with its name. */
  readonly first: readonly string[]
}
