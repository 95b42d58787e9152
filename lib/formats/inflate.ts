import {FormatError} from '@/lib/core/errors'

/** A deflated stretch of a file, as a zip directory describes it. */
export interface Deflated {
  readonly name: string
  readonly compressedSize: number
  readonly size: number
  readonly crc32: number
  /** Reads `length` compressed bytes from `offset` within the stretch. */
  read(offset: number, length: number): Promise<Uint8Array>
}

// Deflate cannot shrink by more than this (RFC 1951: 258 bytes from 2 bits).
const bestRatio = 1032
const pieceBytes = 1 << 16

/**
 * `length` inflated bytes from `offset`, holding little more in memory than those. Asked up to the last of all, the
 * platform has also checked the CRC. Throws FormatError when the stretch is broken or its stated sizes cannot be true.
 */
export async function inflated(entry: Deflated, offset: number, length: number): Promise<Uint8Array> {
  if (entry.size > entry.compressedSize * bestRatio) {
    throw new FormatError(
      `zip: ${entry.name} claims ${entry.size} bytes from ${entry.compressedSize}, more than deflate can pack`
    )
  }
  try {
    return await bytesFrom(gzipPieces(entry), offset, offset + length, offset + length === entry.size)
  } catch (error) {
    if (error instanceof FormatError) throw error
    throw new FormatError(`zip: ${entry.name} does not inflate to the ${entry.size} bytes and the checksum it claims`)
  }
}

// Gzip is deflate between a header and a checksum that the zip directory holds too. Not every engine we run on has
// 'deflate-raw', and none of those checks a CRC.
async function* gzipPieces(entry: Deflated): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  yield new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
  for (let at = 0; at < entry.compressedSize; at += pieceBytes) {
    yield (await entry.read(at, Math.min(pieceBytes, entry.compressedSize - at))) as Uint8Array<ArrayBuffer>
  }
  const trailer = new DataView(new ArrayBuffer(8))
  trailer.setUint32(0, entry.crc32, true)
  trailer.setUint32(4, entry.size, true)
  yield new Uint8Array(trailer.buffer)
}

// Feeds a piece when nothing comes out, and not before: piped, an engine may swallow the whole stretch at once. What
// comes out, from `start` to `end`, is kept in memory that grows with it, so that a stated size costs nothing until it
// is true. The `whole` is read to its end, since only then is the checksum known.
async function bytesFrom(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, undefined>,
  start: number,
  end: number,
  whole: boolean
): Promise<Uint8Array> {
  const {readable, writable} = new DecompressionStream('gzip')
  const reader = readable.getReader()
  const writer = writable.getWriter()
  const feed = async () => {
    const {value, done} = await pieces.next()
    await (done ? writer.close() : writer.write(value))
    return done ? 'closed' : 'fed'
  }
  let bytes = new Uint8Array(Math.min(end - start, 1 << 20))
  let seen = 0
  let reading = reader.read()
  let writing = feed()
  try {
    while (whole || seen < end) {
      const event = await Promise.race([reading, writing])
      if (event === 'fed') writing = feed()
      else if (event === 'closed') writing = never
      else if (typeof event === 'object') {
        if (event.done) break
        reading = reader.read()
        if (whole && event.value.length > end - seen) throw new RangeError('long stream')
        const part = event.value.subarray(Math.max(0, start - seen), end - seen)
        const filled = Math.max(0, seen - start)
        bytes = withRoom(bytes, filled + part.length, end - start)
        bytes.set(part, filled)
        seen += event.value.length
      }
    }
  } finally {
    // Let go of everything, and hear no more of it.
    for (const rest of [reading, writing, reader.cancel(), writer.abort()]) rest.catch(() => {})
  }
  if (seen < end) throw new RangeError('short stream')
  return bytes
}

const never = new Promise<never>(() => {})

function withRoom(bytes: Uint8Array<ArrayBuffer>, needed: number, limit: number): Uint8Array<ArrayBuffer> {
  if (needed <= bytes.length) return bytes
  const grown = new Uint8Array(Math.min(limit, Math.max(2 * bytes.length, needed)))
  grown.set(bytes)
  return grown
}
