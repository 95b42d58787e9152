import {crc32} from '@/lib/formats/crc32'
import type {Bitmap} from '@/lib/views/bitmap'

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** A picture as PNG (ISO 15948): eight bits each of red, green, blue and opacity, its rows unfiltered. */
export async function pngBytes({width, height, rgba}: Bitmap): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 6], 8)
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', await deflatedRows(width, height, rgba)),
    chunk('IEND', new Uint8Array())
  ]
  return new Uint8Array(await new Blob([Uint8Array.from(signature), ...chunks]).arrayBuffer())
}

function deflatedRows(width: number, height: number, rgba: Bitmap['rgba']): Promise<Uint8Array> {
  const rows = new Uint8Array(height * (width * 4 + 1))
  // The byte before each row names its filter: none.
  for (let y = 0; y < height; y++) rows.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1)
  const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Response(packed).arrayBuffer().then((buffer) => new Uint8Array(buffer))
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
