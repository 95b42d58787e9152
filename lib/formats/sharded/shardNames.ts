import type {Finding} from '../archive'
import {isRecord, type Json} from '../text/jsonRecord'

/** The files that an index or a TensorFlow.js model names beside itself, each once; null when it is neither. */
export function shardNames(json: Json): readonly string[] | null {
  if (!isRecord(json)) return null
  const {weight_map: map, weightsManifest: manifest} = json
  if (isRecord(map)) return textsOf(Object.values(map))
  if (Array.isArray(manifest)) {
    return textsOf(
      (manifest as readonly Json[]).flatMap((group) =>
        isRecord(group) && Array.isArray(group.paths) ? group.paths : []
      )
    )
  }
  return null
}

const textsOf = (values: readonly Json[]) => [...new Set(values.filter((value) => typeof value === 'string'))]

// model-00002-of-00005.safetensors, pytorch_model-00001-of-00002.bin
const numbered = /^(.*)-(\d{5})-of-(\d{5})(\.\w+)$/

/** The set that a file's name says it is one of, and which one; null for any other name. */
export function numberedShard(
  name: string
): {readonly set: string; readonly index: number; readonly count: number} | null {
  const [, stem, index, count, ending] = numbered.exec(name) ?? []
  return count === undefined ? null : {set: `${stem}-of-${count}${ending}`, index: Number(index), count: Number(count)}
}

/** The names of all files of such a set. */
export function namesOfSet(name: string): readonly string[] {
  const [, stem, , count = '0', ending] = numbered.exec(name) ?? []
  return Array.from({length: Number(count)}, (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}${ending}`)
}

/** What to say of a numbered file that is opened without the others; null for one that is whole by itself. */
export function loneShard(name: string): Finding | null {
  const shard = numberedShard(name)
  if (!shard || shard.count < 2) return null
  const rest = shard.count === 2 ? 'the other' : `the other ${shard.count - 1}`
  return {
    kind: 'note',
    text: `file ${shard.index} of ${shard.count} of a checkpoint: the tensors in ${rest} are not here; open all of them together, or with their index`
  }
}
