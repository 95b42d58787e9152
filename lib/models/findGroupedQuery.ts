import {ShapeError} from '@/lib/core/errors'
import type {Binding, OpenQuestion, PartCount, Settings} from './family'
import {scopesOf} from './findConvHead'
import {byKeyIn, type Parameter, shortKey} from './parameterNames'
import {counted} from './partCounts'
import {bindingOf} from './readBound'
import {sameShape, shapeText} from './shape'

/**
 * Grouped-query attention between the heads and the classifier, as a state dict holds it (DAAM-PEFT-paper-code,
 * GQDAAM).
 */
export interface FoundGroupedQuery {
  /** Numbers per layer that it takes and gives: 512 in everything published. */
  readonly embed: number
  /** Width of keys and values: embed × kv heads / query heads. */
  readonly keyWidth: number
  readonly bindings: readonly Binding[]
  readonly taken: readonly Parameter[]
  readonly parts: readonly PartCount[]
  /** What it does without, as sentences. */
  readonly missing: readonly string[]
  /** Why it cannot run, as a sentence; null when it can. */
  readonly broken: string | null
}

const linears = ['embed_transform', 'gqa.q_proj', 'gqa.k_proj', 'gqa.v_proj', 'gqa.out_proj'] as const
export type GroupedQueryLinear = (typeof linears)[number]

/** Looks for it beside the heads at `path`, in their nearest enclosing module first; null where there is none. */
export function findGroupedQuery(
  parameters: readonly Parameter[],
  path: string,
  features: number
): FoundGroupedQuery | null {
  const byKey = byKeyIn(parameters)
  const scope = scopesOf(path).find((at) => byKey.has(`${at}gqa.q_proj.weight`))
  if (scope === undefined) return null
  const held = (name: string) => byKey.get(scope + name)
  const names = [...linears, 'gqa.norm'].flatMap((module) => [`${module}.weight`, `${module}.bias`])
  const taken = names.flatMap((name) => held(name) ?? [])
  const shape = (name: string) => held(name)?.entry.shape ?? null
  const [embed = 0] = shape('gqa.q_proj.weight')!
  const [keyWidth = 0] = shape('gqa.k_proj.weight') ?? []
  return {
    embed,
    keyWidth,
    bindings: names.flatMap((name) => {
      const parameter = held(name)
      return parameter ? [bindingOf(groupedRole(name), parameter)] : []
    }),
    taken,
    parts: [
      counted(
        'grouped-query attention',
        taken.filter(({key}) => shortKey(key).includes('gqa.'))
      ),
      counted(
        'embedding',
        taken.filter(({key}) => shortKey(key).includes('embed_transform.'))
      )
    ],
    missing: [
      ...linears
        .filter((module) => shape(`${module}.weight`) && !shape(`${module}.bias`))
        .map((module) => `${module}.bias: absent, taken as zero`),
      ...(shape('gqa.norm.weight') ? [] : ['gqa.norm.weight: absent, so there is no layer norm before out_proj'])
    ],
    broken: complaint(shape, {embed, keyWidth, features})
  }
}

/** `gqa.q_proj.weight` fills the role `gqa q_proj weight`. */
export const groupedRole = (name: string): string => name.replaceAll('.', ' ')

function complaint(
  shape: (name: string) => readonly number[] | null,
  {embed, keyWidth, features}: {embed: number; keyWidth: number; features: number}
): string | null {
  const needed: Record<GroupedQueryLinear, readonly [number, number]> = {
    embed_transform: [embed, features],
    'gqa.q_proj': [embed, embed],
    'gqa.k_proj': [keyWidth, embed],
    'gqa.v_proj': [keyWidth, embed],
    'gqa.out_proj': [embed, keyWidth]
  }
  for (const module of linears) {
    const found = shape(`${module}.weight`)
    if (!found) return `${module}.weight: absent, so grouped-query attention cannot run and there is no prediction`
    if (!sameShape(found, needed[module]))
      return `${module}.weight is ${shapeText(found)}; ${shapeText(needed[module])} is needed, so no prediction`
  }
  return keyWidth > 0 && embed % keyWidth === 0
    ? null
    : `gqa.k_proj.weight gives ${keyWidth} numbers; a whole part of ${embed} is needed, so no prediction`
}

/** The most query heads for which each key head has at least one number. */
const possibleHeads = ({embed, keyWidth}: FoundGroupedQuery): number[] => {
  const groups = embed / keyWidth
  const counts = Array.from({length: keyWidth}, (_, i) => (i + 1) * groups)
  return counts.filter((heads) => embed % heads === 0)
}

/** Query heads in force: 8 as published, where they fit. Throws ShapeError for a count that does not. */
export function queryHeadsOf(found: FoundGroupedQuery, {queryHeads}: Settings): number | null {
  if (found.broken) return null
  const possible = possibleHeads(found)
  if (queryHeads !== undefined && !possible.includes(queryHeads))
    throw new ShapeError(
      `${queryHeads} query heads were asked for; ${found.embed} numbers with keys of ${found.keyWidth} allow ${possible.join(', ')}`
    )
  return queryHeads ?? (possible.includes(8) ? 8 : possible[0]!)
}

/** Asks for the head count, which no shape tells. The published class wants 8 to 128 numbers per head, in eights. */
export function queryHeadsQuestion(found: FoundGroupedQuery, chosen: number): OpenQuestion[] {
  const usual = possibleHeads(found).filter((heads) => {
    const width = found.embed / heads
    return heads === chosen || (width % 8 === 0 && width <= 128)
  })
  if (usual.length < 2) return []
  const keyHeads = (heads: number) => (heads * found.keyWidth) / found.embed
  return [
    {
      setting: 'queryHeads',
      text: 'How many query heads does the grouped-query attention have?',
      options: usual.map((heads) => ({
        label: `${heads}, with ${keyHeads(heads)} for keys and values`,
        value: {queryHeads: heads}
      })),
      chosen: usual.indexOf(chosen)
    }
  ]
}

/**
 * The fold of the published scripts: heads × width for speech (8 × 64), the other way round for text, whose mechanism
 * is called gct.
 */
export function publishedFold(
  {embed}: FoundGroupedQuery,
  {path}: {readonly path: string},
  queryHeads: number | null
): readonly [number, number] | undefined {
  if (queryHeads === null || embed % queryHeads !== 0) return undefined
  const width = embed / queryHeads
  return /(^|\.)gct(\.|$)/.test(path) ? [width, queryHeads] : [queryHeads, width]
}
