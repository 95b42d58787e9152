import {count as numeral} from '@/lib/core/number'
import type {TensorArchive} from '@/lib/formats/archive'
import type {FoundModule, ModuleDetection, OpenQuestion, Settings} from './family'
import {fewSentences} from './fewSentences'
import {indexed, inside, split} from './findHeads'
import {mostLayers} from './mostDrawn'
import {numberedList} from './numberedList'
import {byKeyIn, type Parameter, parametersOf, shortKey, unusedOf} from './parameterNames'
import {counted} from './partCounts'
import {bindingOf} from './readBound'
import {countNumbers, shapeText, sizeOf} from './shape'

/** One learned number per layer, as a state dict holds it. */
interface LayerMix {
  readonly title: string
  readonly at: string
  /** One tensor of (layers), or one of (1) per layer; holes where a list skips a number. */
  readonly weights: readonly (Parameter | undefined)[]
  readonly layers: number
  /** What multiplies the sum (ScalarMix). */
  readonly gamma: Parameter | undefined
  /** Whether its code is known to take a softmax of them. */
  readonly softmaxIsKnown: boolean
}

/**
 * Finds scalar layer weights: an s3prl or ESPnet featurizer's `weights`, the `layer_weights` of transformers'
 * use_weighted_layer_sum and of models like it, and the `scalar_parameters` of AllenNLP's ScalarMix.
 */
export function findLayerWeights(archive: TensorArchive): FoundModule[] {
  const parameters = parametersOf(archive)
  return [...featurizers(parameters), ...scalarMixes(parameters)].map((mix) => ({
    title: mix.title,
    at: mix.at,
    detect: (settings) => detectionOf(mix, parameters, settings)
  }))
}

function featurizers(parameters: readonly Parameter[]): LayerMix[] {
  const keys = new Set(parameters.map(({key}) => key))
  return parameters.flatMap((parameter) => {
    const {parent, leaf} = split(parameter.key)
    const {shape} = parameter.entry
    if (shape.length !== 1 || shape[0]! < 2) return []
    const featurizer = leaf === 'weights' && /featurizer$/i.test(parent)
    // Nothing else that is called so has one number for each state of a base or a large encoder.
    const bare = leaf === 'weights' && /^(13|25)$/.test(String(shape[0])) && !keys.has(inside(parent, 'mean_offsets'))
    if (leaf !== 'layer_weights' && !featurizer && !bare) return []
    const transformers = ['projector.weight', 'classifier.weight'].every((name) => keys.has(inside(parent, name)))
    return [
      {
        title: 'scalar layer weights',
        at: shortKey(parameter.key),
        weights: [parameter],
        layers: shape[0]!,
        gamma: undefined,
        softmaxIsKnown: featurizer || (leaf === 'layer_weights' && transformers)
      }
    ]
  })
}

function scalarMixes(parameters: readonly Parameter[]): LayerMix[] {
  const lists = new Map<string, Map<number, Parameter>>()
  for (const parameter of parameters) {
    const at = indexed(parameter.key)
    if (!at || split(at.list).leaf !== 'scalar_parameters') continue
    lists.set(at.list, (lists.get(at.list) ?? new Map<number, Parameter>()).set(at.index, parameter))
  }
  const whole = [...lists].map(([list, weights]) => ({list, weights: numberedList(weights)}))
  return whole
    .filter(({weights}) => weights.length > 0)
    .map(({list, weights}) => ({
      title: 'scalar mix of layers',
      at: shortKey(list),
      weights,
      layers: weights.length,
      gamma: byKeyIn(parameters).get(inside(split(list).parent, 'gamma')),
      softmaxIsKnown: true
    }))
}

function detectionOf(mix: LayerMix, parameters: readonly Parameter[], settings: Settings): ModuleDetection {
  const {weights, gamma, layers} = mix
  const own = weights.filter((weight) => weight !== undefined)
  const taken = [...own, ...(gamma ? [gamma] : [])]
  const layerMix = mix.softmaxIsKnown ? 'softmax' : (settings.layerMix ?? 'softmax')
  return {
    family: 'layer-weights',
    title: mix.title,
    at: mix.at,
    bindings: [
      ...(weights.length === 1
        ? [bindingOf('layer weights', own[0]!)]
        : weights.flatMap((weight, layer) => (weight ? [bindingOf(`layer ${layer} weight`, weight)] : []))),
      ...(gamma ? [bindingOf('gamma', gamma)] : [])
    ],
    missing: complaints(mix),
    unused: unusedOf(parameters, taken),
    headCount: 0,
    layers,
    features: null,
    classCount: null,
    parameters: countNumbers(taken.map(({entry}) => entry)),
    parts: [counted('layer weights', own), ...(gamma ? [counted('gamma', [gamma])] : [])],
    questions: mix.softmaxIsKnown ? [] : [mixQuestion(layerMix)],
    settings: {...settings, layerMix}
  }
}

function complaints({weights, layers, gamma}: LayerMix): string[] {
  if (layers > mostLayers)
    return [
      `layer ${mostLayers}: one of ${numeral(layers)} weights; at most ${numeral(mostLayers)} layers can be drawn`
    ]
  if (weights.length === 1) return []
  const broken = weights.flatMap((weight, layer) => {
    if (!weight) return [`layer ${layer}: no weight in scalar_parameters`]
    return sizeOf(weight.entry.shape) === 1
      ? []
      : [`layer ${layer}: its weight is ${shapeText(weight.entry.shape)}; one number is needed`]
  })
  return [...fewSentences(broken), ...(gamma ? [] : ['gamma: absent, taken as 1'])]
}

const mixQuestion = (chosen: 'softmax' | 'raw'): OpenQuestion => ({
  setting: 'layerMix',
  text: 'Does the model take a softmax of its layer weights, or use them as they are?',
  options: [
    {label: 'softmax', value: {layerMix: 'softmax'}},
    {label: 'as they are', value: {layerMix: 'raw'}}
  ],
  chosen: chosen === 'softmax' ? 0 : 1
})
