import type {TensorArchive} from '@/lib/formats/archive'
import type {FoundModule, ModelFamily, ModuleDetection, Settings} from './family'
import {findConvHead} from './findConvHead'
import {inside, split} from './findHeads'
import {type Parameter, parametersOf, shortKey, unusedOf} from './parameterNames'
import {counted, densityCounts, partsOf} from './partCounts'
import {bindingOf} from './readBound'
import {countNumbers, shapeText} from './shape'
import {stillModel} from './stillModel'

const title = 'a multi-head attention baseline'
const why = 'which attends across the inputs of a batch and weighs no layer'

/**
 * The published baselines (DAAM-PEFT-paper-code, MHA and MHA_BN): torch's MultiheadAttention in front of the same
 * classifier. Recognised and counted; it has no density and no Importance Factor.
 */
export const attentionBaselineFamily: ModelFamily = {
  id: 'attention-baseline',
  needs:
    'a multi-head attention baseline needs mha.in_proj_weight, (3 × features, features), beside conv1, conv2 and fc',
  find: findBaselines,
  load: async (_, detection) => stillModel(detection, why)
}

function findBaselines(archive: TensorArchive): FoundModule[] {
  const parameters = parametersOf(archive)
  const convolved = new Set(parameters.map(({key}) => split(key).parent))
  return parameters.flatMap((projection) => {
    const {parent, leaf} = split(projection.key)
    const [triple = 0, features = 0] = projection.entry.shape
    if (leaf !== 'in_proj_weight' || triple !== 3 * features || features === 0) return []
    if (!convolved.has(inside(split(parent).parent, 'conv1'))) return []
    return [{title, at: shortKey(parent), detect: (settings) => detectionOf(parent, features, parameters, settings)}]
  })
}

function detectionOf(
  path: string,
  features: number,
  parameters: readonly Parameter[],
  settings: Settings
): ModuleDetection {
  const own = parameters.filter(({key}) => key.startsWith(`${path}.`))
  const norm = parameters.filter(({key}) => split(key).parent === inside(split(path).parent, 'batch_norm'))
  const head = findConvHead(parameters, inside(path, '0'), {heads: 1, features, between: null})
  const taken = [...own, ...norm, ...head.taken]
  // Running statistics are not trained.
  const trained = [...own, ...norm.filter(({key}) => /\.(weight|bias)$/.test(key)), ...head.taken]
  const layers = head.taken.find(({key}) => key.endsWith('conv1.weight'))?.entry.shape[1] ?? null
  return {
    family: 'attention-baseline',
    title,
    at: shortKey(path),
    bindings: [
      ...own.map((parameter) => bindingOf(`attention ${parameter.key.slice(path.length + 1)}`, parameter)),
      ...norm.map((parameter) => bindingOf(`batch norm ${split(parameter.key).leaf}`, parameter)),
      ...head.bindings
    ],
    missing: [reason(layers)],
    unused: unusedOf(parameters, taken),
    headCount: 0,
    layers,
    features,
    classCount: null,
    parameters: countNumbers(trained.map(({entry}) => entry)),
    parts: [
      counted('multi-head attention', own),
      ...(norm.length > 0
        ? [
            counted(
              'batch norm',
              norm.filter((parameter) => trained.includes(parameter))
            )
          ]
        : []),
      ...partsOf('', [], head.taken),
      ...(layers === null ? [] : densityCounts(layers, features))
    ],
    questions: [],
    settings
  }
}

function reason(layers: number | null): string {
  const single =
    layers === 1 ? `; with one channel in conv1, ${shapeText([1])}, it is the script that takes layer 23 alone` : ''
  return (
    'no density attention: torch’s MultiheadAttention takes (sequence, batch, features) and was given (inputs, layers, ' +
    `features), so it attends across the inputs of a batch, and no layer has an importance${single}`
  )
}
