import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import {nothing, type Opened} from './opened'

/** What was read of one version. */
export interface WatchedVersion {
  /** Counted from 1, those that were missed included. */
  readonly version: number
  /** When it was written, in milliseconds since 1970. */
  readonly at: number
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** The first 12 digits; null where it was not computed. */
  readonly sha256: string | null
  readonly epoch: number | null
  readonly accuracy: number | null
  /** Inputs that its ranking rests on. */
  readonly samples: number
  readonly layers: readonly LayerImportance[]
  /** Whether all of its figure is kept; else its rows alone. */
  readonly whole: boolean
  /** Why it could not be explained. */
  readonly trouble: string | null
}

type Named = Pick<WatchedVersion, 'version' | 'at' | 'name' | 'size'>

/** What is remembered of a version that was explained. */
export function versionOf(named: Named, {explanation}: Opened): WatchedVersion {
  const {model, layers, provenance} = explanation!
  return {
    ...named,
    sha256: provenance.checkpoint.sha256?.slice(0, 12) ?? null,
    epoch: model.epoch,
    accuracy: model.accuracy,
    samples: provenance.samples,
    layers,
    whole: true,
    trouble: null
  }
}

/** What is remembered of one that could not be. */
export const failedVersion = (named: Named, trouble: string): WatchedVersion => ({
  ...named,
  sha256: null,
  epoch: null,
  accuracy: null,
  samples: 0,
  layers: [],
  whole: false,
  trouble
})

/** About how many bytes it takes to keep this open: its maps, its Gaussians, and the copy of its file. */
export function bytesOf({explanation, request}: Opened): number {
  if (!explanation) return 0
  const {density, nullDensity, densityVariance, importance, classDensity = [], heads, samples} = explanation
  const grids = [density, nullDensity, densityVariance, importance, ...classDensity.map((one) => one.density)]
  const numbers = [
    ...grids.map((one) => one?.values.length ?? 0),
    ...heads.flatMap(({offset, spread, variance}) => [offset.length, spread.length, variance.length]),
    ...samples.map(({logits, probabilities}) => 2 * ((logits?.length ?? 0) + (probabilities?.length ?? 0)))
  ]
  const copy = request?.checkpoint.kind === 'file' ? request.checkpoint.file.size : 0
  return copy + 4 * numbers.reduce((sum, count) => sum + count, 0)
}

/** A version of which only the rows are left, in the place of another that is whole. */
export const rowsAlone = (one: WatchedVersion, like: Opened | null): Opened => ({
  ...nothing,
  explanation: like?.explanation ? rankingAlone(like.explanation, one) : null,
  version: one.version
})

// The ranking without the maps, curves and inputs that it came from.
function rankingAlone(like: Explanation, one: WatchedVersion): Explanation {
  const {densityVariance: _, classDensity: __, measures: ___, lint: ____, ...rest} = like
  const caveat = 'Its map and its curves were let go of for newer versions; its rows were kept.'
  return {
    ...rest,
    model: {...like.model, epoch: one.epoch, accuracy: one.accuracy},
    heads: [],
    density: null,
    nullDensity: null,
    importance: null,
    scaleCell: null,
    layers: one.layers,
    agreement: null,
    signal: null,
    samples: [],
    caveats: [],
    finding: {title: `Version ${one.version} of ${one.name}.`, caveat, strong: null},
    provenance: {
      ...like.provenance,
      checkpoint: {name: one.name, size: one.size, sha256: null},
      samples: one.samples
    }
  }
}
