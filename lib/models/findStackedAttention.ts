import type {FileValue, TensorArchive} from '@/lib/formats/archive'
import type {FoundModule} from './family'
import {indexed, inside, range, split} from './findHeads'
import {encoderAsReleased, encoderInTorch, encoderQuestions, encoderSettings} from './findQuestionEncoder'
import {numberedList} from './numberedList'
import {byKeyIn, type Parameter, parametersOf, shortKey} from './parameterNames'
import {isLatentStack, stateOf, wideOf} from './stackedComplaints'
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

/** Every block that holds a layer of a hop, where at least one of its list has all that tells stacked attention apart. */
function listedStacks(parameters: readonly Parameter[], byKey: ByKey): NamedStack[] {
  const lists = new Map<string, Map<number, string>>()
  const alone: string[] = []
  const told = new Set<string>()
  for (const {key} of parameters) {
    const {parent, leaf} = split(key)
    const block = split(parent)
    if (leaf !== 'weight' || !hopNames.has(block.leaf)) continue
    const at = indexed(block.parent)
    const whole = block.leaf === 'ff_image' && isWhole(byKey, block.parent)
    if (whole) told.add(at ? at.list : block.parent)
    if (at) lists.set(at.list, (lists.get(at.list) ?? new Map<number, string>()).set(at.index, block.parent))
    else if (whole) alone.push(block.parent)
  }
  return [
    ...[...lists].flatMap(([list, numbered]) => {
      const blocks = told.has(list) ? numberedList(numbered) : []
      // Numbered beyond any list, as a file may say.
      if (blocks.length === 0) return []
      return [listedStack(byKey, blocks, split(list).parent, inside(shortKey(list), range(blocks.length)))]
    }),
    ...alone.map((block) =>
      listedStack(byKey, [block], split(block).parent, shortKey(block) || 'ff_image, ff_questions, ff_attention')
    )
  ]
}

const hopNames: ReadonlySet<string> = new Set(['ff_image', ...questionNames, 'ff_attention', 'ff_latent'])

/** Attention of other kinds has layers of these names too; the three together are what tells. */
const isWhole = (byKey: ByKey, block: string): boolean =>
  [['ff_image'], questionNames, ['ff_attention']].every((names) => firstWith(byKey, block, names) !== undefined)

/** The blocks of a stack, by their paths; what stands before and behind them is looked for beside their list. */
function listedStack(byKey: ByKey, blocks: readonly (string | undefined)[], beside: string, at: string): NamedStack {
  const layer = (role: string, path: string): NamedLayer => ({
    role,
    key: `${path}.weight`,
    weight: byKey.get(`${path}.weight`),
    bias: byKey.get(`${path}.bias`)
  })
  const stream = (name: StreamName): NamedStream => ({
    name,
    projection: layer(projectionRole(name), inside(beside, name === 'regions' ? 'image' : 'words')),
    hops: blocks.map((block, hop) => {
      if (block === undefined) return undefined
      const of = (part: HopLayer) => {
        const names = leaves[name][part]
        return layer(hopRole(hop, name, part), firstWith(byKey, block, names) ?? inside(block, names[0]!))
      }
      return {look: of('look'), ask: of('ask'), carry: of('carry'), point: of('point')}
    })
  })
  const twin = blocks.some((block) => block !== undefined && byKey.has(inside(block, 'ff_words.weight')))
  const streams = twin ? [stream('regions'), stream('words')] : [stream('regions')]
  const form = 'paper'
  const state = stateOf({streams, form}) ?? 0
  const answers = answerNames.map((name) => layer(answerRole, inside(beside, name))).filter(({weight}) => weight)
  const fitting = [state, wideOf({streams, form})]
  const fits = (own: NamedLayer) => fitting.includes(sizesOf(own, form)?.[0] ?? -1)
  const answer = answers.find(fits) ?? answers[0] ?? layer(answerRole, inside(beside, answerRole))
  const encoder = encoderInTorch({byKey, beside, state})
  return {form, at, streams, answer, encoder, latent: isLatentStack({streams, form, answer})}
}

const firstWith = (byKey: ByKey, block: string, names: readonly string[]): string | undefined =>
  names.map((name) => inside(block, name)).find((path) => byKey.has(`${path}.weight`))

// As released

/** `params.image_att_mlp_1_w` and its like; weights are (in, out). */
function releasedStacks(parameters: readonly Parameter[], byKey: ByKey, contents: FileValue): NamedStack[] {
  const parents = new Map<string, Map<number, true>>()
  const told = new Set<string>()
  for (const {key} of parameters) {
    const {parent, leaf} = split(key)
    const [, layer, number] = /^(image|sent|combined)_att_mlp_([1-9]\d{0,5})_w$/.exec(leaf) ?? []
    if (number === undefined) continue
    if (layer === 'image' && byKey.has(inside(parent, `combined_att_mlp_${number}_w`))) told.add(parent)
    parents.set(parent, (parents.get(parent) ?? new Map<number, true>()).set(Number(number) - 1, true))
  }
  return [...parents].flatMap(([parent, numbers]) => {
    const numbered = told.has(parent) ? numberedList(numbers) : []
    if (numbered.length === 0) return []
    const layer = (role: string, name: string): NamedLayer => ({
      role,
      key: inside(parent, `${name}_w`),
      weight: byKey.get(inside(parent, `${name}_w`)),
      bias: byKey.get(inside(parent, `${name}_b`))
    })
    const hops = numbered.map((there, hop) => {
      if (!there) return undefined
      const of = (part: HopLayer, name: string) => layer(hopRole(hop, 'regions', part), name)
      return {
        look: of('look', `image_att_mlp_${hop + 1}`),
        ask: of('ask', `sent_att_mlp_${hop + 1}`),
        carry: {role: hopRole(hop, 'regions', 'carry'), key: '', weight: undefined, bias: undefined},
        point: of('point', `combined_att_mlp_${hop + 1}`)
      }
    })
    const streams = [{name: 'regions', projection: layer(projectionRole('regions'), 'image_mlp'), hops}] as const
    const state = stateOf({streams, form: 'released'}) ?? 0
    return {
      form: 'released' as const,
      at: inside(shortKey(parent), `image_att_mlp_${hops.length > 1 ? `1–${hops.length}` : '1'}`),
      streams,
      answer: layer(answerRole, 'combined_mlp_0'),
      encoder: encoderAsReleased({byKey, beside: parent, state}, contents),
      latent: false
    }
  })
}
