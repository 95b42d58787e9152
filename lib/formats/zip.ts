import {FormatError} from '@/lib/core/errors'
import {inflated} from './inflate'
import {sizeText} from './sizeText'
import type {ByteSource} from './source'
import type {Storage} from './stridedTensor'

// The zip format: PKWARE APPNOTE 6.3, sections 4.3 (records) and 4.5.3 (zip64 extra field).

export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly compressedSize: number
  readonly size: number
  readonly crc32: number
  /** Where its local header stands in the file. */
  readonly headerOffset: number
}

/** A zip whose directory has been read, and nothing else. */
export interface Zip {
  readonly entries: ReadonlyMap<string, ZipEntry>
  /** Bytes of the directory. */
  readonly directorySize: number
  /** `length` bytes from `offset` of an entry as it was before packing. A stored entry is read in place. */
  read(entry: ZipEntry, offset: number, length: number): Promise<Uint8Array>
  /** The same, as something tensors can look into. */
  storage(entry: ZipEntry): Storage
}

// A packed entry has to be unpacked in memory, so it has a limit; a stored one does not.
const maxInflated = 1 << 30
const longestDirectory = 1 << 28
// Every sentence about an entry names it.
const longestName = 400

/** Reads the directory of a zip, zip64 included. Throws FormatError when it is broken, encrypted or ambiguous. */
export async function openZip(source: ByteSource): Promise<Zip> {
  const directory = await readDirectory(source)
  const entries = new Map<string, ZipEntry>()
  for (const entry of parseDirectory(directory.bytes, directory.count)) {
    if (entries.has(entry.name))
      throw new FormatError(`zip: ${entry.name} stands in the directory twice; once is needed`)
    entries.set(entry.name, entry)
  }
  const starts = new Map<ZipEntry, number>()
  const read = async (entry: ZipEntry, offset: number, length: number) => {
    if (offset + length > entry.size) {
      throw new FormatError(`zip: ${entry.name} has ${entry.size} bytes, ${offset + length} are needed`)
    }
    const start = starts.get(entry) ?? (await dataStart(source, entry))
    starts.set(entry, start)
    if (entry.method === 0) return source.read(start + offset, length)
    const packed = {...entry, read: (at: number, count: number) => source.read(start + at, count)}
    return inflated(packed, offset, length)
  }
  const storage = (entry: ZipEntry): Storage => ({
    byteLength: entry.size,
    ...(entry.method === 0 ? {} : {packed: true}),
    read: (offset, length) => read(entry, offset, length)
  })
  return {entries, directorySize: directory.bytes.length, read, storage}
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

function* parseDirectory(bytes: Uint8Array, count: number): Generator<ZipEntry> {
  const view = viewOf(bytes)
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw new FormatError(`zip: the directory claims ${count} entries and holds ${i}; the file is damaged`)
    }
    const nameLength = view.getUint16(at + 28, true)
    if (nameLength > longestName) {
      throw new FormatError(`zip: entry ${i} has a name of ${nameLength} bytes; at most ${longestName} are read`)
    }
    const nameEnd = at + 46 + nameLength
    const extraEnd = nameEnd + view.getUint16(at + 30, true)
    if (extraEnd > bytes.length) {
      throw new FormatError(
        `zip: entry ${i} of the directory reaches byte ${extraEnd} of ${bytes.length}; the file is damaged`
      )
    }
    const name = new TextDecoder().decode(bytes.subarray(at + 46, nameEnd))
    const flags = view.getUint16(at + 8, true)
    if (flags & 1) throw new FormatError(`zip: ${name} is encrypted; an archive without a password is needed`)
    if (name.split(/[/\\]/).includes('..')) {
      throw new FormatError(`zip: an entry is named ${name.slice(0, 100)}; names may not lead out of the archive`)
    }
    yield {
      name,
      ...sizes(view, at, nameEnd, extraEnd),
      method: view.getUint16(at + 10, true),
      crc32: view.getUint32(at + 16, true)
    }
    at = extraEnd + view.getUint16(at + 32, true)
  }
}

// Sizes and offset of 4 bytes each; those that do not fit read 0xffffffff and stand, in this order, in an extra field.
function sizes(view: DataView, at: number, extraStart: number, extraEnd: number) {
  const short = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)]
  let long = extraStart
  let longEnd = extraStart
  for (let field = extraStart; field + 4 <= extraEnd; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue
    long = field + 4
    longEnd = Math.min(extraEnd, long + view.getUint16(field + 2, true))
    break
  }
  const [size, compressedSize, headerOffset] = short.map((value) => {
    if (value !== 0xffffffff || long + 8 > longEnd) return value
    long += 8
    return Number(view.getBigUint64(long - 8, true))
  })
  return {size: size!, compressedSize: compressedSize!, headerOffset: headerOffset!}
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
