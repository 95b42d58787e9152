import {FormatError} from '@/lib/core/errors'
import {crc32} from '@/lib/formats/crc32'
import {inflated} from '@/lib/formats/inflate'
import {byteReader} from './byteReader'
import {byteWriter} from './byteWriter'
import {deflated} from './deflated'
import {isRecord, recordMagic} from './isRecord'

/*
 * A record's outer form, the same in a link, a file and a store:
 *
 *   "DLNS"  version u8  sections u8
 *   for each section: tag u8, packing u8 (0 as it is, 1 deflated), size varint, stored size varint, CRC-32 of its bytes
 *   CRC-32 of everything so far
 *   the sections, one after the other
 *
 * The table stands in front with a check of its own, so that a section that is damaged or cut off costs itself alone.
 */

export const recordVersion = 1

/** Bytes of a record. */
export const mostRecordBytes = 8 * 2 ** 20
/** Bytes of all sections of a record, unpacked. */
export const mostUnpackedBytes = 32 * 2 ** 20
const mostSections = 64

export interface Section {
  readonly tag: number
  readonly bytes: Uint8Array
}

export interface Unpacked {
  readonly version: number
  /** The sections that passed their check, in their order. */
  readonly sections: readonly Section[]
  /** Tags of those that did not. */
  readonly damaged: readonly number[]
}

/** The sections as a record; each is packed where that makes it shorter. Equal sections give equal bytes. */
export async function pack(sections: readonly Section[]): Promise<Uint8Array> {
  const stored = await Promise.all(sections.map(({bytes}) => shorter(bytes)))
  const head = byteWriter()
  head.bytes(Uint8Array.from(recordMagic))
  head.u8(recordVersion)
  head.u8(sections.length)
  sections.forEach(({tag, bytes}, i) => {
    head.u8(tag)
    head.u8(stored[i] === bytes ? 0 : 1)
    head.varint(bytes.length)
    head.varint(stored[i]!.length)
    head.u32(crc32(bytes))
  })
  const table = head.finish()
  head.u32(crc32(table))
  for (const bytes of stored) head.bytes(bytes)
  return head.finish()
}

async function shorter(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await deflated(bytes)
  return packed.length < bytes.length ? packed : bytes
}

interface Entry {
  readonly tag: number
  readonly packing: number
  readonly size: number
  readonly stored: number
  readonly crc: number
}

/**
 * The sections of a record. Holds at most `mostUnpackedBytes` whatever the record claims. Throws FormatError when it is
 * no record, is of a later version, or its table is damaged or claims too much.
 */
export async function unpack(bytes: Uint8Array): Promise<Unpacked> {
  if (!isRecord(bytes)) throw new FormatError('share: this does not begin as an explanation does; needed "DLNS"')
  if (bytes.length > mostRecordBytes) {
    throw new FormatError(`share: found ${bytes.length} bytes; needed at most ${mostRecordBytes}`)
  }
  const {version, entries, from} = tableOf(bytes)
  const starts = startsOf(entries, from)
  const sections: Section[] = []
  const damaged: number[] = []
  // One after the other: so no more than one stretch is being unpacked at a time.
  for (const [i, entry] of entries.entries()) {
    const found = await sectionAt(bytes, starts[i]!, entry)
    if (found) sections.push({tag: entry.tag, bytes: found})
    else damaged.push(entry.tag)
  }
  return {version, sections, damaged}
}

/** Bytes that a record takes by its own table. Throws FormatError as `unpack` does. */
export function recordLength(bytes: Uint8Array): number {
  const {entries, from} = tableOf(bytes)
  return entries.reduce((end, {stored}) => end + stored, from)
}

function tableOf(bytes: Uint8Array): {version: number; entries: readonly Entry[]; from: number} {
  const reader = byteReader(bytes)
  reader.bytes(recordMagic.length)
  const version = reader.u8()
  if (version > recordVersion || version === 0) {
    throw new FormatError(`share: found a record of version ${version}; this app reads versions up to ${recordVersion}`)
  }
  const count = reader.u8()
  if (count > mostSections) throw new FormatError(`share: found ${count} sections; needed at most ${mostSections}`)
  const entries = Array.from({length: count}, () => ({
    tag: reader.u8(),
    packing: reader.u8(),
    size: reader.varint(),
    stored: reader.varint(),
    crc: reader.u32()
  }))
  const end = reader.position()
  if (reader.u32() !== crc32(bytes.subarray(0, end))) {
    throw new FormatError('share: the table of its parts is damaged; needed one that matches its checksum')
  }
  const claimed = entries.reduce((total, {size}) => total + size, 0)
  if (claimed > mostUnpackedBytes) {
    throw new FormatError(`share: claims ${claimed} bytes unpacked; needed at most ${mostUnpackedBytes}`)
  }
  return {version, entries, from: reader.position()}
}

function startsOf(entries: readonly Entry[], from: number): readonly number[] {
  let at = from
  return entries.map(({stored}) => {
    at += stored
    return at - stored
  })
}

/** Bytes that each section takes as it is stored, by tag. Throws FormatError as `unpack` does. */
export const storedSizes = (bytes: Uint8Array): ReadonlyMap<number, number> =>
  new Map(tableOf(bytes).entries.map(({tag, stored}) => [tag, stored]))

/** One section, or null where it is cut off or fails its check. */
async function sectionAt(bytes: Uint8Array, start: number, entry: Entry): Promise<Uint8Array | null> {
  const {packing, size, stored, crc} = entry
  if (start + stored > bytes.length || packing > 1 || (packing === 0 && size !== stored)) return null
  const here = bytes.subarray(start, start + stored)
  if (packing === 0) return crc32(here) === crc ? here : null
  try {
    const read = async (offset: number, length: number) => here.subarray(offset, offset + length)
    // Asked for all of it, this has compared the checksum too.
    return await inflated({name: `part ${entry.tag}`, compressedSize: stored, size, crc32: crc, read}, 0, size)
  } catch (error) {
    if (error instanceof FormatError) return null
    throw error
  }
}
