import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {attentionBaselineFamily} from './attentionBaseline'
import {boundByHand} from './boundByHand'
import {deformableAudioFamily} from './deformableAudio'
import {additiveDensityFamily, densityBlockFamily} from './densityBlock'
import {densityGateFamily} from './densityGate'
import type {
  Detection,
  FoundModule,
  LoadedModel,
  ModelFamily,
  ModulePlace,
  NoDetection,
  OpenQuestion,
  Settings
} from './family'
import {groupedLayerDensityFamily, layerDensityFamily} from './layerDensity'
import {layerWeightsFamily} from './layerWeights'
import {loraFamily} from './loraAdapters'
import {nearestIn} from './nearest'
import {parametersOf, shortKey} from './parameterNames'
import {refuseRepeated} from './refuseRepeated'
import {stackedAttentionFamily} from './stackedAttention'

/**
 * Every mechanism we know: density attention first, the likeliest of it first of all; what it is compared with last.
 */
export const families: readonly ModelFamily[] = [
  layerDensityFamily,
  groupedLayerDensityFamily,
  densityBlockFamily,
  additiveDensityFamily,
  densityGateFamily,
  stackedAttentionFamily,
  deformableAudioFamily,
  layerWeightsFamily,
  attentionBaselineFamily,
  loraFamily
]

/** Of one family, more than this are not told apart: no model has so many, and a file may claim any number. */
const mostModules = 256

/**
 * Recognises a mechanism by the names and shapes of an archive's tensors; reads none. Of several in one file it takes
 * the one that `settings.module` names, else the likeliest. Throws ShapeError for settings that cannot hold.
 */
export function detect(archive: TensorArchive, settings: Settings = {}): Detection | NoDetection {
  if (settings.bindings) return boundByHand(archive, settings, families)
  const found = modulesIn(archive).map(({module}) => module)
  if (found.length === 0)
    return {family: null, lookedFor: families.map(({needs}) => `${needs}.`), nearest: nearestIn(archive)}
  const {module, ...others} = settings
  const chosen = module === undefined ? 0 : found.findIndex(({at}) => at === module)
  if (chosen < 0)
    throw new ShapeError(
      `the module ${module?.slice(0, 100)} was asked for; this file has ${listed(found)}`,
      'No such module'
    )
  const detection = found[chosen]!.detect(others)
  const {at} = found[chosen]!
  if (found.length === 1) return {...detection, at, others: []}
  const rest = found.filter((_, i) => i !== chosen)
  const theirs = keysOf(archive, rest)
  return {
    ...detection,
    at,
    unused: detection.unused.filter((key) => !theirs.has(key)),
    settings: {...detection.settings, module: at},
    questions: [moduleQuestion(found, chosen), ...detection.questions],
    others: rest.map(({at, title}) => ({at, title}))
  }
}

/** The first few places, for a sentence. */
function listed(found: readonly ModulePlace[]): string {
  const names = found.slice(0, 5).map(({at}) => at.slice(0, 80))
  return [...names, ...(found.length > names.length ? [`${found.length - names.length} more`] : [])].join('; ')
}

/**
 * Every module that any family finds, the likeliest first, under a name of its own: two that would be called the same
 * are numbered. Reads no values.
 */
export function modulesIn(
  archive: TensorArchive
): readonly {readonly family: ModelFamily; readonly module: FoundModule}[] {
  const seen = new Map<string, number>()
  return families.flatMap((family) =>
    family
      .find(archive)
      .slice(0, mostModules)
      .map((module) => {
        const count = (seen.get(module.at) ?? 0) + 1
        seen.set(module.at, count)
        return {family, module: count === 1 ? module : {...module, at: `${module.at} (${count})`}}
      })
  )
}

/** What other modules are made of is not unused. */
function keysOf(archive: TensorArchive, modules: readonly FoundModule[]): ReadonlySet<string> {
  const taken = new Set(modules.flatMap((module) => module.detect({}).bindings.map(({name}) => name)))
  const parameters = parametersOf(archive).filter(({entry}) => taken.has(entry.name))
  return new Set(parameters.map(({key}) => shortKey(key)))
}

const moduleQuestion = (found: readonly ModulePlace[], chosen: number): OpenQuestion => ({
  setting: 'module',
  text: 'This file holds several modules. Which one is shown?',
  options: found.map(({at, title}) => ({label: `${at}: ${title}`, value: {module: at}})),
  chosen
})

/**
 * Loads what was detected; without `running`, only what its Gaussians need. Throws ShapeError when its parts do not
 * fit together.
 */
export async function load(
  archive: TensorArchive,
  detection: Detection,
  options: {readonly running?: boolean} = {}
): Promise<LoadedModel> {
  refuseRepeated(archive, detection.bindings, 'the parameters of this model')
  return families.find(({id}) => id === detection.family)!.load(archive, detection, options)
}
