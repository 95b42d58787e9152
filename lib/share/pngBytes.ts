import {crc32} from '@/lib/formats/crc32'
import {joinedBytes} from '@/lib/formats/joinedBytes'
import type {Bitmap} from '@/lib/views/bitmap'

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** A picture as PNG (ISO 15948): eight bits each of red, green, blue and opacity, its rows unfiltered. */
export async function pngBytes(picture: Bitmap): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([pngRows(picture)]).stream().pipeThrough(new CompressionStream('deflate'))
  return pngFile(picture.width, picture.height, new Uint8Array(await new Response(packed).arrayBuffer()))
}

/** What of a picture is to be packed as a zlib stream. */
export function pngRows({width, height, rgba}: Bitmap): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array(height * (width * 4 + 1))
  // The byte before each row names its filter: none.
  for (let y = 0; y < height; y++) rows.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1)
  return rows
}

/** The file around rows that are packed. */
export function pngFile(width: number, height: number, packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 6], 8)
  return joinedBytes([
    Uint8Array.from(signature),
    chunk('IHDR', header),
    chunk('IDAT', packed),
    chunk('IEND', new Uint8Array())
  ])
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(new TextEncoder().encode(type), 4)
  bytes.set(data, 8)
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)))
  return bytes
}
