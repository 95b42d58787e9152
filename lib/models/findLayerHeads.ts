import type {TensorArchive} from '@/lib/formats/archive'
import type {Binding, Detection, Settings} from './family'
import {type FoundHead, findConvHead} from './findConvHead'
import {type FoundPair, findPairs, indexed, inside, range} from './findHeads'
import {foldOf, foldQuestion} from './mapFold'
import {type Parameter, parametersOf, shortKey} from './parameterNames'
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

/** Recognises `….{h}.c` beside `….{h}.mean_offset` (arXiv 2401.11143v4, Algorithm 1) and the classifier that goes with it. */
export function findLayerHeads(archive: TensorArchive, settings: Settings): Detection | null {
  const parameters = parametersOf(archive)
  const [group, ...others] = groupsOf(findPairs(parameters, 'mean_offset'))
    .map((found) => ({...found, head: headBeside(parameters, found)}))
    .sort((a, b) => Number(b.head.shape !== null) - Number(a.head.shape !== null) || b.heads.length - a.heads.length)
  if (!group) return null

  const features = featuresOf(group)
  const {head} = group
  const headCount = group.heads.length
  const pairs = group.heads.filter((pair) => pair !== undefined)
  const taken = [...pairs.flatMap(({offset, spread}) => [offset, spread]), ...head.taken]
  const saved = layersFromMaps(archive, {headCount, features, layers: head.layers})
  const fold = head.shape && foldOf(features, settings)
  return {
    family: 'layer-density',
    title: 'density attention over layers',
    at: shortKey(group.inList ? inside(group.path, range(headCount)) : group.path) || 'c, mean_offset',
    bindings: [...group.heads.flatMap(bindingsOf), ...head.bindings],
    missing: [
      ...headComplaints(group, features),
      ...head.missing,
      ...saved.missing,
      ...others.map(({path, heads}) => `${shortKey(path)}: ${heads.length} more heads, which are not shown`)
    ],
    unused: parameters.filter((parameter) => !taken.includes(parameter)).map(({key}) => shortKey(key)),
    headCount,
    layers: head.layers ?? saved.layers,
    features,
    classCount: head.classCount,
    parameters: countNumbers(taken.map(({entry}) => entry)),
    questions: fold ? foldQuestion(features, fold) : [],
    settings: {...settings, ...(fold ? {map: fold} : {})}
  }
}

/** Why the heads themselves cannot be used, as sentences; none when they can. */
function headComplaints({path, heads}: Group, features: number): string[] {
  return heads.flatMap((pair, head) => {
    if (!pair) return [`head ${head}: no c and mean_offset at ${inside(shortKey(path), String(head))}`]
    const [offset, spread] = [pair.offset.entry.shape, pair.spread.entry.shape]
    if (!sameShape(offset, spread))
      return [`head ${head}: mean_offset is ${shapeText(offset)} and c is ${shapeText(spread)}; they must be equal`]
    return sizeOf(spread) === features ? [] : [`head ${head}: ${sizeOf(spread)} features, head 0 has ${features}`]
  })
}

function groupsOf(pairs: readonly FoundPair[]): Group[] {
  const lists = new Map<string, (FoundPair | undefined)[]>()
  const alone: Group[] = []
  for (const pair of pairs) {
    const at = indexed(pair.path)
    if (!at) alone.push({path: pair.path, heads: [pair], inList: false})
    // A number no model reaches: somebody's name for something else.
    else if (at.index < 4096) {
      const heads = lists.get(at.list) ?? []
      while (heads.length <= at.index) heads.push(undefined)
      heads[at.index] = pair
      lists.set(at.list, heads)
    }
  }
  return [...[...lists].map(([path, heads]) => ({path, heads, inList: true})), ...alone]
}

const featuresOf = ({heads}: Group): number => sizeOf(heads.find((pair) => pair !== undefined)!.spread.entry.shape)

function headBeside(parameters: readonly Parameter[], group: Group): FoundHead {
  const grouped = parameters.some(({key}) => /(^|\.)gqa\.q_proj\.weight$/.test(key))
  return findConvHead(parameters, inside(group.path, '0'), {
    heads: group.heads.length,
    features: featuresOf(group),
    between: grouped ? 'gqa: grouped-query attention follows the heads and is not run, so no prediction' : null
  })
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
