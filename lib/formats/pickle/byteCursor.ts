import {FormatError} from '@/lib/core/errors'

/** The bytes ran out in the middle of a value. `needed` bytes would have been enough for it. */
export class PickleTruncated extends FormatError {
  readonly needed: number

  constructor(needed: number, available: number) {
    super(`pickle: a value needs ${needed} bytes, there are ${available}; the file may be incomplete`)
    this.needed = needed
  }
}

const utf8 = new TextDecoder()

/**
 * A place in a pickle, and the kinds of number and text that stand there. Lengths are checked before anything is made.
 */
export class ByteCursor {
  position: number
  readonly bytes: Uint8Array
  private readonly view: DataView

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = position
  }

  /** A view of the next `length` bytes. */
  take(length: number): Uint8Array {
    const start = this.skip(length)
    return this.bytes.subarray(start, start + length)
  }

  u8(): number {
    return this.view.getUint8(this.skip(1))
  }

  u16(): number {
    return this.view.getUint16(this.skip(2), true)
  }

  i32(): number {
    return this.view.getInt32(this.skip(4), true)
  }

  u32(): number {
    return this.view.getUint32(this.skip(4), true)
  }

  u64(): number {
    return Number(this.view.getBigUint64(this.skip(8), true))
  }

  /** The one big-endian value of the format. */
  f64(): number {
    return this.view.getFloat64(this.skip(8), false)
  }

  /** `length` bytes of UTF-8. */
  text(length: number): string {
    return utf8.decode(this.take(length))
  }

  /** `length` bytes, one character each: what Python 2 called a string. */
  latin1(length: number): string {
    return latin1(this.take(length))
  }

  /** Up to the next line feed, without it. */
  line(): string {
    const start = this.position
    this.skipLine()
    return latin1(this.bytes.subarray(start, this.position - 1))
  }

  /** Past the next line feed. */
  skipLine(): void {
    const end = this.bytes.indexOf(10, this.position)
    if (end < 0) throw new PickleTruncated(this.bytes.length + 1, this.bytes.length)
    this.position = end + 1
  }

  /** Past the next `length` bytes; where they started. */
  skip(length: number): number {
    const start = this.position
    if (!(length >= 0))
      throw new FormatError(`pickle: a length of ${length} at byte ${start}; lengths are not negative`)
    if (start + length > this.bytes.length) throw new PickleTruncated(start + length, this.bytes.length)
    this.position = start + length
    return start
  }
}

/** Each byte as the character of its number. TextDecoder's latin1 is another one (windows-1252). */
function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}
