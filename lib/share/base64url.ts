import {FormatError} from '@/lib/core/errors'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const places = new Map([...letters].map((letter, place) => [letter, place]))

/** Characters that so many bytes take. */
export const base64urlLength = (bytes: number): number => Math.ceil((bytes * 4) / 3)

/** Bytes as base64url without padding (RFC 4648, section 5): what an address may hold as it is. */
export function toBase64url(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const four = [18, 12, 6, 0].map((shift) => letters[(three >> shift) & 63]!).join('')
    parts.push(four.slice(0, base64urlLength(Math.min(3, bytes.length - i))))
  }
  return parts.join('')
}

/**
 * Bytes from base64url. A last group that was cut gives the bytes it still holds. Throws FormatError for any other
 * character.
 */
export function fromBase64url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let held = 0
  let bits = 0
  let at = 0
  for (const letter of text) {
    const place = places.get(letter)
    if (place === undefined) {
      throw new FormatError(`share: found ${JSON.stringify(letter)} in a link; needed letters, digits, - and _`)
    }
    held = ((held << 6) | place) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >> bits) & 255
    }
  }
  return bytes.subarray(0, at)
}
