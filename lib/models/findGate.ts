import {count as numeral} from '@/lib/core/number'
import type {TensorArchive} from '@/lib/formats/archive'
import type {FoundModule, ModuleDetection, Settings} from './family'
import {inside, split} from './findHeads'
import {mostGaussians} from './mostDrawn'
import {byKeyIn, type Parameter, parametersOf, shortKey, unusedOf} from './parameterNames'
import {counted} from './partCounts'
import {bindingOf} from './readBound'
import {countNumbers, sameShape, shapeText, sizeOf} from './shape'

/**
 * The two layouts of the gate: its authors', and one by others (papers cite both; the arithmetic differs in three
 * places).
 */
export type GateLayout = 'log-sigma' | 'log-scale'

interface Names {
  readonly projection: string
  readonly offsets: string
  readonly spreads: string
  readonly title: string
}

export const gateNames: Readonly<Record<GateLayout, Names>> = {
  'log-sigma': {
    projection: 'to_attn',
    offsets: 'gaa.mean_offsets',
    spreads: 'gaa.log_sigma',
    title: 'density gate'
  },
  'log-scale': {projection: 'proj', offsets: 'delta', spreads: 'log_scale', title: 'density gate over slots'}
}

/** Which layout a detection of ours is of. */
export const layoutOf = (title: string): GateLayout =>
  title === gateNames['log-scale'].title ? 'log-scale' : 'log-sigma'

interface Gate {
  readonly layout: GateLayout
  readonly path: string
  readonly offsets: Parameter
  readonly spreads: Parameter
  readonly projection: Parameter
  readonly bias: Parameter | undefined
  readonly alpha: Parameter | undefined
}

/**
 * Finds `….to_attn.weight` beside `….gaa.mean_offsets` and `….gaa.log_sigma` (Density-Adaptive-JEPA, GAttnGateG), and
 * the
 * layout `proj.weight`, `delta`, `log_scale`. One module per gate, in file order.
 */
export function findGates(archive: TensorArchive): FoundModule[] {
  const parameters = parametersOf(archive)
  return gatesOf(parameters).map((gate) => ({
    title: gateNames[gate.layout].title,
    at: shortKey(gate.path) || 'proj, delta, log_scale',
    detect: (settings) => detectionOf(gate, parameters, settings)
  }))
}

function gatesOf(parameters: readonly Parameter[]): Gate[] {
  const byKey = byKeyIn(parameters)
  return parameters.flatMap((spreads) => {
    for (const layout of ['log-sigma', 'log-scale'] as const) {
      const names = gateNames[layout]
      const path = pathBefore(spreads.key, names.spreads)
      if (path === null) continue
      const offsets = byKey.get(inside(path, names.offsets))
      const projection = byKey.get(inside(path, `${names.projection}.weight`))
      if (!offsets || !projection) continue
      const bias = byKey.get(inside(path, `${names.projection}.bias`))
      return [{layout, path, offsets, spreads, projection, bias, alpha: byKey.get(inside(path, 'alpha'))}]
    }
    return []
  })
}

/** `a.b.gaa.log_sigma` stands in `a.b` before `gaa.log_sigma`; null when it ends otherwise. */
function pathBefore(key: string, ending: string): string | null {
  if (key === ending) return ''
  return key.endsWith(`.${ending}`) ? key.slice(0, -ending.length - 1) : null
}

function detectionOf(gate: Gate, parameters: readonly Parameter[], settings: Settings): ModuleDetection {
  const {layout, offsets, spreads, projection, bias, alpha} = gate
  const gaussians = [offsets, spreads]
  const rest = [projection, ...(bias ? [bias] : []), ...(alpha ? [alpha] : [])]
  const taken = [...gaussians, ...rest]
  const masks = layout === 'log-scale'
  return {
    family: 'density-gate',
    title: gateNames[layout].title,
    at: shortKey(gate.path) || 'proj, delta, log_scale',
    bindings: [
      bindingOf('mean offsets', offsets),
      bindingOf('log spreads', spreads),
      bindingOf('projection weight', projection),
      ...(bias ? [bindingOf('projection bias', bias)] : []),
      ...(alpha ? [bindingOf('strength', alpha)] : [])
    ],
    missing: complaints(gate),
    unused: unusedOf(parameters, taken),
    headCount: 1,
    layers: null,
    features: projection.entry.shape[1] ?? null,
    classCount: null,
    parameters: countNumbers(taken.map(({entry}) => entry)),
    parts: [counted('Gaussians', gaussians), counted('projection and strength', rest)],
    questions: masks ? [paddingQuestion(settings)] : [],
    settings: {...settings, ...(masks ? {paddingValue: settings.paddingValue ?? null} : {})}
  }
}

function complaints({offsets, spreads, projection, alpha}: Gate): string[] {
  const [offset, spread, weight] = [offsets, spreads, projection].map(({entry}) => entry.shape) as [
    readonly number[],
    readonly number[],
    readonly number[]
  ]
  const name = ({key}: Parameter) => split(key).leaf
  const equal = sameShape(offset, spread) && offset.length === 1 && sizeOf(offset) > 0
  return [
    ...(equal && sizeOf(offset) > mostGaussians
      ? [`gate: ${name(offsets)} is ${shapeText(offset)}; at most ${numeral(mostGaussians)} Gaussians can be drawn`]
      : []),
    ...(equal
      ? []
      : [
          `gate: ${name(offsets)} is ${shapeText(offset)} and ${name(spreads)} is ${shapeText(spread)}; both must be (Gaussians)`
        ]),
    ...(weight[0] === 1 && sizeOf(weight) === weight[1] && sizeOf(weight) > 0
      ? []
      : [`gate: the projection is ${shapeText(weight)}; (1, channels, 1) is needed`]),
    ...(alpha ? [] : ['alpha: absent, so the strength is taken as 0.05, with which training begins'])
  ]
}

function paddingQuestion({paddingValue = null}: Settings): ModuleDetection['questions'][number] {
  const offered = [null, 0, ...(paddingValue === null || paddingValue === 0 ? [] : [paddingValue])]
  return {
    setting: 'paddingValue',
    text: 'Which value fills the slots that are padding?',
    options: offered.map((value) => ({label: value === null ? 'none' : String(value), value: {paddingValue: value}})),
    chosen: offered.indexOf(paddingValue)
  }
}
