const table = Uint32Array.from({length: 256}, (_, index) => {
  let remainder = index
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1
  return remainder
})

/**
 * The CRC-32 that zip, gzip and PNG use (ISO 3309, reflected polynomial 0xedb88320), unsigned; of bytes that follow
 * others, given theirs as `before`.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let remainder = ~before
  for (let i = 0; i < bytes.length; i++) remainder = table[(remainder ^ bytes[i]!) & 255]! ^ (remainder >>> 8)
  return ~remainder >>> 0
}
