import {count as numeral} from '@/lib/core/number'
import type {ModuleDetection} from './family'
import {fewSentences} from './fewSentences'
import {mostLayers} from './mostDrawn'
import {type Parameter, unusedOf} from './parameterNames'
import {counted} from './partCounts'
import {encoderAt, encoderRole} from './questionLayout'
import {bindingOf} from './readBound'
import {countNumbers, shapeText, sizeOf} from './shape'
import {hopLayers, type NamedLayer, type NamedStack, type NamedStream, sizesOf, stackTitle} from './stackedLayout'

/** What is said of a stack, without its settings: none changes what was found. */
export function stackedDetection(
  stack: NamedStack,
  parameters: readonly Parameter[]
): Omit<ModuleDetection, 'settings' | 'questions'> {
  const {streams, answer, encoder} = stack
  const taken = (layers: readonly NamedLayer[]) => layers.flatMap(({weight, bias}) => [weight, bias]).filter(isThere)
  const ofStream = ({projection, hops}: NamedStream) => [
    projection,
    ...hops.flatMap((hop) => (hop ? hopLayers.map((layer) => hop[layer]) : []))
  ]
  const layers = [...streams.flatMap(ofStream), answer]
  const encoding = [...(encoder?.parts ?? [])]
  const all = [...taken(layers), ...encoding.map(([, parameter]) => parameter)]
  return {
    family: 'stacked-latent',
    title: stackTitle(stack),
    at: stack.at,
    bindings: layers
      .flatMap(({role, weight, bias}) => [
        ...(weight ? [bindingOf(`${role} weight`, weight)] : []),
        ...(bias ? [bindingOf(`${role} bias`, bias)] : [])
      ])
      .concat(encoding.map(([part, parameter]) => bindingOf(encoderRole(part), parameter))),
    missing: [
      ...complaints(stack),
      ...(answer.weight ? [] : ['answer: absent, so no answer and no gradient from it']),
      ...(encoder?.complaints ?? [])
    ],
    unused: unusedOf(parameters, all),
    headCount: 0,
    layers: streams[0]!.hops.length,
    features: null,
    classCount: sizesOf(answer, stack.form)?.[1] ?? null,
    parameters: countNumbers(all.map(({entry}) => entry)),
    parts: [
      ...streams.map((stream) => counted(`hops over ${stream.name}`, taken(ofStream(stream)))),
      ...(answer.weight ? [counted('answer', taken([answer]))] : []),
      ...(encoding.length > 0
        ? [
            counted(
              encoderAt,
              encoding.map(([, parameter]) => parameter)
            )
          ]
        : [])
    ]
  }
}

const isThere = (parameter: Parameter | undefined): parameter is Parameter => parameter !== undefined

/** What does not fit together, as sentences that begin with `hop` or `stack`; such a module is shown and cannot run. */
function complaints(stack: NamedStack): string[] {
  const {streams, answer, form, latent} = stack
  const hops = streams[0]!.hops.length
  if (hops > mostLayers) return [`stack: ${numeral(hops)} hops; at most ${numeral(mostLayers)} can be drawn`]
  const first = streams[0]!.hops.find((hop) => hop !== undefined)
  const state = (first && sizesOf(first.ask, form)?.[0]) ?? 0
  const found: string[] = []
  let wide = state
  for (const stream of streams) {
    found.push(...ofStream(stream, stack, state))
    wide += sizesOf(stream.hops.at(-1)?.look ?? none, form)?.[1] ?? 0
  }
  const needed = latent ? wide : state
  found.push(...(answer.weight ? ofLayer('stack: the answer', answer, form, [needed, null]) : []))
  return fewSentences(found)
}

const none: NamedLayer = {role: '', weight: undefined, bias: undefined}

function ofStream({name, projection, hops}: NamedStream, {form, latent}: NamedStack, state: number): string[] {
  const found = projection.weight ? ofLayer(`stack: the projection of ${name}`, projection, form, [null, state]) : []
  let before: number | null = null
  for (const [index, hop] of hops.entries()) {
    const at = `hop ${index + 1} over ${name}`
    if (!hop) {
      found.push(`${at}: absent from its list`)
      continue
    }
    const width = sizesOf(hop.look, form)?.[1] ?? null
    found.push(
      ...ofLayer(`${at}: what looks`, hop.look, form, [state, null]),
      ...ofLayer(`${at}: what asks`, hop.ask, form, [state, width]),
      ...ofLayer(`${at}: what points`, hop.point, form, [width, 1])
    )
    if (latent && index > 0)
      found.push(...ofLayer(`${at}: what carries latent states`, hop.carry, form, [before, width]))
    if (index === 0 && hop.carry.weight) found.push(`${at}: carries latent states, and there is no hop before it`)
    before = width
  }
  return found
}

/** A layer's sizes, (in, out); null where any will do. */
function ofLayer(
  what: string,
  layer: NamedLayer,
  form: NamedStack['form'],
  [inputs, outputs]: readonly [number | null, number | null]
): string[] {
  const {weight, bias} = layer
  if (!weight) return [`${what} is absent`]
  const text = (sizes: readonly (number | null)[]) =>
    `(${(form === 'released' ? sizes : [...sizes].reverse()).map((size) => size ?? 'any').join(', ')})`
  const sizes = sizesOf(layer, form)
  if (!sizes || sizeOf(weight.entry.shape) === 0)
    return [`${what} is ${shapeText(weight.entry.shape)}; ${text([inputs, outputs])} is needed`]
  const [own, out] = sizes
  if ((inputs !== null && own !== inputs) || (outputs !== null && out !== outputs))
    return [`${what} is ${shapeText(weight.entry.shape)}; ${text([inputs, outputs])} is needed`]
  return bias && sizeOf(bias.entry.shape) !== out
    ? [`${what} has a bias of ${shapeText(bias.entry.shape)}; (${out}) is needed`]
    : []
}
