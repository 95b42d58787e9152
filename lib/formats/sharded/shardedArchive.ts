import {FormatError} from '@/lib/core/errors'
import type {FileValue, Finding, NamedGlobal, TensorArchive, TensorEntry} from '../archive'
import {piecesOf} from '../piecesOf'
import type {ByteSource} from '../source'

/** A shard that has been opened, and whether a tensor of it is wanted. */
export interface Shard {
  readonly name: string
  readonly archive: TensorArchive
}

/**
 * Shards as one archive. `owner` says which shard a tensor is to come from, undefined where nothing is said; a tensor
 * that two shards hold and nothing decides between is refused by name.
 */
export function shardedArchive(
  source: ByteSource,
  shards: readonly Shard[],
  owner: ReadonlyMap<string, string>,
  metadata: FileValue
): TensorArchive {
  const holders = new Map<string, Shard>()
  const entries: TensorEntry[] = []
  const contents = new Map<FileValue, FileValue>()
  for (const shard of shards) {
    for (const entry of shard.archive.entries) {
      const decided = owner.get(entry.name)
      if (decided !== undefined && decided !== shard.name) continue
      const other = holders.get(entry.name)
      if (other) {
        throw new FormatError(
          `${source.name}: ${entry.name.slice(0, 100)} stands in ${other.name} and in ${shard.name}; one of them is needed, as an index tells`
        )
      }
      holders.set(entry.name, shard)
      entries.push(entry)
      contents.set(entry.name, entry)
    }
  }
  if (metadata !== null) contents.set('__metadata__', metadata)
  const kinds = [...new Set(shards.map(({archive}) => archive.format))]
  const named = namedIn(shards)
  const holderOf = (name: string): TensorArchive => {
    const shard = holders.get(name)
    if (!shard) throw new FormatError(`${source.name}: no tensor is named ${name}; it holds ${holders.size} others`)
    return shard.archive
  }
  return {
    format: `${kinds.join(' and ')} in ${shards.length} files`,
    source,
    entries,
    contents,
    findings: [
      ...shards.flatMap(({name, archive}) => within(name, archive.findings)),
      ...absent(owner, holders, shards)
    ],
    ...(named.length > 0 ? {named} : {}),
    read: async (name) => holderOf(name).read(name),
    pieces: (name, box, {inOrder = false} = {}) =>
      piecesOf(holderOf(name), contents.get(name) as TensorEntry, box, inOrder)
  }
}

// Shards of one checkpoint name the same classes: each is told once, with the calls of all.
function namedIn(shards: readonly Shard[]): NamedGlobal[] {
  const byName = new Map<string, NamedGlobal>()
  for (const global of shards.flatMap(({archive}) => archive.named ?? [])) {
    const before = byName.get(global.name)
    const callCount = (before?.callCount ?? 0) + global.callCount
    byName.set(global.name, {...global, ...before, callCount})
  }
  return [...byName.values()]
}

const within = (shard: string, findings: readonly Finding[]): Finding[] =>
  findings.map(({kind, text}) => ({kind, text: kind === 'skipped' ? text : `${shard}: ${text}`}))

// What an index promises and its shard does not list, unless the shard says itself why it left it out.
function absent(
  owner: ReadonlyMap<string, string>,
  holders: ReadonlyMap<string, Shard>,
  shards: readonly Shard[]
): Finding[] {
  const leftOut = new Set(shards.flatMap(({archive}) => archive.findings.map(({text}) => text.split(':')[0])))
  const names = [...owner.keys()].filter((name) => !holders.has(name) && !leftOut.has(name))
  return names.map((name) => ({
    kind: 'skipped',
    text: `${name.slice(0, 200)}: the index says it is in ${owner.get(name)!.slice(0, 100)}, which does not hold it`
  }))
}
