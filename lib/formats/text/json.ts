import {FormatError} from '@/lib/core/errors'
import {sizeText} from '../sizeText'
import {jsonMemory} from './jsonMemory'
import type {Json} from './jsonRecord'

// Three bytes of JSON may make an object of fifty: what a text asks for is counted before it is given.
const freeBytes = 40e6

/** Text in JSON as plain values. Throws FormatError when it is none, or would fill far more memory than it takes. */
export function parsedJson(bytes: Uint8Array, where: string): Json {
  const needed = jsonMemory(bytes, where)
  if (needed > freeBytes + bytes.length) {
    throw new FormatError(
      `${where}: its values need about ${sizeText(needed)} of memory, the text has ${sizeText(bytes.length)}; it is not an honest file`
    )
  }
  const text = new TextDecoder().decode(bytes)
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new FormatError(`${where}: the text is not JSON; it starts ${JSON.stringify(text.slice(0, 40))}`)
  }
}
