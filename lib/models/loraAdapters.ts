import type {TensorArchive} from '@/lib/formats/archive'
import type {FoundModule, ModelFamily, ModuleDetection, Settings} from './family'
import {split} from './findHeads'
import {byKeyIn, type Parameter, parametersOf, shortKey, unusedOf} from './parameterNames'
import {counted, densityCounts} from './partCounts'
import {bindingOf} from './readBound'
import {countNumbers} from './shape'
import {stillModel} from './stillModel'

const title = 'LoRA adapters'
const why = 'which change projections inside the layers and weigh no layer'

/**
 * Low-rank adapters, by hand (DAAM-PEFT-paper-code, LoRA-experiments) or by the package peft: what density attention is
 * compared with.
 */
export const loraFamily: ModelFamily = {
  id: 'lora-adapters',
  needs: 'LoRA adapters need pairs of lora.A and lora.B, or of lora_A and lora_B',
  find,
  load: async (_, detection) => stillModel(detection, why)
}

/** One adapter: x · A · B beside a frozen projection. */
interface Adapter {
  /** The projection it stands beside. */
  readonly target: string
  readonly a: Parameter
  readonly b: Parameter
  readonly rank: number
  /** Width of what goes in. */
  readonly inputs: number
}

function find(archive: TensorArchive): FoundModule[] {
  const parameters = parametersOf(archive)
  const adapters = adaptersOf(parameters)
  if (adapters.length === 0) return []
  return [{title, at: nameOf(adapters), detect: (settings) => detectionOf(adapters, parameters, settings)}]
}

// By hand A is (in, rank) and B (rank, out); peft holds weights of linear layers, so (rank, in) and (out, rank).
const byHand = /^(.*)\.lora\.A$/
const byPeft = /^(.*)\.lora_A(\.[^.]+)?\.weight$/

function adaptersOf(parameters: readonly Parameter[]): Adapter[] {
  const byKey = byKeyIn(parameters)
  return parameters.flatMap((a) => {
    const hand = byHand.exec(a.key)
    const peft = byPeft.exec(a.key)
    const target = (hand ?? peft)?.[1]
    const b = byKey.get(hand ? `${target}.lora.B` : a.key.replace('.lora_A', '.lora_B'))
    const [x, y] = [a.entry.shape, b?.entry.shape ?? []]
    if (target === undefined || !b || x.length !== 2 || y.length !== 2) return []
    const [rank, inputs, other] = hand ? [x[1]!, x[0]!, y[0]!] : [x[0]!, x[1]!, y[1]!]
    return rank === other ? [{target, a, b, rank, inputs}] : []
  })
}

const targetName = ({target}: Adapter): string => split(target).leaf

/** The number of the encoder's layer that an adapter is in; null where its name has none. */
const layerOf = ({target}: Adapter): string | null => /^(.*?\.)?(\d+)\./.exec(`${target}.`)?.[2] ?? null

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)]

function nameOf(adapters: readonly Adapter[]): string {
  const layers = distinct(adapters.map(layerOf)).filter((layer) => layer !== null)
  const targets = distinct(adapters.map(targetName)).join(', ')
  return layers.length > 0 ? `${targets} of ${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}` : targets
}

function detectionOf(
  adapters: readonly Adapter[],
  parameters: readonly Parameter[],
  settings: Settings
): ModuleDetection {
  const own = adapters.flatMap(({a, b}) => [a, b])
  // Trained beside the adapters, in both ways of saving them.
  const classifier = parameters.filter(({key}) => /(^|\.)(classifier|score)(\.|$)/.test(key) && !/\.lora/.test(key))
  const taken = [...own, ...classifier]
  const layers = distinct(adapters.map(layerOf)).filter((layer) => layer !== null).length
  const features = commonest(adapters.map(({inputs}) => inputs))
  const ranks = distinct(adapters.map(({rank}) => rank)).sort((a, b) => a - b)
  return {
    family: 'lora-adapters',
    title,
    at: nameOf(adapters),
    bindings: [
      ...adapters.flatMap(({target, a, b}) => [bindingOf(`${target} A`, a), bindingOf(`${target} B`, b)]),
      ...classifier.map((parameter) => bindingOf(shortKey(parameter.key), parameter))
    ],
    missing: [
      `no density attention: ${adapters.length} adapters of rank ${ranks.join(', ')} change projections inside the layers, and no layer has an importance`
    ],
    unused: unusedOf(parameters, taken),
    headCount: 0,
    layers: layers > 0 ? layers : null,
    features,
    classCount: null,
    parameters: countNumbers(taken.map(({entry}) => entry)),
    parts: [
      counted(`${adapters.length} adapters of rank ${ranks.join(', ')}`, own),
      ...(classifier.length > 0 ? [counted('classifier', classifier)] : []),
      ...(layers > 0 ? densityCounts(layers, features) : [])
    ],
    questions: [],
    settings
  }
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0]
}
