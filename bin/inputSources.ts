import {existsSync, type Stats} from 'node:fs'
import {readdir, stat} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {ReaderError} from '@/lib/core/errors'
import {fileSet} from '@/lib/formats/fileSet'
import {groupFiles, namedBy} from '@/lib/formats/sharded/groupFiles'
import type {ByteSource} from '@/lib/formats/source'
import {namesTensors} from '@/lib/formats/tensorEndings'
import {addressSource, isAddress} from './addressSource'
import {inputSource} from './inputSource'

/**
 * The inputs that these words name: files, addresses, and of a folder every file of tensors in it and below, by name.
 * An index and its shards are one. `checkpoint` is none of them. Throws ReaderError.
 */
export async function inputSources(words: readonly string[], checkpoint: string): Promise<ByteSource[]> {
  const sources: ByteSource[] = []
  const paths: string[] = []
  for (const word of words) {
    if (isAddress(word)) sources.push(await addressSource(word))
    else paths.push(...(await pathsAt(word)))
  }
  return [...sources, ...(await filesAt(paths.filter((path) => resolve(path) !== resolve(checkpoint))))]
}

/** The path itself, or of a folder every file of tensors in it and below. Throws ReaderError for a folder without any. */
export async function pathsAt(path: string): Promise<string[]> {
  // What is not there is said where it is opened.
  const stats: Stats | null = await stat(path).catch(() => null)
  if (!stats?.isDirectory()) return [path]
  const files = (await readdir(path, {recursive: true, withFileTypes: true}))
    .filter((entry) => entry.isFile() && (namesTensors(entry.name) || entry.name.endsWith('.index.json')))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort((a, b) => (a < b ? -1 : 1))
  if (files.length > 0) return files
  throw new ReaderError(
    'Nothing in this folder',
    `${path}: the folder holds no file of tensors; .npy, .npz, .pt or .safetensors are needed`
  )
}

async function filesAt(paths: readonly string[]): Promise<ByteSource[]> {
  const sources: ByteSource[] = []
  const taken = new Set(paths.map((path) => resolve(path)))
  for (const path of paths) {
    const source = await inputSource(path)
    sources.push(source)
    if (!source.name.endsWith('.json')) continue
    for (const name of (await namedBy(source)) ?? []) {
      const beside = join(dirname(path), name)
      const isPlain = !/[\\/]/.test(name) && name !== '..'
      if (isPlain && !taken.has(resolve(beside)) && existsSync(beside)) sources.push(await inputSource(beside))
    }
  }
  const groups = await groupFiles(sources, (source) => source)
  return groups.map((group) => (group.length === 1 ? group[0]! : fileSet(group)))
}
