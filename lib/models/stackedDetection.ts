import {count as numeral} from '@/lib/core/number'
import type {ModuleDetection} from './family'
import {fewSentences} from './fewSentences'
import {mostLayers} from './mostDrawn'
import {type Parameter, unusedOf} from './parameterNames'
import {counted} from './partCounts'
import {encoderAt, encoderRole} from './questionLayout'
import {bindingOf} from './readBound'
import {countNumbers} from './shape'
import {layersOf, type StackComplaint, stackComplaints} from './stackedComplaints'
import {answerRole, type NamedLayer, type NamedStack, sizesOf, stackTitle} from './stackedLayout'

/** What is said of a stack, without its settings: none changes what was found. */
export function stackedDetection(
  stack: NamedStack,
  parameters: readonly Parameter[]
): Omit<ModuleDetection, 'settings' | 'questions'> {
  const {streams, encoder} = stack
  const hops = streams[0]!.hops.length
  const tooMany = hops > mostLayers
  const complaints = tooMany ? [] : stackComplaints(stack)
  // Attention needs no answer, so one that does not fit is left out and the rest runs.
  const answer = complaints.some(({role}) => role === answerRole) ? without(stack.answer) : stack.answer
  const said = (kind: StackComplaint['kind']) => complaints.filter((one) => one.kind === kind).map(sentenceOf)
  const taken = (layers: readonly NamedLayer[]) => layers.flatMap(({weight, bias}) => [weight, bias]).filter(isThere)
  const layers = layersOf({...stack, answer})
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
    disagreements: [...fewSentences(said('disagrees')), ...(encoder?.disagreements ?? [])],
    missing: [
      ...(tooMany ? [`stack: ${numeral(hops)} hops; at most ${numeral(mostLayers)} can be drawn`] : []),
      ...fewSentences(said('absent')),
      ...(stack.answer.weight ? [] : ['answer: absent, so no answer and no gradient from it']),
      ...(encoder?.missing ?? [])
    ],
    unused: unusedOf(parameters, all),
    headCount: 0,
    layers: hops,
    features: null,
    classCount: sizesOf(answer, stack.form)?.[1] ?? null,
    parameters: countNumbers(all.map(({entry}) => entry)),
    parts: [
      ...streams.map((stream) => counted(`hops over ${stream.name}`, taken(layersOf({streams: [stream]})))),
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

const without = (layer: NamedLayer): NamedLayer => ({...layer, weight: undefined, bias: undefined})

/** A module with a sentence that begins with `hop` or `stack` is shown and cannot run. */
const sentenceOf = ({role, where, text}: StackComplaint): string =>
  role === answerRole ? `answer: ${text}, so no answer and no gradient from it` : `${where}: ${text}`
