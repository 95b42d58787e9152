import {crc32} from './crc32'

/** An array to write, row-major. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

interface Member {
  readonly name: Uint8Array
  readonly header: Uint8Array
  readonly values: Uint8Array
  readonly crc: number
  readonly offset: number
}

// Zip dates begin here, and the same arrays should always give the same bytes.
const date1980 = 0x0021
const largest = 0xffffffff

/**
 * A .npz as numpy.savez writes it: stored, float32, little-endian, C order. Throws RangeError for a shape that does not
 * fit its values, for two arrays of one name, and past 4 GB.
 */
export function npzBytes(arrays: readonly NamedArray[]): Uint8Array<ArrayBuffer> {
  if (new Set(arrays.map(({name}) => name)).size < arrays.length) throw new RangeError('npz: two arrays have one name')
  let at = 0
  const members = arrays.map((array): Member => {
    const member = memberOf(array, at)
    at += 30 + sizeOf(member) + member.name.length
    return member
  })
  const directory = members.map(directoryEntry)
  const directoryLength = directory.reduce((sum, {length}) => sum + length, 0)
  if (at + directoryLength > largest) throw new RangeError(`npz: ${at} bytes; at most ${largest} are written`)
  return joined([
    ...members.flatMap((member) => [localHeader(member), member.name, member.header, member.values]),
    ...directory,
    endRecord(members.length, directoryLength, at)
  ])
}

function memberOf({name, shape, values}: NamedArray, offset: number): Member {
  const count = shape.reduce((product, length) => product * length, 1)
  if (count !== values.length) throw new RangeError(`npz: ${name} is (${shape}), ${count} values, got ${values.length}`)
  const header = npyHeader(shape)
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return {
    name: new TextEncoder().encode(`${name}.npy`),
    header,
    values: bytes,
    crc: crc32(joined([header, bytes])),
    offset
  }
}

// Version 1.0; NumPy pads the header so that the values start on a multiple of 64 bytes.
function npyHeader(shape: readonly number[]): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dims}), }`
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
  return joined([
    new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]),
    new TextEncoder().encode(padded)
  ])
}

// The fields that the local header and the directory share: version 2.0, names in UTF-8, stored.
function sharedFields({crc, name, header, values}: Member): number[][] {
  const size = header.length + values.length
  return [u16(20), u16(0x0800), u16(0), u16(0), u16(date1980), u32(crc), u32(size), u32(size), u16(name.length), u16(0)]
}

function localHeader(member: Member): Uint8Array {
  return Uint8Array.from([u32(0x04034b50), ...sharedFields(member)].flat())
}

function directoryEntry(member: Member): Uint8Array {
  const rest = [u16(0), u16(0), u16(0), u32(0), u32(member.offset)]
  const fields = [u32(0x02014b50), u16(20), ...sharedFields(member), ...rest].flat()
  return joined([Uint8Array.from(fields), member.name])
}

function endRecord(count: number, length: number, offset: number): Uint8Array {
  return Uint8Array.from(
    [u32(0x06054b50), u16(0), u16(0), u16(count), u16(count), u32(length), u32(offset), u16(0)].flat()
  )
}

function sizeOf({header, values}: Member): number {
  return header.length + values.length
}

function u16(value: number): number[] {
  return [value & 255, (value >> 8) & 255]
}

function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)]
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
