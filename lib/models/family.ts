import type {TensorArchive, TensorValues} from '@/lib/formats/archive'

/** The published mechanisms, and what they are compared with. */
export type FamilyId =
  | 'layer-density'
  | 'layer-density-gqa'
  | 'density-block'
  | 'additive-density'
  | 'density-gate'
  | 'layer-weights'
  | 'attention-baseline'
  | 'lora-adapters'
  | 'stacked-latent'
  | 'deformable-audio'

/** What a state dict does not hold, and a person may have to say: asked, with a default. */
export interface Settings {
  /**
   * density-block: the axis each block layer normalises, in its input's own axes; negative counts from the end. Default
   * -1 for each.
   */
  readonly axes?: readonly number[]
  /** density-block: the value that marks padding, or null for none (the default). */
  readonly paddingValue?: number | null
  /**
   * Conv head: the height × width that it folds the features into. Default the most square fold (32 × 32 for 1,024; 64
   * × 80 for 5,120). stacked-latent: the rows × columns that the regions lie in, with the same default.
   */
  readonly map?: readonly [height: number, width: number]
  /** density-block: which block layer the figure shows. Default 0. */
  readonly blockLayer?: number
  /**
   * How a three-dimensional input is meant when both readings fit: (batch, layers, features) or (layers, time,
   * features).
   */
  readonly layout?: 'batch' | 'time'
  /** Which module of a file that holds several, by its `at`. Default the first. */
  readonly module?: string
  /** layer-density-gqa: query heads of the grouped-query attention. Default 8. */
  readonly queryHeads?: number
  /** layer-weights: whether the model takes a softmax of them or uses them as they are. Default softmax. */
  readonly layerMix?: 'softmax' | 'raw'
  /** deformable-audio: which release of LeapLabTHU/DAT laid the file out, where its keys do not tell. Default 2022. */
  readonly release?: '2022' | '2023'
  /**
   * deformable-audio: how far offsets reach, in half steps of the sampling grid; below 0 they are free and positions are
   * bounded. Default 2 for the release of 2022, -1 for that of 2023.
   */
  readonly offsetRange?: number
  /** deformable-audio: cells between sampling points, for each stage. Default 1, or 8, 4, 2, 1 for that of 2023. */
  readonly samplingStrides?: readonly number[]
  /** deformable-audio: channels of a head, where no table of positions tells. Default 32. */
  readonly headWidth?: number
  /**
   * stacked-latent: from which end the question encoder of the file reads. Default as its options say, else backward for
   * the LSTM of the released code, which was trained so, and forward for any other.
   */
  readonly questionOrder?: 'forward' | 'backward'
  /** stacked-latent: whether the released LSTM puts out o · c (the default) or o · tanh(c). */
  readonly lstmOutput?: 'cell' | 'tanh'
  /** Bound by hand: the tensor that fills each role, by names of the file; see `handFamilies`. */
  readonly bindings?: Readonly<Record<string, string>>
  /** Bound by hand: what the tensors make up. Default by the names of the roles. */
  readonly family?: FamilyId
  /** Bound by hand: how many heads. Default as many as are bound. */
  readonly heads?: number
}

/** A question that the file leaves open, with the answer we took. */
export interface OpenQuestion {
  readonly setting: keyof Settings
  /** "Which axis does the block normalise?" */
  readonly text: string
  readonly options: readonly {readonly label: string; readonly value: Settings}[]
  /** Index into options of what is in force. */
  readonly chosen: number
}

/** One role of the mechanism, and the tensor that fills it. */
export interface Binding {
  /** `head 0 mean offset`, `head 0 scaled variance`, `conv1 weight`, … */
  readonly role: string
  readonly name: string
  readonly shape: readonly number[]
}

/** A module of the file, by where it stands. */
export interface ModulePlace {
  readonly at: string
  readonly title: string
}

/** How many parameters one part of a model has, as the paper's Table 1 tells parts apart (arXiv 2401.11143v4). */
export interface PartCount {
  /** "density heads", "convolutions", … */
  readonly part: string
  readonly parameters: number
  /** `compared`: not in this file; what another module over the same layers and features would have. */
  readonly kind: 'own' | 'compared'
}

/** What was recognised in an archive. */
export interface Detection {
  readonly family: FamilyId
  /** "density attention over layers", "density block" */
  readonly title: string
  /** The common path of the heads, short: `daam.gcts.0–7`. */
  readonly at: string
  readonly bindings: readonly Binding[]
  /**
   * Roles of this family that the archive does not fill, as sentences: "fc.weight: no classifier, so no prediction".
   */
  readonly missing: readonly string[]
  /** Shapes that do not agree with each other, as sentences; absent where the shapes of `bindings` tell (`checkRoles`). */
  readonly disagreements?: readonly string[]
  /** Parameter names in the state dict that no role took. */
  readonly unused: readonly string[]
  readonly headCount: number
  /** From conv1's input channels, or from saved maps; null when only inputs can tell. */
  readonly layers: number | null
  /** Feature count; null for a block (its parameters have no feature axis). */
  readonly features: number | null
  readonly classCount: number | null
  /** Trainable numbers in all bound tensors. */
  readonly parameters: number
  readonly questions: readonly OpenQuestion[]
  /** Settings in force, defaults filled in. */
  readonly settings: Settings
  /** Trainable numbers part by part. */
  readonly parts: readonly PartCount[]
  /** The other modules of the file, in order of likelihood; `settings.module` picks one. */
  readonly others: readonly ModulePlace[]
}

/** What one family finds in an archive: a module, and what can be said of it once the settings are known. */
export interface FoundModule extends ModulePlace {
  /** Throws ShapeError for settings that cannot hold. */
  detect(settings: Settings): ModuleDetection
}

/** A detection that does not yet know of the file's other modules. */
export type ModuleDetection = Omit<Detection, 'others'>

/** When nothing matched: what was looked for, and the nearest thing found, for the message and the tensor table. */
export interface NoDetection {
  readonly family: null
  /** One sentence per family: what it needs. */
  readonly lookedFor: readonly string[]
  /** "The nearest pair is pool.mu and pool.var, both (1, 1024)." or null */
  readonly nearest: string | null
}

/**
 * The learned Gaussians of one head, as stored.
 * layer-density: one per feature, weight exp(-z²/2c): variance of the curve = c (arXiv 2401.11143v4, Algorithm 1).
 * density-block: one per component k, exp(-z²/2c²), multiplied: variance of component k = c²
 * (Gaussian-Adaptive-Attention, GaussianBlock).
 * mixture: one per component k, added with a height each: the additive form of January 2024, and gates
 * (Density-Adaptive-JEPA).
 */
export interface HeadParameters {
  readonly head: number
  /** Which block layer it belongs to; 0 for layer-density. */
  readonly blockLayer: number
  readonly kind: 'feature' | 'component' | 'mixture'
  /** Mean offset δ, in raw feature units. (features) or (components). */
  readonly offset: Float32Array
  /** The spread c, as stored, or a gate's σ. (features) or (components). */
  readonly spread: Float32Array
  /** The variance each curve has in z: c or c². */
  readonly variance: Float32Array
  /** density-block: the one Gaussian that the product of the K components equals. */
  readonly effective: {readonly offset: number; readonly variance: number} | null
  /**
   * mixture: the sum is Σ heightₖ exp(−(z − δₖ)² / 2 varianceₖ), and before training one Gaussian of this height and
   * variance.
   */
  readonly mixture?: {
    readonly heights: Float32Array
    readonly initial: {readonly height: number; readonly variance: number}
    /** Whether z divides by the biased variance, as a gate's does. */
    readonly biased: boolean
  }
}

/** The map that a model draws: which axis is down, which is across, and which rows each head owns. */
export interface MapAxes {
  readonly rows: number
  readonly cols: number
  /** Singular, lower case: `layer`, `position`. */
  readonly rowName: string
  readonly colName: string
  /** For each head the rows it owns, first inclusive, last exclusive. */
  readonly headRows: readonly (readonly [start: number, stop: number])[]
  /** What each row is, where a number would not say: "stage 3, block 2, deformable". */
  readonly rowLabels?: readonly string[]
  /** How columns lie on what the model looked at; absent where a column is a feature. */
  readonly plane?: MapPlane
}

/**
 * The first height × width columns of a map, row by row, are places on a picture of the input: regions of an image,
 * cells of a spectrogram. What columns follow have other names, such as the words of a question.
 */
export interface MapPlane {
  readonly height: number
  readonly width: number
  /** Singular, lower case: `row` and `column`, or `frequency` and `time`. */
  readonly downName: string
  readonly acrossName: string
  /** The name of each column behind the plane. */
  readonly after?: readonly string[]
}

/** A number per map row that stands beside importance: how sharp its attention is, what gradient reaches it. */
export interface RowMeasure {
  /** `entropy`, `content-gradient`, `latent-gradient`, `offset-length` */
  readonly id: string
  /** "entropy of attention" */
  readonly title: string
  /** "bits", "gradient norm", "cells" */
  readonly unit: string
  readonly scale: 'linear' | 'log'
  /** (n, rows); NaN where a row has none. */
  readonly values: Float32Array
}

/** One of the arrays that stand beside the first, where a model needs several for one input. */
export interface SampleArray {
  readonly name: string
  /** Shape for one sample. */
  readonly shape: readonly number[]
  /** (count, ...shape) */
  readonly values: Float32Array
}

/** One input of an array that a model cannot use, where the others can be read. */
export interface RefusedInput {
  /** Among the inputs of the samples. */
  readonly index: number
  /** "Silence", "Not a number" */
  readonly title: string
  /** What was found and what is needed, behind the name of the input: "holds NaN at place 8 of 96; … are needed". */
  readonly because: string
}

/** Inputs in the model's own shape, ready to run in slices along the first axis. */
export interface Samples {
  readonly count: number
  /** Shape of one sample: (layers, features) for layer-density; whatever the file held for a block. */
  readonly sampleShape: readonly number[]
  /** (count, ...sampleShape), row-major. */
  readonly values: Float32Array
  /** What else belongs to each sample, in the order of the model's `inputNames`; absent where one array is all. */
  readonly beside?: readonly SampleArray[]
  /** What a reader of the explanation has to know of how it was made, in whole sentences; absent where nothing. */
  readonly note?: string
  /** Inputs that cannot be used, and why: the model gives NaN for them. Absent where all can. */
  readonly refused?: readonly RefusedInput[]
  /**
   * How the input was read, as a sentence: "(100, 12, 1, 5, 64) read as batch, layers, 1, time, features; time
   * averaged".
   */
  readonly reading: string
}

/** What one run gives, plain numbers only. n = samples of the slice, (rows, cols) as in MapAxes. */
export interface RunResult {
  /**
   * (n, rows, cols). layer-density: G in (0, 1]. density-block: weight × chunk length, so heads of different length
   * compare.
   */
  readonly density: Float32Array
  /** (n, rows, cols): the standardised value before the offset, (y − m) / sqrt(v + ε). */
  readonly standardised: Float32Array
  /** (n, heads, cols): sqrt(v + ε), the unit in which an offset acts. */
  readonly deviation: Float32Array
  /** (n, classes), or null without a classifier. */
  readonly logits: Float32Array | null
  /** Beside the map, a number per row; the same list in every run of a model. Absent where a family measures none. */
  readonly measures?: readonly RowMeasure[]
  /** When `details` is asked: what the module computed in its own shapes, such as `output` and `attention.layer_0`. */
  readonly details: readonly DetailArray[] | null
}

/** Where one query of a deformable block looks. Places are (y, x) as shares of the picture, 0 and 1 at its edges. */
export interface SamplingPoints {
  /** The block's own cells, down and across, and the one that asks. */
  readonly grid: readonly [rows: number, cols: number]
  readonly query: number
  /** Runs of heads that have points of their own. */
  readonly groups: number
  /** Where the points stand before they move (points, 2). */
  readonly reference: Float32Array
  /** Where they move to for this input, which may be beyond the edge (groups, points, 2). */
  readonly sampled: Float32Array
  /** The query's attention to each (heads, points); heads belong to groups in order. */
  readonly attention: Float32Array
}

/** One array of a run, for those who want more than the map. */
export interface DetailArray {
  readonly name: string
  /** Shape for one sample. */
  readonly shape: readonly number[]
  /** (n, ...shape) */
  readonly values: Float32Array
}

/** A map that is not drawn from inputs, because the parameters are the map: a learned weight per layer. */
export interface OwnMap {
  readonly axes: MapAxes
  /** (rows, cols) */
  readonly density: Float32Array
  /** The same before training; null where nobody can know. */
  readonly untrained: Float32Array | null
}

/** Other numbers for one head's Gaussians; lengths as stored. */
export interface HeadEdit {
  readonly head: number
  readonly blockLayer: number
  readonly offset: Float32Array
  readonly spread: Float32Array
}

/** What a person changed, to see what would follow. */
export interface Edits {
  /** Heads that are not as the checkpoint has them. */
  readonly heads: readonly HeadEdit[]
  /** Map rows and columns that reach nothing behind the heads: their densities count 0 there. */
  readonly masked: {readonly rows: readonly number[]; readonly cols: readonly number[]}
}

/** Parameters on the backend that is in force. Tensors never leave this floor. */
export interface LoadedModel {
  readonly detection: Detection
  readonly heads: readonly HeadParameters[]
  /** False for mechanisms that draw no density map of an input; `detection.missing` says why. */
  readonly runs: boolean
  /** What the parameters show without inputs; null for everything but layer weights. */
  readonly own: OwnMap | null
  /**
   * The names of the arrays that make up an input, the one that counts the inputs first; absent where one array of any
   * name is all it takes.
   */
  readonly inputNames?: readonly string[]
  /** The names of arrays that are read, too, where they stand beside those. */
  readonly optionalInputs?: readonly string[]
  /** By the names of arrays that may stand beside those and are not read: why not, and what it would take. */
  readonly unreadInputs?: Readonly<Record<string, string>>
  /**
   * Checks and arranges one input array, with those that `inputNames` asks for beside it, by name; rejects with
   * ShapeError naming both shapes, or AmbiguousLayout. Time is averaged as the paper does, on the backend in force.
   */
  arrange(input: TensorValues, settings: Settings, beside?: ReadonlyMap<string, TensorValues>): Promise<Samples>
  /**
   * How many inputs an array of this shape holds: where there are several, they stand along its first axis. Throws as
   * `arrange` does; without reading anything.
   */
  count(shape: readonly number[], settings: Settings): number
  /** The map's axes for samples of this shape, and with these beside them. Throws ShapeError. */
  axes(sampleShape: readonly number[], beside?: readonly SampleArray[]): MapAxes
  /** Runs samples start..stop (exclusive). */
  run(samples: Samples, start: number, stop: number, options?: {readonly details?: boolean}): Promise<RunResult>
  /**
   * deformable-audio: where the query under a column of the map looks, in a block (a row) of one sample; null for blocks
   * that sample no points. Throws RangeError beyond the map.
   */
  points?(samples: Samples, index: number, row: number, column: number): Promise<SamplingPoints | null>
  /**
   * The same module as initialised, without a classifier: layer-density δ = 0, c = 2; density-block δ = 0, c = 1 (the
   * median of exp(N(0, 1))); additive δ = 0, c = 2, equal weights; gate δ = 0, log σ = log ½; layer weights equal;
   * deformable-audio drawn anew from a fixed seed, as its code does;
   * stacked-latent every layer as PyTorch begins it, from one fixed seed, the answer too, since gradients start there.
   */
  untrained(): LoadedModel
  /**
   * The same module with edits; null where Gaussians cannot be edited. What stands behind the heads is shared: dispose of
   * the edited model first. Throws ShapeError for an edit that does not fit.
   */
  readonly edited: ((edits: Edits) => LoadedModel) | null
  /** Whether something stands behind the heads that masks could keep from. */
  readonly maskable: boolean
  /** A good number of samples for one run: enough to keep the backend busy, few enough to fit and to cancel. */
  batchSize(samples: Samples): number
  dispose(): void
}

/** One published mechanism: how to recognise it, load it, run it. */
export interface ModelFamily {
  readonly id: FamilyId
  /** One sentence on what it needs, for when nothing matches. */
  readonly needs: string
  /** Every module of this family in the archive, by names and shapes alone, the likeliest first. */
  find(archive: TensorArchive): readonly FoundModule[]
  /**
   * Reads the parameters. Without `running` only what the Gaussians need: what stands behind the heads can be larger
   * than they are by far, and has nothing to do before there are inputs.
   */
  load(archive: TensorArchive, detection: Detection, options?: {readonly running?: boolean}): Promise<LoadedModel>
}

/** Density maps that a checkpoint carries from its own validation run (DAAM-PEFT-paper-code, save_checkpoint). */
export interface SavedMaps {
  /** Mean over the saved epoch's validation batches, (rows, cols), heads one under the other. */
  readonly density: Float32Array
  readonly axes: MapAxes
  /** How many maps were averaged (the last n entries), and how many the file holds. */
  readonly used: number
  readonly held: number
  /** Per-sample maps where the file keeps them (the variant-B re-run), (samples, rows, cols); else null. */
  readonly perSample: {readonly count: number; readonly density: Float32Array} | null
}
