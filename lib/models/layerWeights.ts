import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import type {Detection, LoadedModel, ModelFamily} from './family'
import {findLayerWeights} from './findLayerWeights'
import {readBound} from './readBound'
import {softmax} from './softmax'

/** One learned number per layer: the usual alternative to density attention, for comparison. */
export const layerWeightsFamily: ModelFamily = {
  id: 'layer-weights',
  needs:
    'scalar layer weights are a featurizer’s weights, layer_weights, or scalar_parameters.{l}, one number per layer',
  find: findLayerWeights,
  load
}

async function load(archive: TensorArchive, detection: Detection): Promise<LoadedModel> {
  const broken = detection.missing.find((sentence) => /^layer \d+: /.test(sentence))
  if (broken) throw new ShapeError(broken, 'The layer weights of this checkpoint do not fit together')
  const bound = (role: string) => detection.bindings.some((binding) => binding.role === role)
  const stored = bound('layer weights')
    ? await readBound(archive, detection, 'layer weights')
    : await oneByOne(archive, detection)
  const gamma = bound('gamma') ? (await readBound(archive, detection, 'gamma'))[0]! : 1
  const {mixModel} = await import('./mixModel')
  return mixModel(detection, detection.settings.layerMix === 'raw' ? stored : softmax(stored), gamma)
}

async function oneByOne(archive: TensorArchive, detection: Detection): Promise<Float32Array> {
  const weights = new Float32Array(detection.layers!)
  for (const layer of weights.keys()) {
    const [weight] = await readBound(archive, detection, `layer ${layer} weight`)
    weights[layer] = weight!
  }
  return weights
}
