import {FormatError} from '@/lib/core/errors'

/** Reads what `byteWriter` wrote. Every call throws FormatError where the bytes end too early. */
export interface ByteReader {
  u8(): number
  u32(): number
  f32(): number
  /** Throws FormatError above 2³² as well: nothing here is as large. */
  varint(): number
  /** A view of the bytes themselves. */
  bytes(count: number): Uint8Array
  text(): string
  /** Where it stands, in bytes from the start. */
  position(): number
  /** Bytes that are left. */
  left(): number
}

export function byteReader(memory: Uint8Array): ByteReader {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
  let at = 0

  function take(count: number): number {
    if (count > memory.length - at) {
      throw new FormatError(`share: found ${memory.length - at} bytes at ${at}; needed ${count}`)
    }
    at += count
    return at - count
  }

  function varint(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const byte = view.getUint8(take(1))
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    throw new FormatError(`share: found a number of more than five bytes at ${at}; needed one below 2³²`)
  }

  function bytes(count: number) {
    const start = take(count)
    return memory.subarray(start, start + count)
  }

  return {
    u8: () => view.getUint8(take(1)),
    u32: () => view.getUint32(take(4), true),
    f32: () => view.getFloat32(take(4), true),
    varint,
    bytes,
    text: () => new TextDecoder().decode(bytes(varint())),
    position: () => at,
    left: () => memory.length - at
  }
}
