import {
  anyFloat,
  type Codec,
  decode,
  double,
  float,
  floats,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  pair,
  record,
  refuse,
  text
} from '@/lib/core/codec'
import type {Grid} from '@/lib/core/grid'
import type {MapPlane} from '@/lib/models/family'
import type {
  Axes,
  Caveat,
  ClassDensity,
  Explanation,
  FileIdentity,
  HeadGaussians,
  LayerImportance,
  LintRemark,
  MeasuredRows,
  ModelSummary,
  Provenance,
  SampleSummary,
  ScaleCell,
  Signal
} from './explanation'

/**
 * The explanation as JSON: numbers as float32 with the fewest digits, keys in a fixed order, nothing left to chance.
 */
export const encodeExplanation = (explanation: Explanation): string => explanationCodec.write(explanation)

/**
 * Reads an explanation back, with every field checked: the file may come from anywhere.
 * Throws FormatError that says where and what: "At layers.3.rank: expected a whole number in 1–12, got 13".
 */
export function decodeExplanation(json: string): Explanation {
  const explanation = decode(explanationCodec, json)
  verifyExplanation(explanation)
  return explanation
}

/** Whether the parts of an explanation fit together. Throws FormatError that says where they do not. */
export function verifyExplanation(explanation: Explanation): void {
  verifySizes(explanation)
  verifyLayers(explanation)
}

const mostRows = 1_000_000
const size = integer(1, mostRows)
const index = integer(0, mostRows)
const interval = pair(float)
const flag = nullable(integer())

const gridCodec: Codec<Grid> = {
  ...record<Grid>({rows: size, cols: size, values: floats()}),
  read: (value, path) => {
    const read = record<Grid>({rows: size, cols: size, values: floats()}).read(value, path)
    const wanted = read.rows * read.cols
    return read.values.length === wanted
      ? read
      : refuse(`${path}.values`, `${read.rows} × ${read.cols} = ${wanted} numbers`, Array.from(read.values))
  }
}

const axis: Codec<'batch' | 'time'> = oneOf('batch', 'time')

const family: Codec<ModelSummary['family']> = oneOf(
  'layer-density',
  'layer-density-gqa',
  'density-block',
  'additive-density',
  'density-gate',
  'layer-weights',
  'attention-baseline',
  'lora-adapters',
  'stacked-latent',
  'deformable-audio'
)

const bindings: Codec<Readonly<Record<string, string>>> = {
  write: (value) => JSON.stringify(value),
  read: (value, path) => {
    const pairs = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : null
    if (!pairs) return refuse(path, 'a tensor for each role', value)
    return Object.fromEntries(
      pairs.map(([role, name]) => [text().read(role, path), text().read(name, `${path}.${role}`)])
    )
  }
}

const model = record<ModelSummary>({
  family,
  title: text(),
  at: text(),
  heads: integer(0, mostRows),
  classes: nullable(list(text())),
  parameters: integer(),
  tensorsRead: integer(),
  tensorsTotal: integer(),
  missing: list(text()),
  unused: list(text()),
  accuracy: nullable(float),
  epoch: flag,
  settings: record<ModelSummary['settings']>({
    axes: optional(list(integer(-64, 64))),
    paddingValue: optional(nullable(double)),
    map: optional(pair(size)),
    blockLayer: optional(index),
    layout: optional(axis),
    module: optional(text()),
    queryHeads: optional(size),
    layerMix: optional(oneOf('softmax', 'raw')),
    release: optional(oneOf('2022', '2023')),
    offsetRange: optional(double),
    samplingStrides: optional(list(size)),
    headWidth: optional(size),
    questionOrder: optional(oneOf('forward', 'backward')),
    lstmOutput: optional(oneOf('cell', 'tanh')),
    bindings: optional(bindings),
    family: optional(family),
    heads: optional(size)
  }),
  parts: optional(
    list(
      record<NonNullable<ModelSummary['parts']>[number]>({
        part: text(),
        parameters: integer(),
        kind: oneOf('own', 'compared')
      })
    )
  ),
  others: optional(list(record<NonNullable<ModelSummary['others']>[number]>({at: text(), title: text()})))
})

const plane = record<MapPlane>({
  height: size,
  width: size,
  downName: text(),
  acrossName: text(),
  after: optional(list(text()))
})

const axes = record<Axes>({
  rows: size,
  cols: size,
  rowName: text(),
  colName: text(),
  rowLabels: optional(list(text())),
  plane: optional(plane)
})

const measure = record<MeasuredRows>({
  id: text(),
  title: text(),
  unit: text(),
  scale: oneOf('linear', 'log'),
  means: list(nullable(float)),
  intervals: list(nullable(interval)),
  untrained: nullable(list(nullable(float)))
})

const head = record<HeadGaussians>({
  head: index,
  rows: nullable(pair(index)),
  kind: oneOf('feature', 'component', 'mixture'),
  offset: floats(anyFloat),
  spread: floats(anyFloat),
  variance: floats(anyFloat),
  offsetZ: nullable(floats(anyFloat)),
  effective: nullable(
    record<NonNullable<HeadGaussians['effective']>>({
      offset: anyFloat,
      variance: anyFloat,
      offsetZ: nullable(anyFloat)
    })
  ),
  reach: nullable(float),
  initialVariance: float,
  heights: optional(floats(anyFloat)),
  initialHeight: optional(float)
})

const layer = record<LayerImportance>({
  layer: index,
  head: index,
  importance: float,
  interval: nullable(interval),
  share: float,
  density: float,
  rank: size,
  rankInterval: nullable(pair(size)),
  rankInHead: size,
  rankByShare: size,
  untrained: nullable(
    record<NonNullable<LayerImportance['untrained']>>({
      density: float,
      importance: float,
      importanceOwnScale: nullable(float),
      rank: size,
      learned: float,
      learnedInterval: nullable(interval)
    })
  ),
  meanAbsZ: nullable(float)
})

const sample = record<SampleSummary>({
  name: text(),
  label: nullable(index),
  logits: nullable(list(float)),
  probabilities: nullable(list(float))
})

const classDensity = record<ClassDensity>({
  label: index,
  inputs: integer(1),
  rows: floats(),
  density: optional(gridCodec)
})

const caveat = record<Caveat>({
  id: oneOf(
    'geometry',
    'no-null',
    'no-inputs',
    'one-of-several',
    'few-inputs',
    'constant-map',
    'not-finite',
    'unusable-inputs',
    'one-cell-sets-zero',
    'saved-maps',
    'extension',
    'single-layer-heads',
    'spread',
    'idle-heads',
    'last-layer-scale',
    'no-density',
    'layer-weights',
    'mixed-again',
    'questions'
  ),
  text: text()
})

const remark = record<LintRemark>({
  head: nullable(index),
  kind: oneOf(
    'collapsed-spread',
    'exploded-spread',
    'negative-spread',
    'not-finite',
    'duplicate-head',
    'idle-head',
    'offset-beyond-data',
    'components-collapse',
    'constant-map'
  ),
  text: text()
})

const file = record<FileIdentity>({name: text(), size: integer(), sha256: nullable(text(64))})

const provenance = record<Provenance>({
  checkpoint: file,
  inputs: list(file),
  maps: oneOf('inputs', 'saved', 'weights', 'none'),
  samples: integer(),
  savedMaps: optional(record<NonNullable<Provenance['savedMaps']>>({used: integer(), held: integer()})),
  backend: nullable(
    record<NonNullable<Provenance['backend']>>({
      name: oneOf('webgpu', 'wasm', 'cpu'),
      adapter: nullable(text()),
      reason: text()
    })
  ),
  bootstrap: nullable(
    record<NonNullable<Provenance['bootstrap']>>({
      resamples: integer(1),
      seed: integer(-(2 ** 31), 2 ** 32 - 1)
    })
  ),
  app: text()
})

const explanationCodec = record<Explanation>({
  version: oneOf(1),
  model,
  axes: nullable(axes),
  heads: list(head),
  density: nullable(gridCodec),
  nullDensity: nullable(gridCodec),
  densityVariance: optional(gridCodec),
  classDensity: optional(list(classDensity)),
  importance: nullable(gridCodec),
  scale: nullable(interval),
  scaleCell: nullable(record<ScaleCell>({row: index, col: index, moves: float})),
  layers: list(layer),
  agreement: nullable(record<NonNullable<Explanation['agreement']>>({r: float, sameRanks: integer(), of: integer()})),
  signal: nullable(record<Signal>({edges: list(float), counts: gridCodec})),
  measures: optional(list(measure)),
  samples: list(sample),
  caveats: list(caveat),
  lint: optional(list(remark)),
  finding: record<Explanation['finding']>({title: text(), caveat: text(), strong: nullable(text())}),
  provenance
})

// What a picture relies on beyond each field's own kind: the parts must fit together.
function verifySizes({
  axes,
  density,
  nullDensity,
  densityVariance,
  classDensity = [],
  importance,
  scaleCell,
  signal,
  measures = [],
  heads,
  model,
  samples
}: Explanation): void {
  const ofClasses = classDensity.map((own, i) => [`classDensity.${i}.density`, own.density ?? null] as const)
  const maps = [
    ...Object.entries({density, nullDensity, densityVariance: densityVariance ?? null, importance}),
    ...ofClasses
  ]
  for (const [path, found] of maps) {
    if (found === null) continue
    if (axes === null) refuse('axes', `the axes of ${path}`, null)
    if (found.rows !== axes.rows) refuse(`${path}.rows`, `${axes.rows}, as axes.rows says`, found.rows)
    if (found.cols !== axes.cols) refuse(`${path}.cols`, `${axes.cols}, as axes.cols says`, found.cols)
  }
  classDensity.forEach(({label, rows}, i) => {
    if (rows.length !== axes?.rows) {
      refuse(`classDensity.${i}.rows`, `${axes?.rows ?? 0} numbers, as axes.rows says`, Array.from(rows))
    }
    if (model.classes) integer(0, model.classes.length - 1).read(label, `classDensity.${i}.label`)
    if (i > 0 && label <= classDensity[i - 1]!.label) {
      refuse(`classDensity.${i}.label`, 'one above the label before it', label)
    }
  })
  if (scaleCell && axes) {
    integer(0, axes.rows - 1).read(scaleCell.row, 'scaleCell.row')
    integer(0, axes.cols - 1).read(scaleCell.col, 'scaleCell.col')
  }
  if (signal) {
    if (axes && signal.counts.rows !== axes.rows) refuse('signal.counts.rows', `${axes.rows}`, signal.counts.rows)
    if (signal.edges.length !== signal.counts.cols + 1) {
      refuse('signal.edges', `${signal.counts.cols + 1} edges`, signal.edges)
    }
  }
  if (axes) verifyPlane(axes)
  measures.forEach(({means, intervals, untrained}, i) => {
    for (const [name, values] of Object.entries({means, intervals, untrained: untrained ?? means})) {
      if (values.length !== axes?.rows) {
        refuse(`measures.${i}.${name}`, `${axes?.rows ?? 0} of them, as axes.rows says`, values)
      }
    }
  })
  heads.forEach(({rows, offset, spread, variance, offsetZ, heights}, i) => {
    for (const [name, values] of Object.entries({spread, variance, offsetZ, heights: heights ?? null})) {
      if (values && values.length !== offset.length) {
        refuse(`heads.${i}.${name}`, `${offset.length} numbers, as many as offsets`, Array.from(values))
      }
    }
    if (rows && (rows[0] > rows[1] || rows[1] > (axes?.rows ?? mostRows))) {
      refuse(`heads.${i}.rows`, `rows within 0–${axes?.rows ?? mostRows}`, rows)
    }
  })
  samples.forEach(({label}, i) => {
    if (label !== null && model.classes) integer(0, model.classes.length - 1).read(label, `samples.${i}.label`)
  })
}

function verifyPlane({rows, cols, rowLabels, plane}: Axes): void {
  if (rowLabels && rowLabels.length !== rows) refuse('axes.rowLabels', `${rows}, as axes.rows says`, rowLabels)
  if (!plane) return
  const {height, width, after = []} = plane
  if (height * width + after.length !== cols) {
    refuse('axes.plane', `${cols} columns, as axes.cols says`, height * width + after.length)
  }
}

function verifyLayers({layers, axes, heads, importance}: Explanation): void {
  if (layers.length === 0 && importance === null) return
  if (layers.length !== axes?.rows) refuse('layers', `${axes?.rows ?? 0} rows, as axes.rows says`, layers)
  const rank = integer(1, layers.length)
  layers.forEach((row, i) => {
    const path = `layers.${i}`
    if (row.layer !== i) refuse(`${path}.layer`, `${i}`, row.layer)
    integer(0, Math.max(0, heads.length - 1)).read(row.head, `${path}.head`)
    rank.read(row.rank, `${path}.rank`)
    rank.read(row.rankInHead, `${path}.rankInHead`)
    rank.read(row.rankByShare, `${path}.rankByShare`)
    if (row.rankInterval) pair(rank).read(row.rankInterval, `${path}.rankInterval`)
    if (row.untrained) rank.read(row.untrained.rank, `${path}.untrained.rank`)
  })
}
