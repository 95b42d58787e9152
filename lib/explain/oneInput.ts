import {type Grid, grid} from '@/lib/core/grid'
import {fixed} from '@/lib/core/number'
import type {Axes, Explanation, LayerImportance, Signal} from './explanation'
import {likeness} from './finding'
import {agreementOf, importanceFactor, scaleCellOf, scaleOf} from './importance'
import {runs} from './words'

/** One input's own density map (rows, cols), that of the untrained module, its z, and the importance of its rows. */
export interface OneInput {
  readonly density: Grid
  readonly untrained: Grid
  readonly layers: readonly LayerImportance[]
  readonly signal: Signal | null
  /** Of its maps, for a checkpoint that has been explained without inputs. */
  readonly axes?: Axes
}

/**
 * The explanation as this input alone gives it, for the same figure: model and Gaussians stay, the map and the ranking
 * are the input's. The published formula averages maps over inputs first, so the finding says that this ranking is not
 * the checkpoint's.
 */
export function oneInput(explanation: Explanation, input: OneInput): Explanation {
  const {density, untrained, layers, signal} = input
  const {densityVariance: _, classDensity: __, ...rest} = explanation
  const axes = explanation.axes ?? input.axes ?? null
  const {rows, cols, values} = density
  const importance = importanceFactor(values)
  return {
    ...rest,
    axes,
    density,
    nullDensity: untrained,
    importance: importance && grid(rows, cols, importance),
    scale: scaleOf(values),
    scaleCell: scaleCellOf(values, cols),
    layers,
    agreement: agreementOf(layers),
    signal,
    finding: findingOf({...explanation, axes}, input),
    provenance: {...explanation.provenance, maps: 'inputs', samples: 1, bootstrap: null}
  }
}

function findingOf(explanation: Explanation, input: OneInput): Explanation['finding'] {
  const {layers} = input
  const name = explanation.axes?.rowName ?? 'layer'
  const strong = 'One input’s ranking is not the checkpoint’s'
  const of = explanation.provenance.samples
  const theirs = of > 1 ? firsts(explanation.layers, ({rank}) => rank) : []
  const whole = theirs.length > 0 ? `: over its ${of} inputs ${subject(name, theirs)}. ` : '. '
  return {title: titleOf(name, input), caveat: `${strong}${whole}${untrained(name, layers)}`.trim(), strong}
}

function titleOf(name: string, {density, layers}: OneInput): string {
  if (!density.values.every(Number.isFinite)) return `This input alone: no ${name} leads, its map is not finite`
  if (layers.length === 0) return `This input alone: no ${name} leads, its map is constant`
  const own = firsts(layers, ({rank}) => rank)
  const twins = firsts(layers, ({untrained}) => untrained?.rank)
  const same = own.join() === twins.join()
  const twin =
    twins.length === 0 ? '' : same ? ', and would without training' : `; untrained, ${subject(name, twins, 'would')}`
  return `This input alone: ${subject(name, own)}${twin}`
}

function untrained(name: string, layers: readonly LayerImportance[]): string {
  const agreement = agreementOf(layers)
  if (!agreement) return ''
  const {r, sameRanks, of} = agreement
  const facts = `r = ${fixed(r, 3)}, ${sameRanks} of ${of} the same`
  return `Untrained, its ${name}s rank ${likeness(r)} (${facts}).`
}

/** `layer 5 leads`, `layers 1 and 2 lead`. */
const subject = (name: string, rows: readonly number[], verb = rows.length > 1 ? 'lead' : 'leads') =>
  `${name}${rows.length > 1 ? 's' : ''} ${runs(rows)} ${verb}`

// One-based.
const firsts = (layers: readonly LayerImportance[], rankOf: (layer: LayerImportance) => number | undefined) =>
  layers.filter((layer) => rankOf(layer) === 1).map(({layer}) => layer + 1)
