import type {Span} from '@/lib/core/spanHistory'
import type {StreamLine} from './streamLines'

/** [from, to] in ms, as `performance.now` tells them. */
export type TimeSpan = readonly [from: number, to: number]

/** A mean over many inputs, one input alone, or a version of the checkpoint: numbers of two kinds make no one line. */
export type SourceKind = 'mean' | 'input' | 'version'

/** Where samples came from. */
export interface StreamSource {
  readonly name: string
  readonly kind: SourceKind
}

/** A moment that the reader named. */
export interface StreamMark {
  readonly id: number
  readonly at: number
  readonly text: string
}

/** All that a live plot is drawn and exported from. */
export interface StreamRecord {
  readonly lines: readonly StreamLine[]
  /** The oldest first. */
  readonly spans: readonly Span[]
  /** What samples came from; spans name them by index. */
  readonly sources: readonly StreamSource[]
  readonly marks: readonly StreamMark[]
  /** Times during which the view stood while samples went on coming. */
  readonly stood: readonly TimeSpan[]
  /** From the first sample to the last; null before the first. */
  readonly extent: TimeSpan | null
  /** What is looked at. */
  readonly seen: TimeSpan | null
  /** Whether it stands, or follows the newest. */
  readonly standing: boolean
  /** When the first sample came, ms since 1970. */
  readonly began: number
}

/** Less than this cannot be told apart in a plot, ms. */
const shortest = 20

/** Moves a view by ms and keeps it inside `extent`; one as long as all of it shows all of it. */
export function movedView([from, to]: TimeSpan, by: number, [first, last]: TimeSpan): TimeSpan {
  const length = Math.min(last - first, Math.max(shortest, to - from))
  const start = Math.max(first, Math.min(last - length, from + by))
  return [start, start + length]
}

/** A view `factor` times as long; its end stays, so that what is newest stays in sight. */
export function scaledView([from, to]: TimeSpan, factor: number, extent: TimeSpan): TimeSpan {
  const length = Math.max(shortest, (to - from) * factor)
  return movedView([to - length, to], 0, extent)
}
