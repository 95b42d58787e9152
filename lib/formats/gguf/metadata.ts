import {FormatError} from '@/lib/core/errors'
import type {FileValue} from '../archive'
import {sizeText} from '../sizeText'
import type {SourceCursor} from '../sourceCursor'

// Every sentence about a tensor names it.
const longestName = 400
const longestText = 1 << 16
const longestList = 64

/** A name with its length before it, of up to 400 bytes. */
export async function nameOf(cursor: SourceCursor, what: string): Promise<string> {
  await cursor.need(8)
  const length = cursor.u64()
  if (length > longestName) throw new FormatError(`GGUF: ${what} has ${length} bytes; at most ${longestName} are read`)
  await cursor.need(length)
  return cursor.text(length)
}

// uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64: bytes of each.
const sizes = [1, 1, 2, 2, 4, 4, 4, 1, null, null, 8, 8, 8]
const stringType = 8
const arrayType = 9

/** A fact about the model. Lists are passed over when they are long, as vocabularies are. */
export async function metadataValue(cursor: SourceCursor): Promise<FileValue> {
  await cursor.need(4)
  const type = cursor.u32()
  if (type === arrayType) return list(cursor)
  return one(cursor, type)
}

async function one(cursor: SourceCursor, type: number): Promise<FileValue> {
  if (type === stringType) return longText(cursor)
  const size = sizes[type]
  if (!size) throw new FormatError(`GGUF: a fact about the model is of the unknown type ${type}; the file is damaged`)
  await cursor.need(size)
  switch (type) {
    case 6:
      return cursor.f32()
    case 12:
      return cursor.f64()
    case 7:
      return cursor.u8() !== 0
    default:
      return integer(cursor, size, type % 2 === 1)
  }
}

// Types of odd number are the signed ones.
function integer(cursor: SourceCursor, size: number, signed: boolean): FileValue {
  let bits = 0n
  for (let i = 0; i < size; i++) bits |= BigInt(cursor.u8()) << BigInt(8 * i)
  const value = signed ? BigInt.asIntN(8 * size, bits) : bits
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

// A chat template or a licence may be longer than anyone wants to keep.
async function longText(cursor: SourceCursor): Promise<FileValue> {
  await cursor.need(8)
  const length = cursor.u64()
  if (length > longestText) {
    cursor.skip(length)
    return `a text of ${sizeText(length)}`
  }
  await cursor.need(length)
  return cursor.text(length)
}

async function list(cursor: SourceCursor): Promise<FileValue> {
  await cursor.need(12)
  const type = cursor.u32()
  const count = cursor.u64()
  if (type === arrayType) throw new FormatError('GGUF: a list of lists stands in its metadata; plain lists are read')
  if (count <= longestList) {
    const values: FileValue[] = []
    for (let i = 0; i < count; i++) values.push(await one(cursor, type))
    return values
  }
  if (type === stringType) await passTexts(cursor, count)
  else {
    const size = sizes[type]
    if (!size) throw new FormatError(`GGUF: a list in its metadata is of the unknown type ${type}; the file is damaged`)
    cursor.skip(size * count)
  }
  return `a list of ${count}`
}

async function passTexts(cursor: SourceCursor, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    if (!cursor.has(8)) await cursor.need(8)
    cursor.skip(cursor.u64())
  }
}
