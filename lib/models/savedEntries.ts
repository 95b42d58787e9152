import type {FileValue, TensorArchive, TensorEntry} from '@/lib/formats/archive'
import {isEntry, isMap} from './parameterNames'
import {sameShape, shapeText} from './shape'

/**
 * Where a checkpoint keeps the maps of its validation runs (DAAM-PEFT-paper-code, save_checkpoint). Nothing has been
 * read.
 */
export type SavedEntries =
  /** Per head, (layers of the head, features) each: batch means, in the order of the batches. */
  | {readonly kind: 'batch-means'; readonly heads: readonly (readonly TensorEntry[])[]; readonly held: number}
  /** Per block layer, the weights of each batch in the input's own shape. */
  | {readonly kind: 'per-sample'; readonly blockLayers: readonly (readonly TensorEntry[])[]}

const found = new WeakMap<ReadonlyMap<FileValue, FileValue>, SavedEntries | null>()

/**
 * Finds saved maps by the archive's structure; null where there are none, or only `None`. Looked for once, since every
 * module of a file asks.
 */
export function savedEntries({contents}: TensorArchive): SavedEntries | null {
  if (!isMap(contents)) return null
  const known = found.get(contents)
  if (known !== undefined) return known
  const entries = entriesIn(contents.get('attention_weights'))
  found.set(contents, entries)
  return entries
}

function entriesIn(batches: FileValue | undefined): SavedEntries | null {
  if (!Array.isArray(batches)) return null
  const held = (batches as readonly FileValue[]).filter((batch) => batch !== null)
  if (held.length === 0) return null
  return batchMeans(held) ?? perSample(held)
}

/** [batch][head]{'attention_maps': [map, …]} */
function batchMeans(batches: readonly FileValue[]): SavedEntries | null {
  const perBatch = batches.map(headLists)
  const first = perBatch[0]
  if (!first || first.length === 0) return null
  if (perBatch.some((lists) => lists?.length !== first.length)) return null
  const heads = first.map((_, head) => lastOf(perBatch.map((lists) => lists![head]!)))
  const held = first.reduce((most, _, head) => Math.max(most, heldBy(perBatch.map((lists) => lists![head]!))), 0)
  return heads.some((maps) => maps.length === 0) ? null : {kind: 'batch-means', heads, held}
}

function headLists(batch: FileValue): (readonly TensorEntry[])[] | null {
  if (!Array.isArray(batch)) return null
  const lists = (batch as readonly FileValue[]).map((head) => {
    const maps = isMap(head) ? head.get('attention_maps') : undefined
    return Array.isArray(maps) ? (maps as readonly FileValue[]).filter(isEntry) : null
  })
  return lists.every((list) => list !== null) ? lists : null
}

// A head keeps one list for the life of the training run and every batch refers to it, so the same list stands under
// each batch and holds the maps of all epochs so far: the epoch that was saved is its last n, n batches. A script
// that clears the list instead leaves one map of its own under each batch.
function lastOf(lists: readonly (readonly TensorEntry[])[]): readonly TensorEntry[] {
  return oneEach(lists) ? lists.map(([map]) => map!) : longest(lists).slice(-lists.length)
}

const heldBy = (lists: readonly (readonly TensorEntry[])[]): number =>
  oneEach(lists) ? lists.length : longest(lists).length

const oneEach = (lists: readonly (readonly TensorEntry[])[]): boolean =>
  lists.every((list) => list.length === 1) && new Set(lists.map(([map]) => map)).size === lists.length

const longest = (lists: readonly (readonly TensorEntry[])[]): readonly TensorEntry[] =>
  lists.reduce((a, b) => (b.length > a.length ? b : a))

/** [batch]{'layer_0': weights, …} */
function perSample(batches: readonly FileValue[]): SavedEntries | null {
  const first = batches[0]
  if (!isMap(first)) return null
  const names = [...first.keys()].filter((key) => /^layer_\d+$/.test(String(key)))
  const blockLayers = names.map((_, l) =>
    batches.map((batch) => (isMap(batch) ? batch.get(`layer_${l}`) : undefined)).filter(isEntry)
  )
  const whole = blockLayers.length > 0 && blockLayers.every(({length}) => length === batches.length)
  return whole ? {kind: 'per-sample', blockLayers} : null
}

/**
 * Rows of the map that saved batch means add up to, or a sentence saying why they cannot be used.
 * `layers` is what the rest of the checkpoint says, if it says so.
 */
export function savedLayers(
  heads: readonly (readonly TensorEntry[])[],
  {headCount, features, layers}: {headCount: number; features: number; layers: number | null}
): number | string {
  const shape = heads[0]![0]!.shape
  const [rows = 0, cols = 0] = shape
  const refuse = (why: string) => `attention_weights: ${why}, so the saved maps are not used`
  if (heads.length !== headCount) return refuse(`maps of ${heads.length} heads, the model has ${headCount}`)
  if (shape.length !== 2 || cols !== features)
    return refuse(`maps of ${shapeText(shape)}, (layers of the head, ${features}) is needed`)
  if (rows === 0 || cols === 0) return refuse(`maps of ${shapeText(shape)} hold no values`)
  if (heads.flat().some((map) => !sameShape(map.shape, shape))) return refuse('maps of different shapes')
  if (layers === null || rows * headCount === layers) return rows * headCount
  const own = layers / headCount
  if (rows % own === 0)
    return refuse(
      `${rows} rows per head where ${layers} layers over ${headCount} heads give ${own}: ${rows / own} GPUs wrote one after the other`
    )
  return refuse(`${rows} rows per head where ${layers} layers over ${headCount} heads give ${own}`)
}
