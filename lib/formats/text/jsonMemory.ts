import {FormatError} from '@/lib/core/errors'
import {KeyShapes, noKeys, type Shape, unknownShape} from './keyShapes'

// What V8 was measured to take (test/formats/bombs.test.ts), in bytes.
const perList = 60
const perObject = 80
const perMember = 24
const deepest = 512

// Objects of the same keys in the same order share what is known of them. A key that is new there is described, and
// with it all that stand before it in its object, until there are too many to describe.
const perSharedKey = 16
const perNewKey = 240
const perKeyBefore = 24
const describedKeys = 128
const perKeyOfMany = 250

interface Level {
  keys: number
  shape: Shape
}

/**
 * About what the values of a text in JSON would take, in bytes, told by its punctuation and keys. Throws FormatError
 * when they stand too deep in each other.
 */
export function jsonMemory(bytes: Uint8Array, where: string): number {
  const shapes = new KeyShapes(bytes)
  const levels: Level[] = [{keys: 0, shape: noKeys}]
  let needed = 0
  let [textStart, textEnd] = [0, 0]
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === quote) {
      textStart = i + 1
      textEnd = endOfText(bytes, textStart)
      i = textEnd
    } else if (byte === comma) needed += perMember
    else if (byte === colon) needed += keyMemory(levels.at(-1)!, shapes, textStart, textEnd)
    else if (byte === openList || byte === openObject) {
      needed += byte === openList ? perList : perObject
      levels.push({keys: 0, shape: noKeys})
      if (levels.length > deepest)
        throw new FormatError(
          `${where}: lists and objects stand more than ${deepest} deep in each other; fewer are read`
        )
    } else if ((byte === closeList || byte === closeObject) && levels.length > 1) levels.pop()
  }
  return needed
}

const [quote, comma, colon, openList, closeList, openObject, closeObject, backslash] = [...'",:[]{}\\'].map((sign) =>
  sign.charCodeAt(0)
)

/** Where the quote stands that closes a text, or where the bytes end. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at
}

/** What the next key of an object takes, which stands from `start` to `end`. */
function keyMemory(level: Level, shapes: KeyShapes, start: number, end: number): number {
  const index = level.keys++
  if (index >= describedKeys) return perKeyOfMany
  const known = shapes.known(level.shape, start, end)
  level.shape = known === unknownShape ? shapes.add(level.shape, start, end) : known
  return known === unknownShape ? perNewKey + perKeyBefore * index : perSharedKey
}
