import type {TensorArchive, TensorEntry} from '@/lib/formats/archive'
import {densityBlockFamily} from './densityBlock'
import type {Detection, LoadedModel, ModelFamily, NoDetection, Settings} from './family'
import {findOtherForm} from './findBlock'
import {split} from './findHeads'
import {layerDensityFamily} from './layerDensity'
import {parametersOf, shortKey} from './parameterNames'
import {sameShape, shapeText} from './shape'

/** Every mechanism we know, the likeliest first. */
export const families: readonly ModelFamily[] = [layerDensityFamily, densityBlockFamily]

/**
 * Recognises a mechanism by the names and shapes of an archive's tensors; reads none. Throws ShapeError for settings
 * that cannot hold.
 */
export function detect(archive: TensorArchive, settings: Settings = {}): Detection | NoDetection {
  for (const family of families) {
    const detection = family.detect(archive, settings)
    if (detection) return detection
  }
  return {
    family: null,
    lookedFor: families.map(({needs}) => `${needs}.`),
    nearest: findOtherForm(archive) ?? nearestPair(archive)
  }
}

/** Loads what was detected. Throws ShapeError when its parts do not fit together. */
export async function load(archive: TensorArchive, detection: Detection): Promise<LoadedModel> {
  return families.find(({id}) => id === detection.family)!.load(archive, detection)
}

const likeOffset = /mean|mu\b|offset|delta|shift|loc|center|centre/i
const likeSpread = /^c$|var|sigma|scale|std|spread|width|xi\b/i

/** The pair of neighbours that looks most like an offset and a spread, as a clause; null when nothing does. */
function nearestPair(archive: TensorArchive): string | null {
  const beside = new Map<string, {readonly leaf: string; readonly key: string; readonly entry: TensorEntry}[]>()
  for (const {key, entry} of parametersOf(archive)) {
    if (/running_(mean|var)$/.test(key)) continue
    const {parent, leaf} = split(key)
    if (!beside.has(parent)) beside.set(parent, [])
    beside.get(parent)!.push({leaf, key, entry})
  }
  for (const siblings of beside.values())
    for (const offset of siblings.filter(({leaf}) => likeOffset.test(leaf)))
      for (const spread of siblings.filter((other) => other !== offset && likeSpread.test(other.leaf)))
        if (sameShape(offset.entry.shape, spread.entry.shape))
          return `The nearest pair is ${shortKey(offset.key)} and ${shortKey(spread.key)}, both ${shapeText(offset.entry.shape)}.`
  return null
}
