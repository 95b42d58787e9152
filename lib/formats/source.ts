/**
 * Bytes that can be read in any order without reading the rest: a File, memory, a file on disk.
 * `read` never returns fewer bytes than asked for; it throws FormatError when the range leaves the source.
 */
export interface ByteSource {
  readonly name: string
  /** In bytes. */
  readonly size: number
  read(offset: number, length: number): Promise<Uint8Array>
}
