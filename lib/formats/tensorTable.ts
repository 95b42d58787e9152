import type {DType, FileValue, Inert, TensorEntry} from './archive'
import {checkStrided, entryOf, isPacked, PackedTensor, type Storage, type StridedTensor} from './stridedTensor'

/**
 * What a pickle's tensors stand on, kept beside the values the pickle is made of. An entry has no name until the whole
 * structure around it is known.
 */
export class TensorTable {
  readonly tensors = new Map<TensorEntry, StridedTensor>()
  /** Records that stand for a tensor we do not turn into numbers, and why, as the start of a sentence. */
  readonly skipped = new Map<Inert, string>()

  /** Enters a tensor; throws FormatError when it reaches out of its storage. */
  add(tensor: StridedTensor, where: string): TensorEntry {
    checkStrided(tensor, where)
    const kept = ownCopy(tensor)
    const entry = entryOf('', kept)
    this.tensors.set(entry, kept)
    return entry
  }

  /** A record in place of a tensor that is not read. */
  skip(what: string, shape: FileValue, dtype: string | null): Inert {
    const sizes = Array.isArray(shape)
      ? ` of shape (${shape
          .slice(0, 64)
          .map((length) => (typeof length === 'number' ? length : '?'))
          .join(', ')})`
      : ''
    const record: Inert = {kind: 'inert', global: what, args: [shape, dtype], state: null}
    this.skipped.set(record, `${what}${sizes}${dtype ? `, ${dtype},` : ''}`)
    return record
  }
}

// A pickle may go on with the lists that it gave as shape and strides.
function ownCopy({storage, dtype, offset, shape, strides, stored}: StridedTensor): StridedTensor {
  if (isPacked(shape, strides)) return new PackedTensor(storage, dtype, [...shape], offset, stored)
  return {storage, dtype, offset, shape: [...shape], strides: [...strides], stored}
}

/** A record in place of a storage; tensors find the bytes by it. */
export class StorageRecord implements Inert {
  readonly kind = 'inert'
  readonly state = null
  /** The class that the pickle names, `torch.FloatStorage`. */
  readonly global: string
  readonly storage: Storage
  /** Null for elements that are not turned into numbers. */
  readonly dtype: DType | null
  private readonly key: string

  constructor(global: string, key: string, dtype: DType | null, storage: Storage) {
    this.global = global
    this.key = key
    this.dtype = dtype
    this.storage = storage
  }

  get args(): readonly FileValue[] {
    return [this.key, this.storage.byteLength]
  }
}
