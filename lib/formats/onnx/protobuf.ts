import {FormatError} from '@/lib/core/errors'
import type {SourceCursor} from '../sourceCursor'

/** One field of a message: a number where it is one, else where its bytes lie. */
export interface Field {
  readonly number: number
  /** The value of a varint; null for every other wire type. */
  readonly value: bigint | null
  readonly start: number
  readonly end: number
  /** Protocol Buffers' wire type: 0 varint, 1 eight bytes, 2 with its length before it, 5 four bytes. */
  readonly wire: number
}

// Large models have hundreds of thousands; a field of two bytes costs more time than it is worth.
const mostFields = 2_000_000
const fieldsMet = new WeakMap<SourceCursor, number>()

/** The fields of the message that ends at `end`; the bytes of those with a length are passed over, not read. */
export async function* fieldsOf(cursor: SourceCursor, end: number): AsyncGenerator<Field, undefined> {
  while (cursor.position < end) {
    const met = (fieldsMet.get(cursor) ?? 0) + 1
    if (met > mostFields) throw broken(`more than ${mostFields} fields before byte ${cursor.position}; fewer are read`)
    fieldsMet.set(cursor, met)
    const tag = Number(await varint(cursor, end))
    const [number, wire] = [Math.floor(tag / 8), tag % 8]
    const start = cursor.position
    if (wire === 0) {
      const value = await varint(cursor, end)
      yield {number, value, start, end: cursor.position, wire}
      continue
    }
    if (wire !== 1 && wire !== 2 && wire !== 5) throw broken(`a field of wire type ${wire} at byte ${start}`)
    const length = wire === 1 ? 8 : wire === 5 ? 4 : Number(await varint(cursor, end))
    const from = cursor.position
    if (from + length > end) throw broken(`a field of ${length} bytes at byte ${from}, its message ends at ${end}`)
    yield {number, value: null, start: from, end: from + length, wire}
    // Whoever took the field may have read in it.
    cursor.position = from
    cursor.skip(length)
  }
}

// Seven bits a byte, the lowest first; the highest bit says that more follow.
async function varint(cursor: SourceCursor, end: number): Promise<bigint> {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    if (cursor.position >= end) throw broken(`a number at byte ${cursor.position} that its message does not hold`)
    if (!cursor.has(1)) await cursor.need(1)
    const byte = cursor.u8()
    value |= BigInt(byte & 127) << shift
    if (byte < 128) return BigInt.asUintN(64, value)
  }
  throw broken(`a number of more than ten bytes before byte ${cursor.position}`)
}

/** The varints that fill `bytes`, `count` of them. */
export function varintsIn(bytes: Uint8Array, count: number, name: string): BigUint64Array {
  const values = new BigUint64Array(count)
  let at = 0
  for (let i = 0; i < count; i++) {
    let value = 0n
    let shift = 0n
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63n) {
        throw broken(`${i} numbers for ${name}, whose shape needs ${count}`)
      }
      value |= BigInt(byte & 127) << shift
      if (byte < 128) break
      shift += 7n
    }
    values[i] = BigInt.asUintN(64, value)
  }
  if (at !== bytes.length) throw broken(`more numbers for ${name} than the ${count} of its shape`)
  return values
}

const broken = (found: string) => new FormatError(`ONNX: found ${found}; the file is damaged or is no model`)
