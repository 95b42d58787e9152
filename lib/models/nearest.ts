import type {TensorArchive, TensorEntry} from '@/lib/formats/archive'
import {split} from './findHeads'
import {parametersOf, shortKey} from './parameterNames'
import {shapeText} from './shape'

/** What stands nearest to a mechanism we know, in an archive that holds none: a sentence, or null. */
export const nearestIn = (archive: TensorArchive): string | null => knownOther(archive) ?? nearestPair(archive)

/** Mechanisms of this field that are not read, by a name only they have. */
const others: readonly (readonly [pattern: RegExp, sentence: (key: string) => string])[] = [
  [
    /(^|\.)log_sigma$/,
    (key) => `${key} is a density gate's spread, but its offsets or the projection beside them are missing.`
  ],
  [/(^|\.)log_scale$/, (key) => `${key} may be a density gate's spread, but no delta and proj.weight stand beside it.`],
  [
    /(^|\.)layer_attention\.q_proj\.weight$/,
    (key) => `${key} belongs to attention over layers whose weights depend on each input: the file holds none of them.`
  ],
  [
    /(^|\.)conv_offset\.0\.weight$/,
    (key) =>
      `${key} belongs to deformable attention, but patch_proj.0.weight or the first stage's attention is missing.`
  ],
  [
    /(^|\.)ff_(image|questions|ques)\.weight$/,
    (key) =>
      `${key} belongs to stacked attention, but no hop has ff_image, ff_questions and ff_attention weights together.`
  ],
  [
    /(^|\.)(image|combined)_att_mlp_\d+_w$/,
    (key) => `${key} belongs to stacked attention, but no hop has image_att_mlp and combined_att_mlp together.`
  ],
  [
    /(^|\.)in_proj_weight$/,
    (key) => `${key} is ordinary multi-head attention; the published baselines have conv1, conv2 and fc beside it.`
  ],
  [
    /^(mpd|msd)\./,
    (key) => `${key} belongs to discriminators, and there is nothing but them and their optimiser in this file.`
  ]
]

function knownOther(archive: TensorArchive): string | null {
  const keys = parametersOf(archive).map(({key}) => key)
  for (const [pattern, sentence] of others) {
    const key = keys.find((candidate) => pattern.test(candidate))
    if (key !== undefined) return sentence(shortKey(key))
  }
  return null
}

const likeOffset = /mean|mu\b|offset|delta|shift|loc|center|centre/i
const likeSpread = /^c$|var|sigma|scale|std|spread|width|xi\b/i

/** The pair of neighbours that looks most like an offset and a spread; null when nothing does. */
function nearestPair(archive: TensorArchive): string | null {
  const beside = new Map<string, {readonly leaf: string; readonly key: string; readonly entry: TensorEntry}[]>()
  for (const {key, entry} of parametersOf(archive)) {
    if (/running_(mean|var)$/.test(key)) continue
    const {parent, leaf} = split(key)
    if (!beside.has(parent)) beside.set(parent, [])
    beside.get(parent)!.push({leaf, key, entry})
  }
  for (const siblings of beside.values()) {
    const spreads = new Map<string, (typeof siblings)[number][]>()
    for (const spread of siblings.filter(({leaf}) => likeSpread.test(leaf))) {
      const shape = shapeText(spread.entry.shape)
      const alike = spreads.get(shape) ?? []
      // Two are enough: one of them may be the offset itself.
      if (alike.length < 2) spreads.set(shape, [...alike, spread])
    }
    for (const offset of siblings.filter(({leaf}) => likeOffset.test(leaf))) {
      const spread = spreads.get(shapeText(offset.entry.shape))?.find((other) => other !== offset)
      if (spread)
        return `The nearest pair is ${shortKey(offset.key)} and ${shortKey(spread.key)}, both ${shapeText(offset.entry.shape)}.`
    }
  }
  return null
}
