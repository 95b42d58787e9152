import type {Filled, HandRole, RoleCheck} from './handRole'
import type {Parameter} from './parameterNames'
import {shapeText} from './shape'
import {isLatentStack, stackComplaints} from './stackedComplaints'
import {
  answerRole,
  type HopLayer,
  hopLayers,
  hopRole,
  type NamedLayer,
  type NamedStack,
  projectionRole,
  type StreamName
} from './stackedLayout'

/** What the tensors that are bound tell of the stack they make up. */
export interface HandStack {
  /** Weights are (in, out), as in the released code: what points has one column. */
  readonly released: boolean
  /** A second stream, over words. */
  readonly words: boolean
  /** Latent states are carried on. */
  readonly latent: boolean
}

/** Reads that off the shapes of what fills the roles so far, whose names are `bound`. */
export function handStackOf(hops: number, bound: readonly string[], filled: Filled): HandStack {
  const [rows, columns] = filled(`${hopRole(0, 'regions', 'point')} weight`)?.shape ?? []
  const released = columns === 1 && rows !== 1
  const words = !released && bound.some((role) => / words /.test(role) && filled(role) !== undefined)
  return {released, words, latent: stackBoundTo(hops, {released, words}, filled).latent}
}

const layerTitles: Readonly<Record<HopLayer, string>> = {look: 'image', ask: 'sent', carry: '', point: 'combined'}

const leaves: Readonly<Record<StreamName, Readonly<Record<HopLayer, string>>>> = {
  regions: {look: 'ff_image', ask: 'ff_questions', carry: 'ff_latent', point: 'ff_attention'},
  words: {look: 'ff_words', ask: 'ff_words_questions', carry: 'ff_words_latent', point: 'ff_words_attention'}
}

/** The roles of a stack: the layers of its hops, then what stands before and behind them. */
export function stackRoles(hops: number, {released, words, latent}: HandStack): HandRole[] {
  const shape = (outputs: string, inputs: string) => (released ? `(${inputs}, ${outputs})` : `(${outputs}, ${inputs})`)
  const both = (role: string, key: string, needed: boolean, outputs: string, inputs: string): HandRole[] => [
    {role: `${role} weight`, key: released ? `${key}_w` : `${key}.weight`, needed, shape: shape(outputs, inputs)},
    {role: `${role} bias`, key: released ? `${key}_b` : `${key}.bias`, needed: false, shape: `(${outputs})`}
  ]
  const hop = (stream: StreamName, index: number): HandRole[] =>
    hopLayers.flatMap((layer) => {
      const role = hopRole(index, stream, layer)
      const key = released ? `${layerTitles[layer]}_att_mlp_${index + 1}` : `hops.${index}.${leaves[stream][layer]}`
      if (layer !== 'carry')
        return both(role, key, true, layer === 'point' ? '1' : 'latent', layer === 'point' ? 'latent' : 'state')
      // Only stacked latent attention has one, and no bias; in the first hop there is nothing to carry.
      return index === 0 || released ? [] : both(role, key, latent, 'latent', 'latent of the hop before').slice(0, 1)
    })
  const streams: readonly StreamName[] = words ? ['regions', 'words'] : ['regions']
  return [
    ...Array.from({length: hops}, (_, index) => streams.flatMap((stream) => hop(stream, index))).flat(),
    ...streams.flatMap((stream) =>
      both(
        projectionRole(stream),
        released ? 'image_mlp' : stream === 'regions' ? 'image' : stream,
        false,
        'state',
        'width'
      )
    ),
    ...both(answerRole, released ? 'combined_mlp_0' : answerRole, false, 'answers', latent ? 'state + latent' : 'state')
  ]
}

/** One sentence per role that is filled, from shapes alone. */
export function checkStack(hops: number, stack: HandStack, filled: Filled): ReadonlyMap<string, RoleCheck> {
  const complaints = new Map<string, string>(
    stackComplaints(stackBoundTo(hops, stack, filled)).flatMap(({kind, role, part, text}) =>
      kind === 'disagrees' ? [[`${role} ${part}`, text] as const] : []
    )
  )
  return new Map(
    stackRoles(hops, stack).flatMap(({role}): [string, RoleCheck][] => {
      const entry = filled(role)
      if (!entry) return []
      const text = complaints.get(role)
      return [[role, text ? {state: 'disagrees', text} : {state: 'fits', text: `${shapeText(entry.shape)} fits`}]]
    })
  )
}

/** How many answers what is bound gives; undefined without an answer. */
export const handAnswers = ({released}: HandStack, filled: Filled): number | undefined =>
  filled(`${answerRole} weight`)?.shape[released ? 1 : 0]

/** The stack as if its file had been recognised, tensors called as the file calls them. */
function stackBoundTo(hops: number, {released, words}: Omit<HandStack, 'latent'>, filled: Filled): NamedStack {
  const parameter = (role: string): Parameter | undefined => {
    const entry = filled(role)
    return entry && {key: entry.name, entry}
  }
  const layer = (role: string): NamedLayer => ({
    role,
    key: role,
    weight: parameter(`${role} weight`),
    bias: parameter(`${role} bias`)
  })
  const streams = (words ? (['regions', 'words'] as const) : (['regions'] as const)).map((name) => ({
    name,
    projection: layer(projectionRole(name)),
    hops: Array.from({length: hops}, (_, index) => {
      const of = (part: HopLayer) => layer(hopRole(index, name, part))
      return {look: of('look'), ask: of('ask'), carry: of('carry'), point: of('point')}
    })
  }))
  const form = released ? 'released' : 'paper'
  const answer = layer(answerRole)
  const latent = !released && isLatentStack({streams, form, answer})
  return {form, at: '', streams, answer, encoder: null, latent}
}
