import {FormatError} from '@/lib/core/errors'
import type {ByteSource} from '../source'
import {parsedJson} from '../text/json'
import {numberedShard, shardNames} from './shardNames'

const largestIndex = 64e6

/**
 * Puts files together that are one checkpoint: an index with the shards it names, TensorFlow.js weights with their
 * model.json, numbered shards without an index. Every other file stands alone. In the order of each group's first file.
 */
export async function groupFiles<T>(files: readonly T[], sourceOf: (file: T) => ByteSource): Promise<T[][]> {
  const byName = new Map(files.map((file) => [sourceOf(file).name, file]))
  const taken = new Map<T, T[]>()
  for (const file of files) {
    const names = await namedBy(sourceOf(file))
    const shards = [...new Set(names?.flatMap((name) => byName.get(name) ?? []))].filter(
      (shard) => shard !== file && !taken.has(shard)
    )
    if (shards.length === 0) continue
    const group = [file, ...shards]
    for (const member of group) taken.set(member, group)
  }
  const sets = new Map<string, T[]>()
  for (const file of files) {
    const {name} = sourceOf(file)
    const shard = taken.has(file) ? null : numberedShard(name)
    // Numbered NumPy files are inputs, each with arrays of the same names; no checkpoint is cut that way.
    if (!shard || /\.np[yz]$/i.test(name)) continue
    const group = sets.get(shard.set) ?? []
    group.push(file)
    sets.set(shard.set, group)
  }
  for (const group of sets.values()) if (group.length > 1) for (const member of group) taken.set(member, group)
  return [...new Set(files.map((file) => taken.get(file) ?? [file]))]
}

/** The files that this one names beside itself, as it spells them; null when it is no index. */
export async function namedBy(source: ByteSource): Promise<readonly string[] | null> {
  if (source.size < 2) return null
  const start = await source.read(0, Math.min(64, source.size))
  if (mayBeOnnx(start)) return filesOfOnnx(source, start)
  const head = new TextDecoder().decode(start)
  if (source.size > largestIndex || !head.trimStart().startsWith('{') || head.includes('\0')) return null
  try {
    return shardNames(parsedJson(await source.read(0, source.size), source.name))
  } catch (error) {
    // What it is instead is found out when it is opened.
    if (error instanceof FormatError) return null
    throw error
  }
}

const mayBeOnnx = (start: Uint8Array): boolean => start[0] === 0x08

/** The files an ONNX model keeps its weights in; null for one that holds them itself. */
async function filesOfOnnx(source: ByteSource, start: Uint8Array): Promise<readonly string[] | null> {
  const {isOnnx, onnxFiles} = await import('../onnx/onnx')
  if (!isOnnx(start)) return null
  try {
    const names = await onnxFiles(source)
    return names.length > 0 ? names : null
  } catch (error) {
    if (error instanceof FormatError) return null
    throw error
  }
}
