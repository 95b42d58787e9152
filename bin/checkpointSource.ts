import {existsSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {fileSet} from '@/lib/formats/fileSet'
import {namedBy} from '@/lib/formats/sharded/groupFiles'
import {numberedShard} from '@/lib/formats/sharded/shardNames'
import type {ByteSource} from '@/lib/formats/source'
import {fileSource} from './fileSource'

export interface CheckpointSource {
  readonly checkpoint: ByteSource
  /** The other paths, as far as they are no part of it. */
  readonly rest: readonly string[]
}

/**
 * The checkpoint at `path`, with its parts: those among `others` that its index names or that are numbered like it, and
 * for an index also files of the names it gives in its own folder, and in no other. Throws ReaderError.
 */
export async function checkpointSource(path: string, others: readonly string[]): Promise<CheckpointSource> {
  const source = await fileSource(path)
  const names = await namedBy(source)
  const isPart = names ? (name: string) => names.includes(name) : sameSet(source.name)
  const parts = new Map(others.filter((other) => isPart(basename(other))).map((other) => [basename(other), other]))
  const given = new Set(parts.values())
  for (const name of names ?? []) {
    const beside = join(dirname(path), name)
    const isPlain = name === basename(name) && !name.includes('\\') && name !== '..'
    if (isPlain && !parts.has(name) && existsSync(beside)) parts.set(name, beside)
  }
  const rest = others.filter((other) => !given.has(other))
  if (parts.size === 0) return {checkpoint: source, rest}
  const sources: ByteSource[] = [source]
  for (const part of parts.values()) sources.push(await fileSource(part))
  return {checkpoint: fileSet(sources), rest}
}

function sameSet(name: string): (other: string) => boolean {
  const set = numberedShard(name)?.set
  return (other) => set !== undefined && other !== name && numberedShard(other)?.set === set
}
