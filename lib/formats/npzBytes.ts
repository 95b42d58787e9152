import {crc32} from './crc32'
import {joinedBytes} from './joinedBytes'
import {npyHeader} from './npyBytes'

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
  return joinedBytes([
    ...members.flatMap((member) => [localHeader(member), member.name, member.header, member.values]),
    ...directory,
    endRecord(members.length, directoryLength, at)
  ])
}

function memberOf({name, shape, values}: NamedArray, offset: number): Member {
  const count = shape.reduce((product, length) => product * length, 1)
  if (count !== values.length) throw new RangeError(`npz: ${name} is (${shape}), ${count} values, got ${values.length}`)
  const header = npyHeader('f32', shape)
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return {
    name: new TextEncoder().encode(`${name}.npy`),
    header,
    values: bytes,
    crc: crc32(joinedBytes([header, bytes])),
    offset
  }
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
  return joinedBytes([Uint8Array.from(fields), member.name])
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
