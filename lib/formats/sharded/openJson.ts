import {FormatError} from '@/lib/core/errors'
import type {FileValue, TensorArchive} from '../archive'
import {sizeText} from '../sizeText'
import type {ByteSource} from '../source'
import {parsedJson} from '../text/json'
import {isRecord, type Json} from '../text/jsonRecord'
import {jsonTable} from '../text/jsonTable'
import {type Shard, shardedArchive} from './shardedArchive'
import {shardNames} from './shardNames'
import {shardsByName} from './shards'
import {tensorflowJs} from './tensorflowJs'

export type Open = (source: ByteSource) => Promise<TensorArchive>

const largest = 64e6

/**
 * A file of JSON: an index of shards, a TensorFlow.js model, or a table of numbers. `given` are the files that came
 * with
 * it, `whole` is what the archive is said to be made from. Throws FormatError when a file is missing.
 */
export async function openJson(
  whole: ByteSource,
  file: ByteSource,
  given: readonly ByteSource[],
  open: Open
): Promise<TensorArchive> {
  if (file.size > largest) {
    throw new FormatError(
      `JSON: ${sizeText(file.size)} of text, at most ${sizeText(largest)} are read; save it as safetensors or .npy`
    )
  }
  const json = parsedJson(await file.read(0, file.size), 'JSON')
  if (!isRecord(json)) return jsonTable(whole, json)
  if (isRecord(json.weight_map)) return openIndex(whole, file.name, json, json.weight_map, given, open)
  if (Array.isArray(json.weightsManifest)) return tensorflowJs(whole, file.name, json, given)
  return jsonTable(whole, json)
}

async function openIndex(
  whole: ByteSource,
  index: string,
  json: {readonly [key: string]: Json},
  map: {readonly [key: string]: Json},
  given: readonly ByteSource[],
  open: Open
): Promise<TensorArchive> {
  const shards: Shard[] = []
  for (const [name, source] of shardsByName(index, shardNames(json) ?? [], given)) {
    shards.push({name, archive: await opened(source, open)})
  }
  const owner = new Map(
    Object.entries(map).flatMap(([name, shard]) => (typeof shard === 'string' ? [[name, shard] as const] : []))
  )
  return shardedArchive(whole, shards, owner, metadataOf(json))
}

/** One shard among many: a sentence about it says which. */
export async function opened(source: ByteSource, open: Open): Promise<TensorArchive> {
  try {
    return await open(source)
  } catch (error) {
    if (!(error instanceof FormatError) || error.message.startsWith(source.name)) throw error
    throw new FormatError(`${source.name}: ${error.message}`, {title: error.title, path: error.path})
  }
}

function metadataOf({metadata}: {readonly [key: string]: Json}): FileValue {
  if (!isRecord(metadata)) return null
  return new Map(
    Object.entries(metadata).map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : value])
  )
}
