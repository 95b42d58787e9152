import type {Storage} from './stridedTensor'

// Converted piece by piece, so that raw bytes and values do not both fill memory.
const piece = 1 << 20

/**
 * A storage of float32 over one that keeps each element in `size` bytes: `convert` turns the raw bytes of whole elements
 * into their values, one to one. What is asked of it are whole elements.
 */
export function convertedStorage(raw: Storage, size: number, convert: (bytes: Uint8Array) => Float32Array): Storage {
  return {
    byteLength: Math.floor(raw.byteLength / size) * 4,
    async read(offset, length) {
      const start = offset / 4
      const count = length / 4
      const values = new Float32Array(count)
      for (let done = 0; done < count; done += piece) {
        const step = Math.min(piece, count - done)
        values.set(convert(await raw.read((start + done) * size, step * size)), done)
      }
      return new Uint8Array(values.buffer)
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
