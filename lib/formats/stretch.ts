import type {Storage} from './stridedTensor'

/** A stretch of something that can be read, a source or another storage, as a storage of its own. */
export class Stretch implements Storage {
  readonly byteLength: number
  readonly bigEndian: boolean
  readonly packed: boolean
  private readonly whole: Pick<Storage, 'read' | 'packed'>
  private readonly start: number

  constructor(whole: Pick<Storage, 'read' | 'packed'>, start: number, byteLength: number, bigEndian = false) {
    this.whole = whole
    this.start = start
    this.byteLength = byteLength
    this.bigEndian = bigEndian
    this.packed = whole.packed === true
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.whole.read(this.start + offset, length)
  }
}
