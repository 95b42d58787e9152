import type {Storage} from './stridedTensor'

// Converted piece by piece, so that raw bytes and values do not both fill memory.
const piece = 1 << 18

/**
 * A storage of float32 over one that keeps every `perBlock` elements in `size` bytes: `convert` turns the raw bytes of
 * whole blocks into their values. A part of a block costs the whole of it.
 */
export function convertedStorage(
  raw: Storage,
  size: number,
  convert: (bytes: Uint8Array) => Float32Array,
  perBlock = 1
): Storage {
  return {
    byteLength: Math.floor(raw.byteLength / size) * perBlock * 4,
    async read(offset, length) {
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
}

/** The same for elements of one byte, of which there are only 256 kinds. */
export function tableStorage(raw: Storage, value: (bits: number) => number): Storage {
  const table = Float32Array.from({length: 256}, (_, bits) => value(bits))
  return convertedStorage(raw, 1, (bytes) => {
    const values = new Float32Array(bytes.length)
    for (let i = 0; i < bytes.length; i++) values[i] = table[bytes[i]!]!
    return values
  })
}
