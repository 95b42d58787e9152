import type {TensorArchive} from '@/lib/formats/archive'
import type {Binding, FoundModule, ModuleDetection, Settings} from './family'
import {fewSentences} from './fewSentences'
import {type FoundHead, findConvHead} from './findConvHead'
import {
  type FoundGroupedQuery,
  findGroupedQuery,
  publishedFold,
  queryHeadsOf,
  queryHeadsQuestion
} from './findGroupedQuery'
import {type FoundPair, findPairs, indexed, inside, range} from './findHeads'
import {foldOf, foldQuestion} from './mapFold'
import {numberedList} from './numberedList'
import {type Parameter, parametersOf, shortKey, unusedOf} from './parameterNames'
import {partsOf} from './partCounts'
import {savedEntries, savedLayers} from './savedEntries'
import {countNumbers, sameShape, shapeText, sizeOf} from './shape'

/** Heads that belong together: one ModuleList, or a single head that stands alone. */
interface Group {
  /** Path of the list, or of the lone head. */
  readonly path: string
  /** By head; a hole where the list skips a number. */
  readonly heads: readonly (FoundPair | undefined)[]
  readonly inList: boolean
}

/** A group of heads with what stands beside it. */
interface Beside extends Group {
  readonly head: FoundHead
  readonly grouped: FoundGroupedQuery | null
}

/**
 * Finds `….{h}.c` beside `….{h}.mean_offset` (arXiv 2401.11143v4, Algorithm 1) and the classifier that goes with it;
 * `followed` by grouped-query attention, or not. The likeliest comes first.
 */
export function findLayerHeads(archive: TensorArchive, followed: boolean): FoundModule[] {
  const parameters = parametersOf(archive)
  return groupsOf(findPairs(parameters, 'mean_offset'))
    .map((group) => beside(parameters, group))
    .filter(({grouped}) => (grouped !== null) === followed)
    .sort((a, b) => Number(b.head.shape !== null) - Number(a.head.shape !== null) || b.heads.length - a.heads.length)
    .map((group) => ({
      title: titleOf(group),
      at: nameOf(group),
      detect: (settings) => detectionOf(archive, parameters, group, settings)
    }))
}

const titleOf = ({grouped}: Beside): string =>
  grouped ? 'density attention over layers with grouped-query attention' : 'density attention over layers'

const nameOf = ({path, inList, heads}: Group): string =>
  shortKey(inList ? inside(path, range(heads.length)) : path) || 'c, mean_offset'

function detectionOf(
  archive: TensorArchive,
  parameters: readonly Parameter[],
  group: Beside,
  settings: Settings
): ModuleDetection {
  const {head, grouped} = group
  const features = featuresOf(group)
  const headCount = group.heads.length
  const pairs = group.heads.filter((pair) => pair !== undefined).flatMap(({offset, spread}) => [offset, spread])
  const between = grouped?.taken ?? []
  const taken = [...pairs, ...between, ...head.taken]
  const saved = layersFromMaps(archive, {headCount, features, layers: head.layers})
  const queryHeads = grouped && queryHeadsOf(grouped, settings)
  const asked = {...settings, map: settings.map ?? (grouped ? publishedFold(grouped, group, queryHeads!) : undefined)}
  const fold = head.shape && foldOf(head.shape.features, asked.map ? {map: asked.map} : {})
  return {
    family: grouped ? 'layer-density-gqa' : 'layer-density',
    title: titleOf(group),
    at: nameOf(group),
    bindings: [...group.heads.flatMap(bindingsOf), ...(grouped?.bindings ?? []), ...head.bindings],
    missing: [...headComplaints(group, features), ...(grouped?.missing ?? []), ...head.missing, ...saved.missing],
    unused: unusedOf(parameters, taken),
    headCount,
    layers: head.layers ?? saved.layers,
    features,
    classCount: head.classCount,
    parameters: countNumbers(taken.map(({entry}) => entry)),
    parts: [...partsOf('density heads', pairs), ...(grouped ? grouped.parts : []), ...partsOf('', [], head.taken)],
    questions: [
      ...(grouped && queryHeads ? queryHeadsQuestion(grouped, queryHeads) : []),
      ...(fold ? foldQuestion(head.shape!.features, fold) : [])
    ],
    settings: {...settings, ...(fold ? {map: fold} : {}), ...(queryHeads ? {queryHeads} : {})}
  }
}

/** Why the heads themselves cannot be used, as sentences; none when they can. */
function headComplaints({path, heads}: Group, features: number): string[] {
  const sentences = heads.flatMap((pair, head) => {
    if (!pair) return [`head ${head}: no c and mean_offset at ${inside(shortKey(path), String(head))}`]
    const [offset, spread] = [pair.offset.entry.shape, pair.spread.entry.shape]
    if (!sameShape(offset, spread))
      return [`head ${head}: mean_offset is ${shapeText(offset)} and c is ${shapeText(spread)}; they must be equal`]
    return sizeOf(spread) === features ? [] : [`head ${head}: ${sizeOf(spread)} features, head 0 has ${features}`]
  })
  return fewSentences(sentences)
}

function groupsOf(pairs: readonly FoundPair[]): Group[] {
  const lists = new Map<string, Map<number, FoundPair>>()
  const alone: Group[] = []
  for (const pair of pairs) {
    const at = indexed(pair.path)
    if (!at) alone.push({path: pair.path, heads: [pair], inList: false})
    else lists.set(at.list, (lists.get(at.list) ?? new Map<number, FoundPair>()).set(at.index, pair))
  }
  const inLists = [...lists].map(([path, heads]) => ({path, heads: numberedList(heads), inList: true}))
  return [...inLists.filter(({heads}) => heads.length > 0), ...alone]
}

const featuresOf = ({heads}: Group): number => sizeOf(heads.find((pair) => pair !== undefined)!.spread.entry.shape)

function beside(parameters: readonly Parameter[], group: Group): Beside {
  const path = inside(group.path, '0')
  const features = featuresOf(group)
  const grouped = findGroupedQuery(parameters, path, features)
  const front = {heads: group.heads.length, features: grouped ? grouped.embed : features}
  const head = findConvHead(parameters, path, {...front, between: grouped?.broken ?? null})
  return {...group, grouped, head: grouped && !head.shape ? withReason(head, grouped) : head}
}

// The published CIFAR-100 script folds each layer's 512 numbers into 32 × 32 and gives fc the features it had before.
function withReason(head: FoundHead, {embed}: FoundGroupedQuery): FoundHead {
  const wide = /^fc\.weight is .*need \d+ columns/.test(head.missing[0] ?? '')
  if (!wide) return head
  const reason =
    `grouped-query attention leaves ${embed} numbers per layer, and the classifier was built for another count: this ` +
    'model cannot run as published (the CIFAR-100 script), only its densities can be drawn'
  return {...head, missing: [...head.missing, reason]}
}

const bindingsOf = (pair: FoundPair | undefined, head: number): Binding[] =>
  pair
    ? [
        {role: `head ${head} mean offset`, name: pair.offset.entry.name, shape: pair.offset.entry.shape},
        {role: `head ${head} scaled variance`, name: pair.spread.entry.name, shape: pair.spread.entry.shape}
      ]
    : []

function layersFromMaps(
  archive: TensorArchive,
  model: {headCount: number; features: number; layers: number | null}
): {readonly layers: number | null; readonly missing: readonly string[]} {
  const saved = savedEntries(archive)
  if (saved?.kind !== 'batch-means') return {layers: null, missing: []}
  const layers = savedLayers(saved.heads, model)
  return typeof layers === 'string' ? {layers: null, missing: [layers]} : {layers, missing: []}
}
