import {type Codec, decode} from '@/lib/core/codec'
import {FormatError} from '@/lib/core/errors'
import {type Strangers, strangerKeys, withStrangers} from './strangerKeys'

/** Characters of keys that a later version wrote and this one carries on. */
const mostStrange = 100_000

/** JSON text as bytes, with the keys that a later version put beside those that are known here. */
export function jsonBytes(text: string, strangers: Strangers | null = null): Uint8Array {
  const whole = strangers === null ? text : JSON.stringify(withStrangers(JSON.parse(text), strangers))
  return new TextEncoder().encode(whole)
}

/**
 * What a section of JSON says, by the text that `known` writes of it, and what it says beyond that. Throws FormatError
 * where more is strange than is carried on.
 */
export function strangersOf(bytes: Uint8Array, known: string): Strangers | null {
  const found: unknown = JSON.parse(new TextDecoder().decode(bytes))
  const strangers = strangerKeys(found, JSON.parse(known))
  if (strangers !== null && textLength(strangers) > mostStrange) {
    throw new FormatError(`share: found more than ${mostStrange} characters of a later version; needed fewer`)
  }
  return strangers
}

/** A section of JSON whose shape is known. Throws FormatError for any other, and for more bytes than `most`. */
export function readJson<T>(codec: Codec<T>, bytes: Uint8Array, most = Number.POSITIVE_INFINITY): T {
  if (bytes.length > most) throw new FormatError(`share: found ${bytes.length} bytes of text; needed at most ${most}`)
  return decode(codec, new TextDecoder().decode(bytes))
}

// Text that is nested deeper than can be written again counts as endless.
function textLength(value: unknown): number {
  try {
    return JSON.stringify(value).length
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
