import {joinedValues} from '@/lib/core/joinedValues'
import type {ClassDensity, Explanation, MeasuredRows} from '@/lib/explain/explanation'
import type {NamedArray} from '@/lib/formats/npzBytes'

/** What an explanation gives the NPZ: maps, ranking, measures and Gaussians, each where there are any. */
export function explanationArrays({
  importance,
  density,
  densityVariance,
  classDensity = [],
  layers,
  heads,
  measures = []
}: Explanation): NamedArray[] {
  const maps = Object.entries({importance, density, density_variance: densityVariance ?? null}).flatMap(
    ([name, found]) => (found ? [{name, shape: [found.rows, found.cols], values: found.values}] : [])
  )
  const ranked = {
    name: 'layer_importance',
    shape: [layers.length],
    values: Float32Array.from(layers, (layer) => layer.importance)
  }
  return [
    ...maps,
    ...ofClasses(classDensity),
    ...(layers.length > 0 ? [ranked] : []),
    ...measures.flatMap(measured),
    ...(heads.length === 0
      ? []
      : [
          stackedHeads(
            'mean_offset',
            heads.map(({offset}) => offset)
          ),
          stackedHeads(
            'scaled_variance',
            heads.map(({spread}) => spread)
          )
        ])
  ]
}

/** `entropy` and `untrained_entropy`, (rows); NaN where a row has none. */
function measured({id, means, untrained}: MeasuredRows): NamedArray[] {
  const name = id.replace(/[^\p{L}\p{N}]+/gu, '_')
  const array = (own: string, values: MeasuredRows['means']): NamedArray => ({
    name: own,
    shape: [values.length],
    values: Float32Array.from(values, (value) => value ?? Number.NaN)
  })
  return [array(name, means), ...(untrained ? [array(`untrained_${name}`, untrained)] : [])]
}

/** Mean density by true class, and which classes those are; nothing where not each has its map. */
function ofClasses(classes: readonly ClassDensity[]): NamedArray[] {
  const maps = classes.flatMap(({density}) => (density ? [density] : []))
  const [first] = maps
  if (!first || maps.length < classes.length) return []
  return [
    {
      name: 'class_density',
      shape: [maps.length, first.rows, first.cols],
      values: joinedValues(maps.map(({values}) => values))
    },
    {name: 'class_labels', shape: [maps.length], values: Float32Array.from(classes, ({label}) => label)}
  ]
}

const stackedHeads = (name: string, rows: readonly Float32Array[]): NamedArray => ({
  name,
  shape: [rows.length, rows[0]?.length ?? 0],
  values: joinedValues(rows)
})

/**
 * What single inputs give the NPZ: `sample_density`, (rows, cols) of each input, and `logits` where every input has its
 * own. `maps` are the density maps of all inputs, in their order; null where they are not at hand.
 */
export function sampleArrays({samples, axes}: Explanation, maps: readonly Float32Array[] | null): NamedArray[] {
  const logits = samples.flatMap((sample) => (sample.logits ? [Float32Array.from(sample.logits)] : []))
  const classes = logits[0]?.length ?? 0
  const even = classes > 0 && logits.length === samples.length && logits.every(({length}) => length === classes)
  return [
    ...(maps && axes
      ? [{name: 'sample_density', shape: [maps.length, axes.rows, axes.cols], values: joinedValues(maps)}]
      : []),
    ...(even ? [{name: 'logits', shape: [logits.length, classes], values: joinedValues(logits)}] : [])
  ]
}
