import {FormatError} from '@/lib/core/errors'
import {sizeText} from '../sizeText'

export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json}

// Three bytes of JSON may make an object of fifty: what a text asks for is counted before it is given.
const freeBytes = 40e6
const perContainer = 80
const perMember = 24
// An object of few keys shares what it knows of them with its like; one of many keeps them by itself.
const perKey = 40
const fewKeys = 64
const perKeyOfMany = 250
const deepest = 512

/** Text in JSON as plain values. Throws FormatError when it is none, or would fill far more memory than it takes. */
export function parsedJson(bytes: Uint8Array, where: string): Json {
  const needed = memoryOf(bytes, where)
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

/** About what the values of a text take, in bytes, told by its punctuation. */
function memoryOf(bytes: Uint8Array, where: string): number {
  const keys: number[] = [0]
  let needed = 0
  let inText = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inText) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) inText = false
    } else if (byte === 0x22) inText = true
    else if (byte === 0x2c) needed += perMember
    else if (byte === 0x3a) needed += ++keys[keys.length - 1]! > fewKeys ? perKeyOfMany : perKey
    else if (byte === 0x5b || byte === 0x7b) {
      needed += perContainer
      keys.push(0)
      if (keys.length > deepest)
        throw new FormatError(
          `${where}: lists and objects stand more than ${deepest} deep in each other; fewer are read`
        )
    } else if ((byte === 0x5d || byte === 0x7d) && keys.length > 1) keys.pop()
  }
  return needed
}

/** Whether a value is an object with keys, and not a list. */
export function isRecord(value: unknown): value is {readonly [key: string]: Json} {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
