/** Writes numbers and bytes one after the other, little-endian, into memory that grows. */
export interface ByteWriter {
  u8(value: number): void
  u32(value: number): void
  f32(value: number): void
  /** A whole number from 0 up, seven bits a byte, the lowest first. */
  varint(value: number): void
  bytes(values: Uint8Array): void
  /** Its length in bytes as a varint, then UTF-8. */
  text(value: string): void
  finish(): Uint8Array
}

export function byteWriter(): ByteWriter {
  let memory = new Uint8Array(256)
  let length = 0

  function room(count: number): DataView {
    if (length + count > memory.length) {
      const grown = new Uint8Array(Math.max(2 * memory.length, length + count))
      grown.set(memory)
      memory = grown
    }
    length += count
    return new DataView(memory.buffer, length - count, count)
  }

  function varint(value: number) {
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) room(1).setUint8(0, (rest % 128) + 128)
    room(1).setUint8(0, rest)
  }

  function bytes(values: Uint8Array) {
    room(values.length)
    memory.set(values, length - values.length)
  }

  return {
    u8: (value) => room(1).setUint8(0, value),
    u32: (value) => room(4).setUint32(0, value, true),
    f32: (value) => room(4).setFloat32(0, value, true),
    varint,
    bytes,
    text: (value) => {
      const encoded = new TextEncoder().encode(value)
      varint(encoded.length)
      bytes(encoded)
    },
    finish: () => memory.slice(0, length)
  }
}
