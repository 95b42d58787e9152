import type {SamplingPoints} from '@/lib/models/family'

/** What of attention on the input goes on paper. */
export interface ExportPlaneAsked {
  /** The row set large. */
  readonly row: number
  /** The place that is held; null for none. */
  readonly column: number | null
  /** Whose attention the map is, "input 10"; null for the mean. */
  readonly own: string | null
  /** What lies under it, "input 10"; null without a picture. */
  readonly pictured: string | null
  /** How many inputs a mean is of. */
  readonly inputs: number
  /** Where the held place samples, else the one that is attended to most. */
  readonly points: SamplingPoints | null
  /** What the input asks; null where it asks nothing, or is not told. */
  readonly question: string | null
}
