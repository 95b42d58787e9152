import {FormatError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {ByteSource} from '../source'

const listed = 5

/**
 * The given files by the names an index uses. A name is looked up among them and nowhere else, so one that leads out of
 * the folder finds nothing. Throws FormatError naming those that are missing.
 */
export function shardsByName(
  index: string,
  needed: readonly string[],
  given: readonly ByteSource[]
): ReadonlyMap<string, ByteSource> {
  const byName = new Map(given.map((source) => [source.name, source]))
  const missing = needed.filter((name) => !byName.has(name))
  if (missing.length > 0) {
    const names = missing.slice(0, listed).map((name) => name.slice(0, 100))
    const rest = missing.length - names.length
    const list = `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
    const found = `${index}: names ${plural(needed.length, 'file')}, of which ${missing.length === needed.length ? 'none is' : `${missing.length} ${missing.length === 1 ? 'is' : 'are'} not`} here (${list})`
    throw new FormatError(`${found}; open them together with it`, {title: 'Parts of the checkpoint are missing'})
  }
  return new Map(needed.map((name) => [name, byName.get(name)!]))
}
