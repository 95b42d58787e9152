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
 * The first `length` inflated bytes, holding no more in memory than that. Asked for all of them, the platform has also
 * checked the CRC. Throws FormatError when the stretch is broken or its stated sizes cannot be true.
 */
export async function inflated(entry: Deflated, length: number): Promise<Uint8Array> {
  if (entry.size > entry.compressedSize * bestRatio) {
    throw new FormatError(
      `zip: ${entry.name} claims ${entry.size} bytes from ${entry.compressedSize}, more than deflate can pack`
    )
  }
  try {
    const stream = asGzip(entry).pipeThrough(new DecompressionStream('gzip'))
    return await firstBytes(stream, length, length === entry.size)
  } catch (error) {
    if (error instanceof FormatError) throw error
    throw new FormatError(`zip: ${entry.name} does not inflate to the ${entry.size} bytes and the checksum it claims`)
  }
}

// Gzip is deflate between a header and a checksum that the zip directory holds too. Not every engine we run on has
// 'deflate-raw', and none of those checks a CRC.
function asGzip(entry: Deflated): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]))
    },
    async pull(controller) {
      const length = Math.min(pieceBytes, entry.compressedSize - at)
      if (length > 0) {
        const piece = await entry.read(at, length)
        at += length
        controller.enqueue(piece as Uint8Array<ArrayBuffer>)
        return
      }
      const trailer = new DataView(new ArrayBuffer(8))
      trailer.setUint32(0, entry.crc32, true)
      trailer.setUint32(4, entry.size, true)
      controller.enqueue(new Uint8Array(trailer.buffer))
      controller.close()
    }
  })
}

// Grows with what arrives, so that a stated size costs nothing until it is true. The `whole` is read to its end, since
// only then is the checksum known.
async function firstBytes(stream: ReadableStream<Uint8Array>, length: number, whole: boolean): Promise<Uint8Array> {
  const reader = stream.getReader()
  let bytes = new Uint8Array(Math.min(length, 1 << 20))
  let filled = 0
  try {
    while (whole || filled < length) {
      const {done, value} = await reader.read()
      if (done) break
      if (whole && value.length > length - filled) throw new RangeError('long stream')
      const part = value.subarray(0, length - filled)
      bytes = withRoom(bytes, filled + part.length, length)
      bytes.set(part, filled)
      filled += part.length
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
  if (filled < length) throw new RangeError('short stream')
  return bytes
}

function withRoom(bytes: Uint8Array<ArrayBuffer>, needed: number, limit: number): Uint8Array<ArrayBuffer> {
  if (needed <= bytes.length) return bytes
  const grown = new Uint8Array(Math.min(limit, Math.max(2 * bytes.length, needed)))
  grown.set(bytes)
  return grown
}
