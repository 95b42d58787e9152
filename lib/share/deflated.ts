import {FormatError} from '@/lib/core/errors'

const headerBytes = 10
const trailerBytes = 8

/**
 * Deflates (RFC 1951). Not every engine we run on packs without a wrapper, so gzip's is cut off; `inflated` of
 * lib/formats puts it back.
 */
export async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'))
  const packed = new Uint8Array(await new Response(stream).arrayBuffer())
  // No flag set means that the header has no name, no comment and no extra field.
  if (packed[3] !== 0) throw new FormatError('share: this engine packs with a longer header than can be cut off')
  return packed.slice(headerBytes, packed.length - trailerBytes)
}
