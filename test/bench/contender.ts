import type {Case} from './cases'

/** What every contender of a case is given. */
export interface Given {
  readonly case: Case
  readonly x: Float32Array
  /** The layer form's gradients are of Σ density × upstream. */
  readonly upstream: Float32Array
}

/** Results by the name of the reference they are held to. */
export type Results = Readonly<Record<string, Float32Array>>

/** One way to do a piece of work, ready to do it again and again. */
export interface Contender {
  /** Bytes it was given. */
  readonly given: number
  /** Does it once and resolves when the result exists on its device. This is what is timed. */
  run(): Promise<void>
  /** The last run's results, off the device. */
  results(): Promise<Results>
  /** Lets go of the last run's results. */
  clear(): void
  /** Lets go of everything. */
  close(): void
}

export type OpenContender = (given: Given) => Contender | Promise<Contender>
