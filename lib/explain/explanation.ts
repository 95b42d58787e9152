import type {Grid} from '@/lib/core/grid'
import type {FamilyId, MapPlane, Settings} from '@/lib/models/family'

/** [low, high] of a 95 % interval. */
export type Interval = readonly [low: number, high: number]

/** What was opened and recognised. */
export interface ModelSummary {
  readonly family: FamilyId
  /** "density attention over layers" */
  readonly title: string
  /** `daam.gcts.0–7` */
  readonly at: string
  readonly heads: number
  readonly classes: readonly string[] | null
  readonly parameters: number
  readonly tensorsRead: number
  readonly tensorsTotal: number
  readonly missing: readonly string[]
  readonly unused: readonly string[]
  /** Best validation accuracy that the checkpoint states, 0 to 1. */
  readonly accuracy: number | null
  readonly epoch: number | null
  /** What the file did not hold and was taken or asked: kept so that the same view can be made again. */
  readonly settings: Settings
  /** Trainable numbers part by part, as the paper's Table 1 has them; `compared` parts are not in the file. */
  readonly parts?: readonly {readonly part: string; readonly parameters: number; readonly kind: 'own' | 'compared'}[]
  /** Other modules of the same file. */
  readonly others?: readonly {readonly at: string; readonly title: string}[]
}

/** The names of the map's axes. For the paper's model: layer down, feature across. */
export interface Axes {
  readonly rows: number
  readonly cols: number
  readonly rowName: string
  readonly colName: string
  /** What each row is, where a number would not say. */
  readonly rowLabels?: readonly string[]
  /** How columns lie on what the model looked at; absent where a column is a feature. */
  readonly plane?: MapPlane
}

/** What a family measures of each row beside importance, over the inputs. */
export interface MeasuredRows {
  readonly id: string
  /** "entropy of attention" */
  readonly title: string
  readonly unit: string
  /** A measure on a logarithmic scale has geometric means. */
  readonly scale: 'linear' | 'log'
  /** (rows); null where a row has none. */
  readonly means: readonly (number | null)[]
  readonly intervals: readonly (Interval | null)[]
  /** Means of the module as initialised, over the same inputs; null when it was not run. */
  readonly untrained: readonly (number | null)[] | null
}

/** The learned Gaussians of one head (arXiv 2401.11143v4, Algorithm 1; Gaussian-Adaptive-Attention, GaussianBlock). */
export interface HeadGaussians {
  readonly head: number
  /** Rows of the map it owns, first inclusive, last exclusive; null while unknown (parameters only). */
  readonly rows: readonly [start: number, stop: number] | null
  /**
   * feature: each curve acts on its own feature. component: the curves are multiplied. mixture: added, each with its
   * height.
   */
  readonly kind: 'feature' | 'component' | 'mixture'
  /** Mean offset δ in raw feature units, per feature or per component. */
  readonly offset: Float32Array
  /** The stored spread c. */
  readonly spread: Float32Array
  /** Variance of each curve in z. */
  readonly variance: Float32Array
  /**
   * Offset in z, δ / mean sqrt(v + ε) of each feature over the inputs; null without inputs. Per feature, or one per
   * component over all columns.
   */
  readonly offsetZ: Float32Array | null
  /** density-block: the one Gaussian the product equals, offset in raw units (and in z when inputs were seen). */
  readonly effective: {readonly offset: number; readonly variance: number; readonly offsetZ: number | null} | null
  /** |z| that a row of this head can reach at δ = 0: sqrt(chunk − 1). Null while the chunk is unknown. */
  readonly reach: number | null
  /** What an untrained head's curve looks like: δ = 0 and this variance. */
  readonly initialVariance: number
  /**
   * mixture: the height of each curve, so that the head's curve is their sum; absent where every curve has height 1.
   */
  readonly heights?: Float32Array
  /** mixture: the height of the untrained curve; absent where it is 1. */
  readonly initialHeight?: number
}

/** One row of the map (for the paper's model, one layer) and where it stands. */
export interface LayerImportance {
  readonly layer: number
  readonly head: number
  /** Mean IF over features, 0 to 1 (arXiv 2401.11143v4, section 1.5; the ranking is ours, the paper defines none). */
  readonly importance: number
  readonly interval: Interval | null
  /** Row sum over total. */
  readonly share: number
  /** Mean density over features. */
  readonly density: number
  /** 1 = most important. Ties share the better rank. */
  readonly rank: number
  readonly rankInterval: Interval | null
  readonly rankInHead: number
  readonly rankByShare: number
  /** The same inputs through the module as initialised; null when it cannot be computed. */
  readonly untrained: {
    readonly density: number
    /** On the observed map's scale, (null − min) / (max − min) of the observed map. May leave 0 to 1. */
    readonly importance: number
    /** Mean of the null's own min–max normalised map, null when that is constant; for tables and exports only. */
    readonly importanceOwnScale: number | null
    readonly rank: number
    /** Mean density minus mean null density, density units, with its paired interval. */
    readonly learned: number
    readonly learnedInterval: Interval | null
  } | null
  /** Mean |z| over inputs and features; null without inputs. */
  readonly meanAbsZ: number | null
}

/** Distribution of standardised values per row: counts over bins, one grid row per map row. */
export interface Signal {
  /** bins + 1 edges in z. */
  readonly edges: readonly number[]
  readonly counts: Grid
}

/** One input. Its own map is asked of the engine when wanted. */
export interface SampleSummary {
  readonly name: string
  /** Index into classes, when the inputs came with labels. */
  readonly label: number | null
  readonly logits: readonly number[] | null
  readonly probabilities: readonly number[] | null
}

/** What the inputs of one true class come down to. */
export interface ClassDensity {
  /** Index into classes. */
  readonly label: number
  /** Inputs of this class among those that count. */
  readonly inputs: number
  /** Mean density of each row of the map. */
  readonly rows: Float32Array
  /** Mean density (rows, cols); absent where the maps of all classes would be more than 131,072 numbers. */
  readonly density?: Grid
}

/** What the reader must know before believing the picture. Computed, never recited. */
export interface Caveat {
  readonly id:
    | 'geometry'
    | 'no-null'
    | 'no-inputs'
    | 'one-of-several'
    | 'few-inputs'
    | 'constant-map'
    | 'not-finite'
    | 'unusable-inputs'
    | 'one-cell-sets-zero'
    | 'saved-maps'
    | 'extension'
    | 'single-layer-heads'
    | 'spread'
    | 'idle-heads'
    | 'last-layer-scale'
    | 'no-density'
    | 'layer-weights'
    | 'mixed-again'
    | 'questions'
  readonly text: string
}

/** Which cell alone sets the zero (or the one) of IF, named when it moves the scale by more than 10 % of the range. */
export interface ScaleCell {
  readonly row: number
  readonly col: number
  /** Share of the range that would go if this cell were left out. */
  readonly moves: number
}

/** Something odd about one head's Gaussians or about the map, found by looking at the numbers. */
export interface LintRemark {
  /** Index of the head, or null for what concerns the map or a row of it. */
  readonly head: number | null
  readonly kind:
    | 'collapsed-spread'
    | 'exploded-spread'
    | 'negative-spread'
    | 'not-finite'
    | 'duplicate-head'
    | 'idle-head'
    | 'offset-beyond-data'
    | 'components-collapse'
    | 'constant-map'
  readonly text: string
}

export interface FileIdentity {
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** Lower-case hexadecimal, or null when it was not computed. */
  readonly sha256: string | null
}

export interface Provenance {
  readonly checkpoint: FileIdentity
  readonly inputs: readonly FileIdentity[]
  /** Where the density maps came from; `weights`: the checkpoint's own weight per layer. */
  readonly maps: 'inputs' | 'saved' | 'weights' | 'none'
  /** Inputs that were averaged. */
  readonly samples: number
  /** Maps per head that the checkpoint saved, and how many of them were averaged; where maps are `saved`. */
  readonly savedMaps?: {readonly used: number; readonly held: number}
  readonly backend: {
    readonly name: 'webgpu' | 'wasm' | 'cpu'
    readonly adapter: string | null
    readonly reason: string
  } | null
  readonly bootstrap: {readonly resamples: number; readonly seed: number} | null
  readonly app: string
}

/** Everything the pictures, the command line and a link are made from. Plain numbers; no tensor, no model. */
export interface Explanation {
  readonly version: 1
  readonly model: ModelSummary
  readonly axes: Axes | null
  readonly heads: readonly HeadGaussians[]
  /** Mean density attention (rows, cols); null when there are neither inputs nor saved maps, or none is finite. */
  readonly density: Grid | null
  /** The same inputs through the module as initialised. */
  readonly nullDensity: Grid | null
  /** Variance of each cell's density over the inputs, unbiased (rows, cols); absent with fewer than two. */
  readonly densityVariance?: Grid
  /** By true class, ascending; absent where no input came with one. */
  readonly classDensity?: readonly ClassDensity[]
  /**
   * IF = (density − min) / (max − min), one global min and max (arXiv 2401.11143v4, section 1.5); null when the map is
   * constant. For `weights`, the weights themselves.
   */
  readonly importance: Grid | null
  /** The observed map's smallest and largest density: what IF 0 and IF 1 stand for. */
  readonly scale: Interval | null
  readonly scaleCell: ScaleCell | null
  /** One per row of the map, in its order; empty while there is no importance. */
  readonly layers: readonly LayerImportance[]
  /** Correlation and agreement of layer means between observed and untrained. */
  readonly agreement: {readonly r: number; readonly sameRanks: number; readonly of: number} | null
  readonly signal: Signal | null
  /** In the family's order; absent where it measures nothing beside importance. */
  readonly measures?: readonly MeasuredRows[]
  readonly samples: readonly SampleSummary[]
  readonly caveats: readonly Caveat[]
  /** What is odd about the Gaussians, the gravest first; absent in files of the first version. */
  readonly lint?: readonly LintRemark[]
  /**
   * The finding, a sentence computed from these numbers, and the line under it. `strong` is the part of the caveat set
   * in bold.
   */
  readonly finding: {readonly title: string; readonly caveat: string; readonly strong: string | null}
  readonly provenance: Provenance
}
