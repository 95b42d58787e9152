import {FormatError} from '@/lib/core/errors'
import {inflated} from './inflate'
import {sizeText} from './sizeText'
import type {ByteSource} from './source'
import type {Storage} from './stridedTensor'
import {ZipDirectory, type ZipEntry} from './zipDirectory'

// The zip format: PKWARE APPNOTE 6.3, section 4.3 (records).

// A packed entry has to be unpacked in memory, so it has a limit; a stored one does not.
const maxInflated = 1 << 30
const longestDirectory = 1 << 28

/** Reads the directory of a zip, zip64 included. Throws FormatError when it is broken, encrypted or ambiguous. */
export async function openZip(source: ByteSource): Promise<Zip> {
  const {bytes, count} = await readDirectory(source)
  return new Zip(source, new ZipDirectory(bytes, count), bytes.length)
}

/** A zip whose directory has been read, and nothing else. */
export class Zip {
  readonly entries: ZipDirectory
  /** Bytes of the directory. */
  readonly directorySize: number
  private readonly source: ByteSource
  /** Where the bytes of an entry begin, by its place in the directory: told by a header of its own. */
  private readonly starts = new Map<number, number>()

  constructor(source: ByteSource, entries: ZipDirectory, directorySize: number) {
    this.source = source
    this.entries = entries
    this.directorySize = directorySize
  }

  /** `length` bytes from `offset` of an entry as it was before packing. A stored entry is read in place. */
  async read(entry: ZipEntry, offset: number, length: number): Promise<Uint8Array> {
    if (offset + length > entry.size) {
      throw new FormatError(`zip: ${entry.name} has ${entry.size} bytes, ${offset + length} are needed`)
    }
    const start = this.starts.get(entry.place) ?? (await dataStart(this.source, entry))
    this.starts.set(entry.place, start)
    if (entry.method === 0) return this.source.read(start + offset, length)
    const packed = {...entry, read: (at: number, count: number) => this.source.read(start + at, count)}
    return inflated(packed, offset, length)
  }

  /** The same, as something tensors can look into: all of it, or the first `byteLength` bytes. */
  storage({place, method, size}: ZipEntry, byteLength = size): Storage {
    return new EntryStorage(this, place, byteLength, method !== 0)
  }
}

/** An entry that is looked up when it is read: of thousands of storages only a few ever are. */
class EntryStorage implements Storage {
  readonly byteLength: number
  readonly packed: boolean
  private readonly zip: Zip
  private readonly place: number

  constructor(zip: Zip, place: number, byteLength: number, packed: boolean) {
    this.zip = zip
    this.place = place
    this.byteLength = byteLength
    this.packed = packed
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.zip.read(this.zip.entries.at(this.place), offset, length)
  }
}

const endRecord = 0x06054b50
const endLocator64 = 0x07064b50
const endRecord64 = 0x06064b50

interface Directory {
  readonly offset: number
  readonly length: number
  readonly count: number
}

// Most directories lie whole in the tail that was read to find them.
async function readDirectory(source: ByteSource): Promise<{bytes: Uint8Array; count: number}> {
  const length = Math.min(source.size, 22 + 20 + 0xffff)
  const start = source.size - length
  const tail = await source.read(start, length)
  const directory = await findDirectory(source, tail)
  const end = directory.offset + directory.length
  if (end > source.size || directory.length > longestDirectory) {
    throw new FormatError(
      `zip: the directory is ${sizeText(directory.length)} and ends at byte ${end}, the file has ${source.size}; the download may be incomplete`
    )
  }
  const bytes =
    directory.offset >= start
      ? tail.subarray(directory.offset - start, end - start)
      : await source.read(directory.offset, directory.length)
  return {bytes, count: directory.count}
}

// The directory's place is told by a record at the very end, which only a comment of up to 64 kB may follow.
async function findDirectory(source: ByteSource, tail: Uint8Array): Promise<Directory> {
  const view = viewOf(tail)
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== endRecord || view.getUint16(at + 20, true) !== tail.length - 22 - at) continue
    if (at >= 20 && view.getUint32(at - 20, true) === endLocator64) {
      return directory64(source, view.getBigUint64(at - 12, true))
    }
    return {
      count: view.getUint16(at + 10, true),
      length: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true)
    }
  }
  throw new FormatError(
    `zip: the file ends (at ${sizeText(source.size)}) without the directory that closes every zip; the download may be incomplete`
  )
}

async function directory64(source: ByteSource, at: bigint): Promise<Directory> {
  const view = viewOf(await source.read(Number(at), 56))
  if (view.getUint32(0, true) !== endRecord64) {
    throw new FormatError(`zip: no zip64 end record at byte ${at}, where the file says it is; the file is damaged`)
  }
  const number = (offset: number) => Number(view.getBigUint64(offset, true))
  return {count: number(32), length: number(40), offset: number(48)}
}

async function dataStart(
  source: ByteSource,
  {name, method, headerOffset, compressedSize, size}: ZipEntry
): Promise<number> {
  if (method !== 0 && method !== 8) {
    throw new FormatError(`zip: ${name} is packed by method ${method}; stored (0) and deflated (8) entries are read`)
  }
  if (method === 0 && compressedSize !== size) {
    throw new FormatError(`zip: ${name} is stored, yet claims ${compressedSize} bytes for ${size}; the file is damaged`)
  }
  if (method === 8 && size > maxInflated) {
    throw new FormatError(
      `zip: ${name} unpacks to ${sizeText(size)}, at most ${sizeText(maxInflated)} are unpacked; save it without compression`
    )
  }
  const header = viewOf(await source.read(headerOffset, 30))
  if (header.getUint32(0, true) !== 0x04034b50) {
    throw new FormatError(`zip: ${name} has no header at byte ${headerOffset}, where the directory says it is`)
  }
  return headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true)
}

function viewOf({buffer, byteOffset, byteLength}: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
