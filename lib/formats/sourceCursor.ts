import {FormatError} from '@/lib/core/errors'
import type {ByteSource} from './source'

// What is read in one stretch is read in ever larger pieces; after a jump, little is wanted.
const firstWindow = 1 << 11
const largestWindow = 1 << 22
const utf8 = new TextDecoder()

/**
 * A place in a source that is read from front to back, a stretch at a time. `need` brings bytes here; the values are
 * then
 * taken without waiting. Little-endian. `where` opens the sentences of its errors.
 */
export class SourceCursor {
  position: number
  private readonly source: ByteSource
  private readonly where: string
  private window = new Uint8Array()
  private view = new DataView(this.window.buffer)
  private start = 0
  private windowBytes = firstWindow

  constructor(source: ByteSource, where: string, position = 0) {
    this.source = source
    this.where = where
    this.position = position
  }

  /** Whether `length` bytes are at hand. */
  has(length: number): boolean {
    return this.position >= this.start && this.position + length <= this.start + this.window.length
  }

  /** Brings at least `length` bytes here. Throws FormatError when the source ends before them. */
  async need(length: number): Promise<void> {
    if (this.has(length)) return
    const {size} = this.source
    if (!Number.isSafeInteger(length) || length < 0 || this.position + length > size) {
      throw new FormatError(
        `${this.where}: ${length} bytes at byte ${this.position} are needed, the file has ${size}; it may be incomplete`
      )
    }
    const goesOn = this.position >= this.start && this.position <= this.start + this.window.length
    this.windowBytes = goesOn ? Math.min(largestWindow, 4 * this.windowBytes) : firstWindow
    const bytes = Math.max(length, Math.min(this.windowBytes, size - this.position))
    this.window = (await this.source.read(this.position, bytes)) as Uint8Array<ArrayBuffer>
    this.view = new DataView(this.window.buffer, this.window.byteOffset, this.window.byteLength)
    this.start = this.position
  }

  /** Goes on without reading what lies between. */
  skip(length: number): void {
    if (!Number.isSafeInteger(length) || length < 0 || this.position + length > this.source.size) {
      throw new FormatError(
        `${this.where}: ${length} bytes at byte ${this.position} are claimed, the file has ${this.source.size}; it may be incomplete`
      )
    }
    this.position += length
  }

  u8(): number {
    return this.view.getUint8(this.passed(1))
  }

  u32(): number {
    return this.view.getUint32(this.passed(4), true)
  }

  /** As a number: exact up to 2^53, and any value beyond is beyond every file. */
  u64(): number {
    return Number(this.view.getBigUint64(this.passed(8), true))
  }

  i64(): bigint {
    return this.view.getBigInt64(this.passed(8), true)
  }

  f32(): number {
    return this.view.getFloat32(this.passed(4), true)
  }

  f64(): number {
    return this.view.getFloat64(this.passed(8), true)
  }

  text(length: number): string {
    const at = this.passed(length)
    return utf8.decode(this.window.subarray(at, at + length))
  }

  private passed(length: number): number {
    const at = this.position - this.start
    this.position += length
    return at
  }
}
