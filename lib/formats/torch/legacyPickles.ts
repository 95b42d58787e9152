import {FormatError} from '@/lib/core/errors'
import type {FileValue, Inert} from '../archive'
import {isInert} from '../pickle/machine'
import type {PickleAccount} from '../pickle/pickleAccount'
import {unpickle} from '../pickle/unpickle'
import {sizeText} from '../sizeText'
import {Stretch} from '../stretch'
import type {Storage} from '../stridedTensor'
import {StorageRecord, type TensorTable} from '../tensorTable'
import {StorageRecords} from './storageRecords'
import {storageType} from './torchElement'
import {torchWorld} from './torchWorld'

// torch.serialization._legacy_save: five pickles (magic, version, system, the object, storage keys), then for each key
// an 8-byte element count and the elements.

// Each costs far more memory than the bytes that ask for it; a newer file lists its storages and may hold more.
const mostStorages = 100_000

const magic = 0x1950a86a20f9469cfc6cn

type Read = (offset: number, length: number) => Promise<Uint8Array>

export interface Legacy {
  readonly value: FileValue
  readonly account: PickleAccount
}

/**
 * Interprets the pickles at the head of a legacy file. Where each storage lies follows from the element counts the
 * pickle gives, so none is read. Throws PickleTruncated when `head` ends before the pickles do.
 */
export function readLegacy(head: Uint8Array, size: number, read: Read, table: TensorTable): Legacy {
  const plain = {known: new Map()}
  const first = unpickle(head, plain)
  if (first.value !== magic)
    throw new FormatError('PyTorch legacy: the first pickle is not the magic number; the file is damaged')
  const version = unpickle(head, plain, first.end)
  if (version.value !== 1001) {
    throw new FormatError(`PyTorch legacy: version ${shown(version.value)} of the format; 1001 is read`)
  }
  const system = unpickle(head, plain, version.end)
  if (!(system.value instanceof Map) || system.value.get('little_endian') !== true) {
    throw new FormatError('PyTorch legacy: saved on a big-endian machine; a little-endian checkpoint is needed')
  }
  const storages = new Map<string, LegacyStorage>()
  const records = new StorageRecords()
  let asked = 0
  const main = unpickle(
    head,
    torchWorld(table, (id) => {
      if (++asked > mostStorages)
        throw new FormatError(
          `PyTorch legacy: its storages are asked for more than ${mostStorages} times; fewer are read`
        )
      return persistentValue(id, storages, records, read)
    }),
    system.end
  )
  const keys = unpickle(head, plain, main.end)
  placeStorages(keys.value, keys.end, storages, size)
  return {value: main.value, account: main.account}
}

function persistentValue(
  id: FileValue,
  storages: Map<string, LegacyStorage>,
  records: StorageRecords,
  read: Read
): FileValue {
  const [kind, type, key, , count, view] = Array.isArray(id) ? (id as readonly FileValue[]) : []
  // A module's class comes with its source code, for a reader to compare; the class is what is meant.
  if (kind === 'module' && type !== undefined) return type
  const known = type !== undefined && isInert(type) ? storageType(type.global) : undefined
  if (kind !== 'storage' || !known || typeof key !== 'string' || !isCount(count)) {
    throw new FormatError('PyTorch legacy: a value outside the pickle is not named as a storage; the file is damaged')
  }
  const storage = storages.get(key) ?? new LegacyStorage(key, count, known.size, read)
  storages.set(key, storage)
  const name = (type as Inert).global
  if (!Array.isArray(view)) return records.of(name, key, () => new StorageRecord(name, key, known.dtype, storage))
  const [viewKey, start, length] = view as readonly FileValue[]
  if (!isCount(start) || !isCount(length) || (start + length) * known.size > storage.byteLength) {
    throw new FormatError(`PyTorch legacy: a view of storage ${key} reaches out of its ${storage.byteLength} bytes`)
  }
  const part = new Stretch(storage, start * known.size, length * known.size)
  return new StorageRecord(name, shown(viewKey), known.dtype, part)
}

/** A stretch of a legacy file, known by its length before it is known by its place. */
class LegacyStorage implements Storage {
  readonly byteLength: number
  private start: number | null = null
  private checked = false
  private readonly key: string
  private readonly count: number
  private readonly readFile: Read

  constructor(key: string, count: number, size: number, read: Read) {
    this.key = key
    this.count = count
    this.byteLength = count * size
    this.readFile = read
  }

  place(start: number): void {
    this.start = start
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.start === null)
      throw new FormatError(`PyTorch legacy: storage ${this.key} is used, and the file does not list it`)
    if (!this.checked) await this.check(this.start)
    return this.readFile(this.start + offset, length)
  }

  // Each storage opens with its own count: a second witness that we are where we think we are.
  private async check(start: number): Promise<void> {
    const bytes = await this.readFile(start - 8, 8)
    const count = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true)
    if (count !== BigInt(this.count)) {
      throw new FormatError(
        `PyTorch legacy: storage ${this.key} has ${count} elements where the pickle says ${this.count}; the file is damaged`
      )
    }
    this.checked = true
  }
}

function placeStorages(
  keys: FileValue,
  start: number,
  storages: ReadonlyMap<string, LegacyStorage>,
  size: number
): void {
  if (!Array.isArray(keys))
    throw new FormatError('PyTorch legacy: the list of storages is missing; the file is damaged')
  let at = start
  for (const key of keys) {
    const storage = storages.get(key)
    if (!storage)
      throw new FormatError(`PyTorch legacy: storage ${shown(key)} is listed, and nothing in the file uses it`)
    storage.place(at + 8)
    at += 8 + storage.byteLength
  }
  if (at > size) {
    throw new FormatError(
      `PyTorch legacy: its storages end at byte ${at} (${sizeText(at)}), the file has ${sizeText(size)}; the download may be incomplete`
    )
  }
}

function isCount(value: FileValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 48
}

function shown(value: FileValue | undefined): string {
  return typeof value === 'object' || value === undefined ? 'without a name' : String(value).slice(0, 40)
}
