import type {TensorArchive} from '@/lib/formats/archive'
import type {Binding, Detection, OpenQuestion, Settings} from './family'
import {type FoundHead, findConvHead} from './findConvHead'
import {type FoundPair, findPairs, indexed, inside, range, split} from './findHeads'
import {foldOf, foldQuestion} from './mapFold'
import {type Parameter, parametersOf, shortKey} from './parameterNames'
import {countNumbers, sameShape, shapeText} from './shape'

/** A block as found: layers of heads of K Gaussians. */
interface Block {
  readonly path: string
  /** block layer → head; holes where a list skips a number. */
  readonly layers: readonly (readonly (FoundPair | undefined)[])[]
  /** How deep the nesting is: a whole block has residual layers, its parts have none. */
  readonly kind: 'block' | 'heads' | 'head'
}

/** How each kind is called, in a detection too. */
export const blockTitles = {
  block: 'density block',
  heads: 'density attention heads',
  head: 'density attention, one head'
} as const

/** What other published mechanisms hold beside mean_offsets (Gaussian-Adaptive-Attention of January 2024, Density-Adaptive-JEPA, clustering-anchored-jepa). */
const otherForms: readonly (readonly [pattern: RegExp, form: string])[] = [
  [/(^|\.)gaatn(_gate)?\./, 'a gate or clamped log-space block (gaatn)'],
  [/(^|\.)log_sigma$/, 'a stabilised density gate (log_sigma)'],
  [/(^|\.)log_scale$/, 'a density gate (log_scale)'],
  [/(^|\.)fixed_weights$/, 'the additive form of January 2024 (fixed_weights)'],
  [/(^|\.)weights$/, 'the additive form of January 2024 (weights)']
]

/**
 * Recognises `….layers.{l}.attention_heads.{h}.mean_offsets` beside `.c`, or a part of it (Gaussian-Adaptive-Attention, GaussianBlock), and the
 * classifier that goes with it, if one does.
 */
export function findBlock(archive: TensorArchive, settings: Settings): Detection | null {
  const parameters = parametersOf(archive)
  const pairs = findPairs(parameters, 'mean_offsets').filter(({path}) => otherForm(parameters, path) === null)
  const [block, ...others] = blocksOf(pairs)
    .map((found) => ({...found, head: headBeside(parameters, found)}))
    .sort((a, b) => Number(b.head.shape !== null) - Number(a.head.shape !== null) || weight(b) - weight(a))
  if (!block) return null

  const {layers, head} = block
  const all = layers.flat().filter((pair) => pair !== undefined)
  const taken = [...all.flatMap(({offset, spread}) => [offset, spread]), ...head.taken]
  const fold = head.shape && foldOf(head.shape.features, settings)
  const inForce: Settings = {
    ...settings,
    axes: spreadOver(settings.axes ?? [-1], layers.length),
    paddingValue: settings.paddingValue ?? null,
    blockLayer: settings.blockLayer ?? 0,
    ...(fold ? {map: fold} : {})
  }
  return {
    family: 'density-block',
    title: blockTitles[block.kind],
    at: nameOf(block),
    bindings: [
      ...layers.flatMap((heads, layer) => heads.flatMap(bindingsOf(layers.length > 1 ? layer : null))),
      ...head.bindings
    ],
    missing: [
      ...headComplaints(layers),
      ...head.missing,
      ...others.map((other) => `${nameOf(other)}: another block, which is not shown`)
    ],
    unused: parameters.filter((parameter) => !taken.includes(parameter)).map(({key}) => shortKey(key)),
    headCount: layers[inForce.blockLayer!]?.length ?? layers[0]!.length,
    layers: head.layers,
    features: null,
    classCount: head.classCount,
    parameters: countNumbers(taken.map(({entry}) => entry)),
    questions: [
      ...questionsOf(layers.length, inForce),
      ...(fold && head.shape ? foldQuestion(head.shape.features, fold) : [])
    ],
    settings: inForce
  }
}

/** Which other mechanism this archive holds, as a clause; null for none. */
export function findOtherForm(archive: TensorArchive): string | null {
  const parameters = parametersOf(archive)
  for (const {key} of parameters) {
    const {parent, leaf} = split(key)
    if (leaf !== 'mean_offsets' && leaf !== 'delta') continue
    const form = otherForm(parameters, parent)
    if (form) return `${shortKey(key)} belongs to ${form}, which is not read.`
  }
  return null
}

function otherForm(parameters: readonly Parameter[], path: string): string | null {
  const held = parameters.filter(({key}) => split(key).parent === path)
  return otherForms.find(([pattern]) => held.some(({key}) => pattern.test(key)))?.[1] ?? null
}

/** Block layers normalise one axis each; the last one given stands for the rest. */
export const spreadOver = (axes: readonly number[], layers: number): number[] =>
  Array.from({length: Math.max(layers, axes.length)}, (_, layer) => axes[layer] ?? axes.at(-1) ?? -1)

function blocksOf(pairs: readonly FoundPair[]): Block[] {
  const found = new Map<string, {kind: Block['kind']; path: string; layers: (FoundPair | undefined)[][]}>()
  for (const pair of pairs) {
    const place = placeOf(pair.path)
    if (!place) continue
    const {kind, path, layer, head} = place
    const at = `${kind} ${path}`
    const block = found.get(at) ?? {kind, path, layers: []}
    while (block.layers.length <= layer) block.layers.push([])
    const heads = block.layers[layer]!
    while (heads.length <= head) heads.push(undefined)
    heads[head] = pair
    found.set(at, block)
  }
  return [...found.values()]
}

/** Where a head stands; null for numbers that no block reaches, and lists that are called something else. */
function placeOf(path: string): {kind: Block['kind']; path: string; layer: number; head: number} | null {
  const head = indexed(path)
  if (!head) return {kind: 'head', path, layer: 0, head: 0}
  const {parent, leaf} = split(head.list)
  if (leaf !== 'attention_heads' || head.index >= 4096) return null
  const layer = indexed(parent)
  if (!layer || split(layer.list).leaf !== 'layers') return {kind: 'heads', path: parent, layer: 0, head: head.index}
  return layer.index < 4096
    ? {kind: 'block', path: split(layer.list).parent, layer: layer.index, head: head.index}
    : null
}

const weight = ({layers}: Block): number => layers.reduce((sum, heads) => sum + heads.length, 0)

function nameOf({kind, path, layers}: Block): string {
  const short = shortKey(path)
  if (kind === 'head') return short || 'mean_offsets, c'
  const heads = `attention_heads.${range(layers[0]!.length)}`
  return inside(short, kind === 'block' ? `layers.${range(layers.length)}.${heads}` : heads)
}

// Every name on the way down to a head counts as an enclosing module.
const headBeside = (parameters: readonly Parameter[], {path}: Block): FoundHead =>
  findConvHead(parameters, inside(path, 'layers'), {heads: 1, features: null, between: null})

const bindingsOf =
  (layer: number | null) =>
  (pair: FoundPair | undefined, head: number): Binding[] => {
    const role = layer === null ? `head ${head}` : `layer ${layer} head ${head}`
    return pair
      ? [
          {role: `${role} mean offsets`, name: pair.offset.entry.name, shape: pair.offset.entry.shape},
          {role: `${role} spreads`, name: pair.spread.entry.name, shape: pair.spread.entry.shape}
        ]
      : []
  }

/** Why the heads themselves cannot be used, as sentences; none when they can. */
function headComplaints(layers: Block['layers']): string[] {
  return layers.flatMap((heads, layer) => {
    if (heads.length === 0) return [`head 0 of layer ${layer}: no mean_offsets and c`]
    return Array.from(heads, (pair, head) => {
      const name = `head ${head} of layer ${layer}`
      if (!pair) return [`${name}: no mean_offsets and c`]
      const [offset, spread] = [pair.offset.entry.shape, pair.spread.entry.shape]
      if (sameShape(offset, spread) && spread.length === 1 && spread[0]! > 0) return []
      return [`${name}: mean_offsets is ${shapeText(offset)} and c is ${shapeText(spread)}; both must be (Gaussians)`]
    }).flat()
  })
}

function questionsOf(layers: number, {axes = [], paddingValue, blockLayer = 0}: Settings): OpenQuestion[] {
  const candidates = [-1, -2, -3, 1, 0].map((axis) => spreadOver([axis], layers))
  const axesOffered = withChosen(candidates, axes)
  const paddingOffered = withChosen<number | null>([null, 0, -1], paddingValue ?? null)
  const questions: OpenQuestion[] = [
    {
      setting: 'axes',
      text: layers > 1 ? 'Which axis does each layer of the block normalise?' : 'Which axis does the block normalise?',
      options: axesOffered.map((value) => ({label: axisLabel(value), value: {axes: value}})),
      chosen: axesOffered.findIndex((value) => value.join() === axes.join())
    },
    {
      setting: 'paddingValue',
      text: 'Which value marks padding in the inputs?',
      options: paddingOffered.map((value) => ({
        label: value === null ? 'none' : String(value),
        value: {paddingValue: value}
      })),
      chosen: paddingOffered.indexOf(paddingValue ?? null)
    }
  ]
  if (layers < 2) return questions
  const shown: OpenQuestion = {
    setting: 'blockLayer',
    text: 'Which layer of the block is shown?',
    options: Array.from({length: layers}, (_, layer) => ({label: `layer ${layer}`, value: {blockLayer: layer}})),
    chosen: blockLayer
  }
  return [...questions, shown]
}

function withChosen<T>(candidates: readonly T[], chosen: T): T[] {
  return candidates.some((candidate) => String(candidate) === String(chosen))
    ? [...candidates]
    : [...candidates, chosen]
}

function axisLabel(axes: readonly number[]): string {
  const same = axes.every((axis) => axis === axes[0])
  if (!same) return `axes ${axes.join(', ')}`
  const names: Record<string, string> = {'-1': 'last axis (−1)', '-2': 'last but one (−2)', '0': 'first axis (0)'}
  return names[String(axes[0])] ?? `axis ${String(axes[0]).replace('-', '−')}`
}
