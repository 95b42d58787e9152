import type {SamplingPoints} from '@/lib/models/family'
import type {Lens} from '@/lib/state/lens'
import type {PlaneScene} from '@/lib/views/plane'
import type {StageDensity} from '@/lib/views/planePoints'
import type {PlaneSpan} from '@/lib/views/planeSpan'

/** Where a place looks in one row. */
export interface RowPoints {
  readonly row: number
  readonly found: SamplingPoints
}

/** What React hands to the panel. */
export interface PlaneShown {
  readonly scene: PlaneScene
  /** "Input 10"; null while none is selected. */
  readonly input: string | null
  /** The input's own words, where they are known. */
  readonly words: readonly string[] | null
  /** The row that is read while none is held. */
  readonly first: number
  /** Where the pointed-at cell looks, once that is known. */
  readonly points: RowPoints | null
  /** How densely a stage samples, in place of attention. */
  readonly sampled: StageDensity | null
  /** A brushed span of time. */
  readonly span: PlaneSpan | null
}

export interface PlaneHandlers {
  /** A span of time was brushed, or let go of. */
  readonly onSpan: (span: PlaneSpan | null) => void
  /** Plays what is brushed. */
  readonly onPlay: () => void
}

/** The row in words: the one under the pointer, else the pinned one, else the first. */
export const readRow = ({layer, pinned}: Lens, first: number): number => layer ?? pinned ?? first

/** The column under the pointer, else the one that was pinned. */
export const readColumn = ({feature, pinnedFeature}: Lens): number | null => feature ?? pinnedFeature
