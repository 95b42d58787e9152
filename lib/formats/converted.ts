import {float8} from './elements'
import type {Storage} from './stridedTensor'

// Converted piece by piece, so that raw bytes and values do not both fill memory.
const piece = 1 << 18

/**
 * A storage of float32 over one that keeps every `perBlock` elements in `size` bytes: `convert` turns the raw bytes of
 * whole blocks into their values. A part of a block costs the whole of it.
 */
export class ConvertedStorage implements Storage {
  readonly byteLength: number
  private readonly raw: Storage
  private readonly size: number
  private readonly convert: (bytes: Uint8Array) => Float32Array
  private readonly perBlock: number

  constructor(raw: Storage, size: number, convert: (bytes: Uint8Array) => Float32Array, perBlock = 1) {
    this.byteLength = Math.floor(raw.byteLength / size) * perBlock * 4
    this.raw = raw
    this.size = size
    this.convert = convert
    this.perBlock = perBlock
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const {raw, size, convert, perBlock} = this
    const first = Math.floor(offset / 4 / perBlock)
    const last = Math.ceil((offset + length) / 4 / perBlock)
    const values = new Float32Array((last - first) * perBlock)
    for (let done = first; done < last; done += piece) {
      const step = Math.min(piece, last - done)
      values.set(convert(await raw.read(done * size, step * size)), (done - first) * perBlock)
    }
    const bytes = new Uint8Array(values.buffer)
    const from = offset - first * perBlock * 4
    return bytes.length === length ? bytes : bytes.slice(from, from + length)
  }
}

/** A storage of float32 over one of float8, of whose values there are only 256. */
export const float8Storage = (layout: 'e4m3fn' | 'e5m2', raw: Storage): Storage =>
  new ConvertedStorage(raw, 1, convertFloat8[layout])

const convertFloat8 = {e4m3fn: byTable('e4m3fn'), e5m2: byTable('e5m2')}

function byTable(layout: 'e4m3fn' | 'e5m2') {
  const table = Float32Array.from({length: 256}, (_, bits) => float8(layout, bits))
  return (bytes: Uint8Array) => {
    const values = new Float32Array(bytes.length)
    for (let i = 0; i < bytes.length; i++) values[i] = table[bytes[i]!]!
    return values
  }
}
