import {FormatError} from '@/lib/core/errors'
import {sizeText} from './sizeText'

/**
 * Bytes that can be read in any order without reading the rest: a File, memory, a file on disk.
 * `read` never returns fewer bytes than asked for; it throws FormatError when the range leaves the source.
 * The bytes belong to the caller: no other reader sees them.
 */
export interface ByteSource {
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** Where it lies when that is another machine: then every byte has its price. */
  readonly remote?: RemoteReading
  read(offset: number, length: number): Promise<Uint8Array>
  /** Lets go of what was read ahead: of thousands of files it would fill the memory. Reading goes on as before. */
  release?(): void
}

/** How a file on a server is read. */
export interface RemoteReading {
  /** Who is asked for it, port included. */
  readonly host: string
  /** Bytes that have come so far. */
  fetched(): number
  /** The server gives no parts, so all of it has been fetched and lies in memory. */
  readonly whole: boolean
}

// A browser takes a third of a millisecond for any read, and a checkpoint has thousands of small ones in file order.
const smallRead = 16e3
const windowBytes = 128e3

/** A File or Blob, read in place; small reads are served from a stretch of bytes that is read at once. */
export function blobSource(blob: Blob, name: string, stretch = windowBytes): ByteSource {
  let ahead: {readonly start: number; readonly end: number; readonly bytes: Promise<Uint8Array>} | null = null
  return {
    name,
    size: blob.size,
    async read(offset, length) {
      checkRange(name, blob.size, offset, length)
      if (length > smallRead) return readBlob(blob, name, offset, length)
      if (!ahead || offset < ahead.start || offset + length > ahead.end) {
        const end = Math.min(blob.size, offset + Math.max(length, stretch))
        ahead = {start: offset, end, bytes: readBlob(blob, name, offset, end - offset)}
      }
      const {start, bytes} = ahead
      return (await bytes).slice(offset - start, offset - start + length)
    },
    release: () => {
      ahead = null
    }
  }
}

async function readBlob(blob: Blob, name: string, offset: number, length: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer())
  } catch {
    // A browser says only NotReadableError, for a file that changed and for a range it cannot allocate alike.
    throw new FormatError(
      `${name}: ${sizeText(length)} at byte ${offset} could not be read; the file may have changed since it was opened, or the range is more than this browser reads at once`
    )
  }
}

/** Bytes already in memory, which it does not copy until they are read. */
export function memorySource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      checkRange(name, bytes.length, offset, length)
      // Not slice: Node's Buffer answers a view of itself.
      return new Uint8Array(bytes.subarray(offset, offset + length))
    }
  }
}

/** Throws FormatError unless `length` bytes at `offset` lie inside a source of `size` bytes. */
export function checkRange(name: string, size: number, offset: number, length: number): void {
  const inside = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0
  if (!inside || offset + length > size) {
    throw new FormatError(
      `${name}: bytes ${offset} to ${offset + length} are needed, the file has ${size}; it may be incomplete`
    )
  }
}
