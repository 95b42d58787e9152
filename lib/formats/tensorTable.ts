import type {DType, FileValue, Inert, TensorEntry} from './archive'
import {checkStrided, entryOf, type Storage, type StridedTensor} from './stridedTensor'

/**
 * What a pickle's tensors stand on, kept beside the values the pickle is made of. An entry has no name until the whole
 * structure around it is known.
 */
export class TensorTable {
  readonly tensors = new Map<TensorEntry, StridedTensor>()
  /** Records that stand for a tensor we do not turn into numbers, and why, as the start of a sentence. */
  readonly skipped = new Map<Inert, string>()
  private readonly storages = new WeakMap<Inert, {storage: Storage; dtype: DType | null; type: string}>()

  /** Enters a tensor; throws FormatError when it reaches out of its storage. */
  add(tensor: StridedTensor, where: string): TensorEntry {
    checkStrided(tensor, where)
    const entry = entryOf('', tensor)
    this.tensors.set(entry, tensor)
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

  /** A record in place of a storage; tensors find the bytes by it. */
  addStorage(type: string, key: string, dtype: DType | null, storage: Storage): Inert {
    const record: Inert = {kind: 'inert', global: type, args: [key, storage.byteLength], state: null}
    this.storages.set(record, {storage, dtype, type})
    return record
  }

  storageOf(record: FileValue | undefined) {
    return typeof record === 'object' && record !== null ? this.storages.get(record as Inert) : undefined
  }
}
