import {FormatError} from '@/lib/core/errors'

// The directory of a zip: PKWARE APPNOTE 6.3, sections 4.3.12 (its records) and 4.5.3 (zip64 extra field).

export interface ZipEntry {
  /** Which record of the directory describes it. */
  readonly place: number
  readonly name: string
  readonly method: number
  readonly compressedSize: number
  readonly size: number
  readonly crc32: number
  /** Where its local header stands in the file. */
  readonly headerOffset: number
}

// Every sentence about an entry names it.
const longestName = 400
const recordLength = 46
// Writers that know no zip64 count on from 0, and their directory goes on behind as many as it claims.
const countsTo = 0x10000
const leadsOut = /(^|[/\\])\.\.($|[/\\])/
const utf8 = new TextDecoder()

const miscounted = (claimed: number, found: number) =>
  new FormatError(`zip: the directory claims ${claimed} entries and holds ${found}; the file is damaged`)

/**
 * What a zip holds, by name, in the order of its directory. Every record is looked at once; of each only its name and
 * place are kept, since a checkpoint may have a hundred thousand, and an entry is made when it is asked for.
 */
export class ZipDirectory {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private readonly places = new Map<string, number>()

  /** Throws FormatError when a record is broken, uncounted, encrypted, named twice, or named as something outside the archive. */
  constructor(bytes: Uint8Array, count: number) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let place = 0
    let found = 0
    for (; found < count || this.isRecord(place); found++) {
      const end = this.checkedEnd(place, found, count)
      const name = this.nameAt(place)
      if (this.view.getUint16(place + 8, true) & 1)
        throw new FormatError(`zip: ${name} is encrypted; an archive without a password is needed`)
      if (leadsOut.test(name))
        throw new FormatError(`zip: an entry is named ${name.slice(0, 100)}; names may not lead out of the archive`)
      if (this.places.has(name)) throw new FormatError(`zip: ${name} stands in the directory twice; once is needed`)
      this.places.set(name, place)
      place = end
    }
    if ((found - count) % countsTo !== 0) throw miscounted(count, found)
  }

  get size(): number {
    return this.places.size
  }

  has(name: string): boolean {
    return this.places.has(name)
  }

  get(name: string): ZipEntry | undefined {
    const place = this.places.get(name)
    return place === undefined ? undefined : this.at(place)
  }

  /** The entry that the record at `place` describes. */
  at(place: number): ZipEntry {
    const [size, compressedSize, headerOffset] = this.sizesAt(place)
    return {
      place,
      name: this.nameAt(place),
      method: this.view.getUint16(place + 10, true),
      compressedSize,
      size,
      crc32: this.view.getUint32(place + 16, true),
      headerOffset
    }
  }

  keys(): IterableIterator<string> {
    return this.places.keys()
  }

  *values(): Generator<ZipEntry, undefined> {
    for (const place of this.places.values()) yield this.at(place)
  }

  private nameAt(place: number): string {
    const start = place + recordLength
    return utf8.decode(this.bytes.subarray(start, start + this.view.getUint16(place + 28, true)))
  }

  private isRecord(place: number): boolean {
    return place + recordLength <= this.bytes.length && this.view.getUint32(place, true) === 0x02014b50
  }

  /** Where the next record begins, once this one is known to lie inside the directory. */
  private checkedEnd(place: number, index: number, count: number): number {
    const {bytes, view} = this
    if (!this.isRecord(place)) throw miscounted(count, index)
    const nameLength = view.getUint16(place + 28, true)
    if (nameLength > longestName) {
      throw new FormatError(`zip: entry ${index} has a name of ${nameLength} bytes; at most ${longestName} are read`)
    }
    const extraEnd = place + recordLength + nameLength + view.getUint16(place + 30, true)
    if (extraEnd > bytes.length) {
      throw new FormatError(
        `zip: entry ${index} of the directory reaches byte ${extraEnd} of ${bytes.length}; the file is damaged`
      )
    }
    return extraEnd + view.getUint16(place + 32, true)
  }

  // Sizes and offset of 4 bytes each; those that do not fit read 0xffffffff and stand, in this order, in an extra field.
  private sizesAt(place: number): [size: number, compressedSize: number, headerOffset: number] {
    const {view} = this
    let {at, end} = this.longSizes(place)
    const sizeOf = (field: number) => {
      const short = view.getUint32(place + field, true)
      if (short !== 0xffffffff || at + 8 > end) return short
      at += 8
      return Number(view.getBigUint64(at - 8, true))
    }
    return [sizeOf(24), sizeOf(20), sizeOf(42)]
  }

  /** Where the zip64 extra field of a record holds its numbers; an empty stretch when there is none. */
  private longSizes(place: number): {at: number; end: number} {
    const {view} = this
    const start = place + recordLength + view.getUint16(place + 28, true)
    const end = start + view.getUint16(place + 30, true)
    for (let field = start; field + 4 <= end; field += 4 + view.getUint16(field + 2, true)) {
      if (view.getUint16(field, true) === 1)
        return {at: field + 4, end: Math.min(end, field + 4 + view.getUint16(field + 2, true))}
    }
    return {at: start, end: start}
  }
}
