import {count as numeral} from '@/lib/core/number'
import type {TensorArchive} from '@/lib/formats/archive'
import type {BlockFormName} from './blockForm'
import type {Binding, Detection, FoundModule, ModuleDetection, OpenQuestion, Settings} from './family'
import {fewSentences} from './fewSentences'
import {type FoundHead, findConvHead} from './findConvHead'
import {type FoundPair, findPairs, indexed, inside, range, split} from './findHeads'
import {foldOf, foldQuestion} from './mapFold'
import {mostGaussians} from './mostDrawn'
import {numberedList} from './numberedList'
import {byKeyIn, type Parameter, parametersOf, shortKey, unusedOf} from './parameterNames'
import {partsOf} from './partCounts'
import {bindingOf} from './readBound'
import {countNumbers, sameShape, shapeText} from './shape'

/** A head as found: `weights` stands beside it where its Gaussians are added. */
interface BlockPair extends FoundPair {
  readonly form: BlockFormName
  readonly weights: {readonly role: 'weights' | 'fixed weights'; readonly parameter: Parameter} | null
}

/** A block as found: layers of heads of K Gaussians. */
interface Block {
  readonly path: string
  readonly form: BlockFormName
  /** What the list of heads is called. */
  readonly list: string
  /** block layer → head; holes where a list skips a number. */
  readonly layers: readonly (readonly (BlockPair | undefined)[])[]
  /** How deep the nesting is: a whole block has residual layers, its parts have none. */
  readonly kind: 'block' | 'heads' | 'head'
}

/** How each form and kind is called, in a detection too. */
const titles: Readonly<Record<BlockFormName, Readonly<Record<Block['kind'], string>>>> = {
  product: {block: 'density block', heads: 'density attention heads', head: 'density attention, one head'},
  clamped: {
    block: 'density block in clamped log space',
    heads: 'density attention heads in clamped log space',
    head: 'density attention in clamped log space, one head'
  },
  additive: {
    block: 'additive density block',
    heads: 'additive density attention heads',
    head: 'additive density attention, one head'
  }
}

/** Which form a detection of ours is of. */
export const formOf = ({title}: Detection): BlockFormName =>
  (Object.keys(titles) as BlockFormName[]).find((form) => Object.values(titles[form]).includes(title))!

/** A whole block adds each layer's input to its output. */
export const isResidual = (detection: Detection): boolean => detection.title === titles[formOf(detection)].block

/**
 * Finds `….layers.{l}.attention_heads.{h}.mean_offsets` beside `.c`, or a part of it (Gaussian-Adaptive-Attention,
 * GaussianBlock), and the classifier that goes with it, if one does. `weights` beside them makes the additive form; a
 * module called gaatn, or a list called heads, the clamped one (clustering-anchored-jepa). The likeliest comes first.
 */
export function findBlocks(archive: TensorArchive, forms: readonly BlockFormName[]): FoundModule[] {
  const parameters = parametersOf(archive)
  return blocksOf(pairsOf(parameters).filter(({form}) => forms.includes(form)))
    .map((found) => ({...found, head: headBeside(parameters, found)}))
    .sort((a, b) => Number(b.head.shape !== null) - Number(a.head.shape !== null) || weight(b) - weight(a))
    .map((found) => ({
      title: titles[found.form][found.kind],
      at: nameOf(found),
      detect: (settings) => detectionOf(found, parameters, settings)
    }))
}

function detectionOf(
  block: Block & {readonly head: FoundHead},
  parameters: readonly Parameter[],
  settings: Settings
): ModuleDetection {
  const {layers, head} = block
  const all = layers.flat().filter((pair) => pair !== undefined)
  const own = all.flatMap(({offset, spread, weights}) => [offset, spread, ...(weights ? [weights.parameter] : [])])
  const taken = [...own, ...head.taken]
  const fold = head.shape && foldOf(head.shape.features, settings)
  const inForce: Settings = {
    ...settings,
    axes: spreadOver(settings.axes ?? [-1], layers.length),
    paddingValue: settings.paddingValue ?? null,
    blockLayer: settings.blockLayer ?? 0,
    ...(fold ? {map: fold} : {})
  }
  return {
    family: block.form === 'additive' ? 'additive-density' : 'density-block',
    title: titles[block.form][block.kind],
    at: nameOf(block),
    bindings: [
      ...layers.flatMap((heads, layer) => heads.flatMap(bindingsOf(layers.length > 1 ? layer : null))),
      ...head.bindings
    ],
    missing: [...headComplaints(layers), ...head.missing],
    unused: unusedOf(parameters, taken),
    headCount: layers[inForce.blockLayer!]?.length ?? layers[0]!.length,
    layers: head.layers,
    features: null,
    classCount: head.classCount,
    parameters: countNumbers(taken.map(({entry}) => entry)),
    parts: partsOf('density heads', own, head.taken),
    questions: [
      ...questionsOf(layers.length, inForce),
      ...(fold && head.shape ? foldQuestion(head.shape.features, fold) : [])
    ],
    settings: inForce
  }
}

function pairsOf(parameters: readonly Parameter[]): BlockPair[] {
  const byKey = byKeyIn(parameters)
  // A gate's offsets, whatever else stands beside them.
  const isGate = ({path}: FoundPair) => ['log_sigma', 'log_scale'].some((leaf) => byKey.has(inside(path, leaf)))
  const pairs = findPairs(parameters, 'mean_offsets').filter((pair) => !isGate(pair))
  return pairs.map((pair) => {
    const learned = byKey.get(inside(pair.path, 'weights'))
    const fixed = byKey.get(inside(pair.path, 'fixed_weights'))
    const parameter = learned ?? fixed
    const weights = parameter ? ({role: learned ? 'weights' : 'fixed weights', parameter} as const) : null
    const clamped = /(^|\.)(gaatn\.|heads\.\d+$)/.test(pair.path)
    return {...pair, weights, form: weights ? 'additive' : clamped ? 'clamped' : 'product'}
  })
}

/** Block layers normalise one axis each; the last one given stands for the rest. */
export const spreadOver = (axes: readonly number[], layers: number): number[] =>
  Array.from({length: Math.max(layers, axes.length)}, (_, layer) => axes[layer] ?? axes.at(-1) ?? -1)

/** Heads by block layer and number, as they are met. */
type Growing = Omit<Block, 'layers'> & {readonly layers: Map<number, Map<number, BlockPair>>}

function blocksOf(pairs: readonly BlockPair[]): Block[] {
  const found = new Map<string, Growing>()
  for (const pair of pairs) {
    const place = placeOf(pair.path)
    if (!place) continue
    const {kind, path, list, layer, head} = place
    const at = `${kind} ${path} ${list}`
    const block: Growing = found.get(at) ?? {kind, path, list, form: pair.form, layers: new Map()}
    block.layers.set(layer, (block.layers.get(layer) ?? new Map<number, BlockPair>()).set(head, pair))
    found.set(at, block)
  }
  const whole = [...found.values()].map((block) => ({
    ...block,
    layers: numberedList(block.layers).map((heads) => (heads ? numberedList(heads) : []))
  }))
  return whole.filter(({layers}) => layers.flat().length > 0)
}

interface Place {
  readonly kind: Block['kind']
  readonly path: string
  readonly list: string
  readonly layer: number
  readonly head: number
}

/** Where a head stands; null for lists that are called something else. */
function placeOf(path: string): Place | null {
  const head = indexed(path)
  if (!head) return {kind: 'head', path, list: '', layer: 0, head: 0}
  const {parent, leaf: list} = split(head.list)
  if (!/^(attention_)?heads$/.test(list)) return null
  const layer = indexed(parent)
  if (!layer || split(layer.list).leaf !== 'layers')
    return {kind: 'heads', path: parent, list, layer: 0, head: head.index}
  return {kind: 'block', path: split(layer.list).parent, list, layer: layer.index, head: head.index}
}

const weight = ({layers}: Block): number => layers.reduce((sum, heads) => sum + heads.length, 0)

function nameOf({kind, path, list, layers}: Block): string {
  const short = shortKey(path)
  if (kind === 'head') return short || 'mean_offsets, c'
  const heads = `${list}.${range(layers[0]!.length)}`
  return inside(short, kind === 'block' ? `layers.${range(layers.length)}.${heads}` : heads)
}

// Every name on the way down to a head counts as an enclosing module.
const headBeside = (parameters: readonly Parameter[], {path}: Block): FoundHead =>
  findConvHead(parameters, inside(path, 'layers'), {heads: 1, features: null, between: null})

const bindingsOf =
  (layer: number | null) =>
  (pair: BlockPair | undefined, head: number): Binding[] => {
    const role = layer === null ? `head ${head}` : `layer ${layer} head ${head}`
    return pair
      ? [
          {role: `${role} mean offsets`, name: pair.offset.entry.name, shape: pair.offset.entry.shape},
          {role: `${role} spreads`, name: pair.spread.entry.name, shape: pair.spread.entry.shape},
          ...(pair.weights ? [bindingOf(`${role} ${pair.weights.role}`, pair.weights.parameter)] : [])
        ]
      : []
  }

/** Why the heads themselves cannot be used, as sentences; none when they can. */
function headComplaints(layers: Block['layers']): string[] {
  const sentences = layers.flatMap((heads, layer) => {
    if (heads.length === 0) return [`head 0 of layer ${layer}: no mean_offsets and c`]
    return Array.from(heads, (pair, head) => {
      const name = `head ${head} of layer ${layer}`
      if (!pair) return [`${name}: no mean_offsets and c`]
      const [offset, spread] = [pair.offset.entry.shape, pair.spread.entry.shape]
      const weights = pair.weights?.parameter.entry.shape ?? offset
      if (sameShape(offset, spread) && sameShape(offset, weights) && spread.length === 1 && spread[0]! > 0)
        return spread[0]! <= mostGaussians
          ? []
          : [`${name}: c is ${shapeText(spread)}; at most ${numeral(mostGaussians)} Gaussians can be drawn`]
      if (!sameShape(offset, weights))
        return [
          `${name}: mean_offsets is ${shapeText(offset)} and its weights are ${shapeText(weights)}; both must be (Gaussians)`
        ]
      return [`${name}: mean_offsets is ${shapeText(offset)} and c is ${shapeText(spread)}; both must be (Gaussians)`]
    }).flat()
  })
  return fewSentences(sentences)
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
