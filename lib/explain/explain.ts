import {grid} from '@/lib/core/grid'
import {softmax} from '@/lib/core/statistics'
import type {HeadParameters, MapAxes} from '@/lib/models/family'
import type {Accumulated} from './accumulate'
import type {Bootstrap} from './bootstrap'
import {caveatsOf, type RefusedSample} from './caveats'
import type {Axes, ClassDensity, Explanation, Interval, ModelSummary, Provenance, SampleSummary} from './explanation'
import {findingOf} from './finding'
import {headGaussians} from './gaussians'
import {agreementOf, importanceFactor, layerImportances, scaleCellOf, scaleOf} from './importance'
import {lintOf} from './lint'
import type {Unusable} from './unusable'

/** What an input is called, and its class where it came with labels. */
export interface SampleName {
  readonly name: string
  /** Index into classes. */
  readonly label: number | null
}

/** Where the density maps came from, and what they come down to. `numbers` is null when none was finite. */
export type Maps =
  | {
      readonly from: 'inputs'
      readonly numbers: Accumulated | null
      readonly names: readonly SampleName[]
      readonly unusable?: Unusable
      /** Inputs among those left out that the model could not use, and why, by their number over all. */
      readonly refused?: readonly RefusedSample[]
      /** What a reader has to know of how the inputs were made, in whole sentences. */
      readonly note?: string
    }
  | {readonly from: 'saved'; readonly numbers: Accumulated | null; readonly used: number; readonly held: number}
  | {readonly from: 'weights'; readonly numbers: Accumulated}
  | {readonly from: 'none'}

export interface ExplanationParts {
  readonly model: ModelSummary
  /** All heads of the checkpoint; for a block, those of the block layer in `model.settings` are shown. */
  readonly heads: readonly HeadParameters[]
  /** The map's size as far as the checkpoint tells it; maps know their own. */
  readonly axes: MapAxes | null
  /** Which part of its checkpoint this is, where it is no whole one. */
  readonly shard?: string | null
  readonly maps: Maps
  /** Null before it has run, or when it cannot: then there are no intervals. */
  readonly bootstrap?: Bootstrap | null
  readonly provenance: Omit<Provenance, 'maps' | 'samples' | 'savedMaps' | 'bootstrap'>
}

/** The whole explanation, from parameters and from whatever maps there are. */
export function explanation(parts: ExplanationParts): Explanation {
  const {model, maps, bootstrap = null, provenance} = parts
  const numbers = maps.from === 'none' ? null : maps.numbers
  const axes = numbers?.axes ?? parts.axes
  const blockLayer = model.settings.blockLayer ?? 0
  const shown = parts.heads.filter((head) => head.blockLayer === blockLayer)
  const heads = headGaussians(shown, axes, numbers?.deviation ?? null)
  // Weights are importance as they stand; densities are put on the map's own scale.
  const scale = numbers && (maps.from === 'weights' ? asTheyStand : scaleOf(numbers.density))
  const pictures = mapsOf(numbers, scale, maps.from)
  const layers = numbers ? layerImportances(numbers, bootstrap?.intervals ?? null, scale) : []
  const summary = {
    axes: axes && axesOf(axes),
    heads,
    ...pictures,
    ...spreadOf(numbers),
    layers,
    agreement: agreementOf(layers)
  }
  const measures = numbers && numbers.measures.length > 0 ? {measures: numbers.measures} : {}
  const facts = {...summary, maps: maps.from, inputs: maps.from === 'inputs' ? (numbers?.count ?? 0) : 0}
  const own = {family: model.family, title: model.title, missing: model.missing, parts: model.parts ?? []}
  const saved = maps.from === 'saved' ? {used: maps.used, held: maps.held} : null

  return {
    version: 1,
    model,
    ...summary,
    signal: numbers?.signal ?? null,
    ...measures,
    samples: maps.from === 'inputs' ? sampleSummaries(maps.names, numbers?.logits ?? null) : [],
    caveats: caveatsOf({
      ...facts,
      ...own,
      shard: parts.shard ?? null,
      leftOut: leftOutOf(maps),
      unusable: maps.from === 'inputs' ? (maps.unusable ?? null) : null,
      refused: maps.from === 'inputs' ? (maps.refused ?? []) : [],
      note: maps.from === 'inputs' ? (maps.note ?? null) : null,
      saved
    }),
    lint: lintOf({...summary, ...measures, maps: maps.from}),
    finding: findingOf({...facts, model, savedMaps: saved?.used ?? 0}),
    provenance: {
      ...provenance,
      maps: maps.from,
      samples: numbers?.count ?? 0,
      ...(saved ? {savedMaps: saved} : {}),
      bootstrap: bootstrap && {resamples: bootstrap.resamples, seed: bootstrap.seed}
    }
  }
}

const axesOf = ({rows, cols, rowName, colName, rowLabels, plane}: MapAxes): Axes => ({
  rows,
  cols,
  rowName,
  colName,
  ...(rowLabels ? {rowLabels} : {}),
  ...(plane ? {plane} : {})
})

/** What importance 0 and 1 stand for where a number is its own importance. */
const asTheyStand: Interval = [0, 1]

function mapsOf(
  numbers: Accumulated | null,
  scale: Interval | null,
  from: Maps['from']
): Pick<Explanation, 'density' | 'nullDensity' | 'importance' | 'scale' | 'scaleCell'> {
  if (numbers === null) return {density: null, nullDensity: null, importance: null, scale: null, scaleCell: null}
  const {rows, cols} = numbers.axes
  const importance = importanceFactor(numbers.density, scale)
  return {
    density: grid(rows, cols, Float32Array.from(numbers.density)),
    nullDensity: numbers.untrained && grid(rows, cols, Float32Array.from(numbers.untrained)),
    importance: importance && grid(rows, cols, importance),
    scale,
    scaleCell: from === 'weights' ? null : scaleCellOf(numbers.density, cols)
  }
}

/** Numbers that the maps of all classes together may be. */
const mostClassCells = 131_072

function spreadOf(numbers: Accumulated | null): Pick<Explanation, 'densityVariance' | 'classDensity'> {
  if (numbers === null) return {}
  const {variance, classes, axes} = numbers
  const mapped = classes.length * axes.rows * axes.cols <= mostClassCells
  const classDensity = classes.map(
    ({label, count, rowMeans, density}): ClassDensity => ({
      label,
      inputs: count,
      rows: Float32Array.from(rowMeans),
      ...(mapped && density ? {density: grid(axes.rows, axes.cols, Float32Array.from(density))} : {})
    })
  )
  return {
    ...(variance ? {densityVariance: grid(axes.rows, axes.cols, Float32Array.from(variance))} : {}),
    ...(classes.length > 0 ? {classDensity} : {})
  }
}

// With no finite input at all there are no numbers, and every input was left out.
function leftOutOf(maps: Maps): readonly number[] {
  if (maps.from === 'none') return []
  if (maps.numbers) return maps.numbers.leftOut
  return maps.from === 'inputs' ? maps.names.map((_, index) => index) : []
}

function sampleSummaries(names: readonly SampleName[], logits: Accumulated['logits']): SampleSummary[] {
  return names.map(({name, label}, index) => {
    const own = logits?.[index] ?? null
    // A logit that is not finite has no probabilities, and no number in a file either.
    const finite = own?.every(Number.isFinite) ? own : null
    return {name, label, logits: finite, probabilities: finite && softmax(finite)}
  })
}
