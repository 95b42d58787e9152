import {crc32} from './crc32'
import {joinedBytes} from './joinedBytes'

/** A file to put into a zip, in as many pieces as it comes. */
export interface ZipMember {
  readonly name: string
  readonly parts: readonly Uint8Array[]
}

interface Placed {
  readonly name: Uint8Array
  readonly parts: readonly Uint8Array[]
  readonly size: number
  readonly crc: number
  readonly offset: number
}

// Zip dates begin here, and the same files should always give the same bytes.
const date1980 = 0x0021
const largest = 0xffffffff
const longestComment = 0xffff
/** As many entries, or more, are counted in records of their own (section 4.3.14). */
const manyEntries = 0xffff

/**
 * A zip of files that are stored as they are (PKWARE APPNOTE 6.3), names and comment in UTF-8. Throws RangeError past
 * 4 GB and for a comment beyond 65,535 bytes.
 */
export function zipBytes(files: readonly ZipMember[], comment = ''): Uint8Array<ArrayBuffer> {
  const note = new TextEncoder().encode(comment)
  if (note.length > longestComment) {
    throw new RangeError(`zip: a comment of ${note.length} bytes; at most ${longestComment} are written`)
  }
  let at = 0
  const members = files.map((file): Placed => {
    const member = placed(file, at)
    at += 30 + member.size + member.name.length
    return member
  })
  const directory = members.map(directoryEntry)
  const directoryLength = directory.reduce((sum, {length}) => sum + length, 0)
  if (at + directoryLength > largest) throw new RangeError(`zip: ${at} bytes; at most ${largest} are written`)
  return joinedBytes([
    ...members.flatMap((member) => [localHeader(member), member.name, ...member.parts]),
    ...directory,
    ...(members.length < manyEntries ? [] : [endRecords64(members.length, directoryLength, at)]),
    endRecord(Math.min(members.length, manyEntries), directoryLength, at, note.length),
    note
  ])
}

const placed = ({name, parts}: ZipMember, offset: number): Placed => ({
  name: new TextEncoder().encode(name),
  parts,
  size: parts.reduce((sum, {length}) => sum + length, 0),
  crc: crc32(joinedBytes(parts)),
  offset
})

// The fields that the local header and the directory share: version 2.0, names in UTF-8, stored.
const sharedFields = ({crc, name, size}: Placed): number[][] => [
  u16(20),
  u16(0x0800),
  u16(0),
  u16(0),
  u16(date1980),
  u32(crc),
  u32(size),
  u32(size),
  u16(name.length),
  u16(0)
]

const localHeader = (member: Placed): Uint8Array => Uint8Array.from([u32(0x04034b50), ...sharedFields(member)].flat())

function directoryEntry(member: Placed): Uint8Array {
  const rest = [u16(0), u16(0), u16(0), u32(0), u32(member.offset)]
  const fields = [u32(0x02014b50), u16(20), ...sharedFields(member), ...rest].flat()
  return joinedBytes([Uint8Array.from(fields), member.name])
}

const endRecord = (count: number, length: number, offset: number, comment: number): Uint8Array =>
  Uint8Array.from(
    [u32(0x06054b50), u16(0), u16(0), u16(count), u16(count), u32(length), u32(offset), u16(comment)].flat()
  )

/** The count in 8 bytes, and where that stands: version 4.5, one disk. */
const endRecords64 = (count: number, length: number, offset: number): Uint8Array =>
  Uint8Array.from(
    [
      ...[u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0)],
      ...[u64(count), u64(count), u64(length), u64(offset)],
      ...[u32(0x07064b50), u32(0), u64(offset + length), u32(1)]
    ].flat()
  )

const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255]

const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)]

// Below 4 GB, as all that is written here is.
const u64 = (value: number): number[] => [...u32(value), ...u32(0)]
