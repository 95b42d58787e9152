import {FormatError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {TensorArchive} from '../archive'
import type {FileSet} from '../fileSet'
import {namedBy} from './groupFiles'
import {type Open, opened, openJson} from './openJson'
import {shardedArchive} from './shardedArchive'
import {namesOfSet, numberedShard} from './shardNames'
import {shardsByName} from './shards'

/**
 * Several files as one archive: what an index names, or all of a numbered set. Throws FormatError when they are
 * neither.
 */
export async function openFileSet(set: FileSet, open: Open): Promise<TensorArchive> {
  const {files} = set
  for (const file of files) {
    if ((await namedBy(file)) === null) continue
    const others = files.filter((other) => other !== file)
    const {isOnnx, openOnnx} = await import('../onnx/onnx')
    if (isOnnx(await file.read(0, Math.min(64, file.size)))) return openOnnx(file, others, set)
    return openJson(set, file, others, open)
  }
  const [first] = files
  const shard = first && numberedShard(first.name)
  if (!first || !shard || files.some(({name}) => numberedShard(name)?.set !== shard.set)) {
    throw new FormatError(
      `${set.name}: ${plural(files.length, 'file')} that no index joins; an *.index.json or a model.json is needed with them`
    )
  }
  if (shard.count > 10_000)
    throw new FormatError(`${set.name}: is said to be one of ${shard.count} files; at most 10000 are read`)
  const shards = []
  for (const [name, source] of shardsByName(first.name, namesOfSet(first.name), files)) {
    shards.push({name, archive: await opened(source, open)})
  }
  return shardedArchive(set, shards, new Map(), null)
}
