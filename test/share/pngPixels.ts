import {inflateSync} from 'node:zlib'

export interface Pixels {
  readonly width: number
  readonly height: number
  /** Four bytes each. */
  readonly rgba: Uint8Array
}

/** The pixels of a PNG of eight bits with or without opacity (ISO 15948), independent of what wrote it. */
export function pngPixels(png: Uint8Array): Pixels {
  const bytes = Buffer.from(png)
  if (bytes.toString('latin1', 1, 4) !== 'PNG') throw new Error('found no PNG')
  const data: Buffer[] = []
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
    const end = at + 8 + bytes.readUInt32BE(at)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(bytes.subarray(at + 8, end))
  }
  const [width, height, depth, kind] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[24], bytes[25]]
  const step = {2: 3, 6: 4}[kind!]
  if (depth !== 8 || !step) throw new Error(`found a PNG of depth ${depth} and kind ${kind}`)
  const rows = inflateSync(Buffer.concat(data))
  const line = width * step
  const plain = new Uint8Array(height * line)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (line + 1)]!
    for (let x = 0; x < line; x++) {
      const left = x >= step ? plain[y * line + x - step]! : 0
      const above = y > 0 ? plain[(y - 1) * line + x]! : 0
      const corner = x >= step && y > 0 ? plain[(y - 1) * line + x - step]! : 0
      const guess = [0, left, above, (left + above) >> 1, nearest(left, above, corner)][filter]!
      plain[y * line + x] = rows[y * (line + 1) + 1 + x]! + guess
    }
  }
  const rgba = new Uint8Array(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) rgba.set(plain.subarray(i * step, i * step + step), i * 4)
  return {width, height, rgba}
}

function nearest(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? above : corner
}
