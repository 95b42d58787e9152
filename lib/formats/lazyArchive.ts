import {FormatError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {FileValue, Finding, NamedGlobal, TensorArchive, TensorEntry} from './archive'
import {sizeText} from './sizeText'
import type {ByteSource} from './source'
import {stridedPieces} from './stridedPieces'
import {readStrided, type StridedTensor} from './stridedTensor'

/** What a format has found out about a file before any values are read. */
export interface Listing {
  readonly format: string
  readonly source: ByteSource
  readonly tensors: ReadonlyMap<TensorEntry, StridedTensor>
  /** Those of them that are listed, in file order; all where it is absent. */
  readonly entries?: readonly TensorEntry[]
  readonly contents: FileValue
  readonly findings: readonly Finding[]
  readonly named?: readonly NamedGlobal[]
}

/** An archive that reads each tensor when it is asked for, and keeps none. */
export function lazyArchive(listing: Listing): TensorArchive {
  const {format, source, tensors, contents, findings, named} = listing
  const entries = listing.entries ?? [...tensors.keys()]
  let byName: ReadonlyMap<string, StridedTensor> | null = null
  const tensorOf = (name: string): StridedTensor => {
    byName ??= tensorsByName(entries, tensors)
    const tensor = byName.get(name)
    if (!tensor) throw new FormatError(`${source.name}: no tensor is named ${name}; it holds ${byName.size} others`)
    return tensor
  }
  return {
    format,
    source,
    entries,
    contents,
    findings: [...findings, ...conversions(entries)],
    ...(named ? {named} : {}),
    async read(name) {
      const tensor = tensorOf(name)
      try {
        return await readStrided(name, tensor)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        const size = sizeText(tensor.storage.byteLength)
        throw new FormatError(`${name}: stands on ${size}, and this machine could not set aside the memory to read it`)
      }
    },
    pieces: (name, box, {inOrder = false} = {}) => stridedPieces(name, tensorOf(name), box, inOrder)
  }
}

function tensorsByName(entries: readonly TensorEntry[], tensors: Listing['tensors']) {
  const byName = new Map<string, StridedTensor>()
  for (const entry of entries) byName.set(entry.name, tensors.get(entry)!)
  return byName
}

// Whoever compares these numbers with another program's should know that they are not the file's own.
function conversions(entries: readonly TensorEntry[]): Finding[] {
  const counts = new Map<string, number>()
  for (const {stored, dtype} of entries) {
    if (stored === undefined) continue
    const how = `${stored.split(',')[0]}, read as ${dtype}`
    counts.set(how, (counts.get(how) ?? 0) + 1)
  }
  return [...counts].map(([how, tensors]) => ({kind: 'note', text: `${plural(tensors, 'tensor')} stored as ${how}`}))
}
