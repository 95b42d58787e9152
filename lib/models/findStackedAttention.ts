import type {FileValue, TensorArchive} from '@/lib/formats/archive'
import type {FoundModule} from './family'
import {indexed, inside, range, split} from './findHeads'
import {encoderAsReleased, encoderInTorch, encoderQuestions, encoderSettings} from './findQuestionEncoder'
import {numberedList} from './numberedList'
import {byKeyIn, type Parameter, parametersOf, shortKey} from './parameterNames'
import {stackedDetection} from './stackedDetection'
import {
  answerRole,
  type HopLayer,
  hopRole,
  type NamedLayer,
  type NamedStack,
  type NamedStream,
  projectionRole,
  type StreamName,
  sizesOf,
  stackTitle
} from './stackedLayout'

type ByKey = ReadonlyMap<string, Parameter>

/**
 * Finds stacked attention: `ff_image`, `ff_questions` (or `ff_ques`) and `ff_attention` of each hop, alone or in a list,
 * as SAN is commonly written in PyTorch; `image_att_mlp_1_w` and so on, as in the code released with it (imageqa-san);
 * and our own layout of stacked latent attention, which adds `ff_latent`, and `ff_words` and so on for a second stream
 * (docs/stacked-latent.md), each with its question encoder where it is one that runs here. One module per stack, in file
 * order.
 */
export function findStackedAttention(archive: TensorArchive): FoundModule[] {
  const parameters = parametersOf(archive)
  const byKey = byKeyIn(parameters)
  return [...listedStacks(parameters, byKey), ...releasedStacks(parameters, byKey, archive.contents)].map((stack) => ({
    title: stackTitle(stack),
    at: stack.at,
    detect: (asked) => {
      const settings = stack.encoder ? encoderSettings(stack.encoder, asked) : asked
      const questions = stack.encoder ? encoderQuestions(stack.encoder, settings) : []
      return {...stackedDetection(stack, parameters), settings, questions}
    }
  }))
}

// In PyTorch

const questionNames = ['ff_questions', 'ff_ques', 'ff_question']
const answerNames = ['answer', 'classifier', 'fc', 'output', 'mlp', 'mlp.0', 'mlp.1', 'mlp.2', 'mlp.3']

const leaves: Readonly<Record<StreamName, Readonly<Record<HopLayer, readonly string[]>>>> = {
  regions: {look: ['ff_image'], ask: questionNames, carry: ['ff_latent'], point: ['ff_attention']},
  words: {look: ['ff_words'], ask: ['ff_words_questions'], carry: ['ff_words_latent'], point: ['ff_words_attention']}
}

function listedStacks(parameters: readonly Parameter[], byKey: ByKey): NamedStack[] {
  const lists = new Map<string, Map<number, string>>()
  const alone: string[] = []
  for (const {key} of parameters) {
    const {parent, leaf} = split(key)
    const block = split(parent)
    if (leaf !== 'weight' || block.leaf !== 'ff_image') continue
    // Attention of other kinds has layers of this name too; the three together are what tells.
    const {ask, point} = leaves.regions
    if (![ask, point].every((names) => firstWith(byKey, block.parent, names) !== undefined)) continue
    const at = indexed(block.parent)
    if (at) lists.set(at.list, (lists.get(at.list) ?? new Map<number, string>()).set(at.index, block.parent))
    else alone.push(block.parent)
  }
  return [
    ...[...lists].flatMap(([list, numbered]) => {
      const blocks = numberedList(numbered)
      // Numbered beyond any list, as a file may say.
      if (blocks.length === 0) return []
      return [listedStack(byKey, blocks, split(list).parent, inside(shortKey(list), range(blocks.length)))]
    }),
    ...alone.map((block) =>
      listedStack(byKey, [block], split(block).parent, shortKey(block) || 'ff_image, ff_questions, ff_attention')
    )
  ]
}

/** The blocks of a stack, by their paths; what stands before and behind them is looked for beside their list. */
function listedStack(byKey: ByKey, blocks: readonly (string | undefined)[], beside: string, at: string): NamedStack {
  const layer = (role: string, path: string | undefined): NamedLayer => ({
    role,
    weight: byKey.get(`${path}.weight`),
    bias: byKey.get(`${path}.bias`)
  })
  const stream = (name: StreamName): NamedStream => ({
    name,
    projection: layer(projectionRole(name), inside(beside, name === 'regions' ? 'image' : 'words')),
    hops: blocks.map((block, hop) => {
      if (block === undefined) return undefined
      const of = (part: HopLayer) => layer(hopRole(hop, name, part), firstWith(byKey, block, leaves[name][part]))
      return {look: of('look'), ask: of('ask'), carry: of('carry'), point: of('point')}
    })
  })
  const twin = blocks.some((block) => block !== undefined && byKey.has(inside(block, 'ff_words.weight')))
  const streams = twin ? [stream('regions'), stream('words')] : [stream('regions')]
  const [state, wide] = readSizes(streams)
  const answer = answerNames
    .map((name) => layer(answerRole, inside(beside, name)))
    .find((found) => [state, wide].includes(sizesOf(found, 'paper')?.[0] ?? -1))
  const carries = streams.some(({hops}) => hops.some((hop) => hop?.carry.weight !== undefined))
  const latent = carries || (answer !== undefined && sizesOf(answer, 'paper')?.[0] === wide)
  const encoder = encoderInTorch({byKey, beside, state})
  return {form: 'paper', at, streams, answer: answer ?? layer(answerRole, undefined), encoder, latent}
}

const firstWith = (byKey: ByKey, block: string, names: readonly string[]): string | undefined =>
  names.map((name) => inside(block, name)).find((path) => byKey.has(`${path}.weight`))

/** What the answer reads: the state, and for latent attention the last hop's latent states beside it. */
function readSizes(streams: readonly NamedStream[]): readonly [state: number, wide: number] {
  const sizes = streams.map(({hops}) => {
    const last = hops.at(-1)
    return (last && sizesOf(last.look, 'paper')) ?? [0, 0]
  })
  const state = sizes[0]![0]
  return [state, sizes.reduce((sum, [, width]) => sum + width, state)]
}

// As released

/** `params.image_att_mlp_1_w` and its like; weights are (in, out). */
function releasedStacks(parameters: readonly Parameter[], byKey: ByKey, contents: FileValue): NamedStack[] {
  const parents = new Map<string, Map<number, true>>()
  for (const {key} of parameters) {
    const {parent, leaf} = split(key)
    const number = /^image_att_mlp_([1-9]\d{0,5})_w$/.exec(leaf)
    if (number === null || !byKey.has(inside(parent, `combined_att_mlp_${number[1]}_w`))) continue
    parents.set(parent, (parents.get(parent) ?? new Map<number, true>()).set(Number(number[1]) - 1, true))
  }
  return [...parents].map(([parent, numbers]) => {
    const layer = (role: string, name: string): NamedLayer => ({
      role,
      weight: byKey.get(inside(parent, `${name}_w`)),
      bias: byKey.get(inside(parent, `${name}_b`))
    })
    const hops = numberedList(numbers).map((there, hop) => {
      if (!there) return undefined
      const of = (part: HopLayer, name: string) => layer(hopRole(hop, 'regions', part), name)
      return {
        look: of('look', `image_att_mlp_${hop + 1}`),
        ask: of('ask', `sent_att_mlp_${hop + 1}`),
        carry: {role: hopRole(hop, 'regions', 'carry'), weight: undefined, bias: undefined},
        point: of('point', `combined_att_mlp_${hop + 1}`)
      }
    })
    const state = hops.find((hop) => hop !== undefined)?.ask.weight?.entry.shape[0] ?? 0
    return {
      form: 'released',
      at: inside(shortKey(parent), `image_att_mlp_${hops.length > 1 ? `1–${hops.length}` : '1'}`),
      streams: [{name: 'regions', projection: layer(projectionRole('regions'), 'image_mlp'), hops}],
      answer: layer(answerRole, 'combined_mlp_0'),
      encoder: encoderAsReleased({byKey, beside: parent, state}, contents),
      latent: false
    }
  })
}
