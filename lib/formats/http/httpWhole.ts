import {joinedBytes} from '../joinedBytes'
import type {HttpPlace} from './httpAddress'
import type {HttpConnection} from './httpConnection'
import {isPacked} from './httpRange'
import {brokenOff, tooLargeWhole} from './httpTrouble'

export interface WholeOptions {
  /** In bytes; a larger file is refused. */
  readonly most: number
  /** Bytes so far and in all, the latter null while nobody knows. */
  readonly onProgress?: ((done: number, total: number | null) => void) | undefined
}

/**
 * A file that its server gives only whole, unpacked. Throws ReaderError when it is larger than `most` or breaks off.
 */
export async function readWhole(
  place: HttpPlace,
  connection: HttpConnection,
  {most, onProgress}: WholeOptions
): Promise<Uint8Array> {
  const {headers} = connection.response
  const packed = isPacked(headers)
  const told = headers.get('content-length')
  // The length of what is packed says nothing about what comes out.
  const total = told === null || packed ? null : Number(told)
  const why = packed
    ? 'the server packs what it sends, so no part can be asked for'
    : 'the server gives no parts of a file'
  if (total !== null && total > most) {
    connection.close()
    throw tooLargeWhole(place, total, most, why)
  }
  const parts: Uint8Array[] = []
  let done = 0
  onProgress?.(0, total)
  for await (const part of connection.parts()) {
    done += part.length
    if (done > most) throw tooLargeWhole(place, null, most, why)
    parts.push(part)
    onProgress?.(done, total)
  }
  // Where a page may not see that it was packed, more comes out than was told; less is a file cut short.
  if (total !== null && done < total) throw brokenOff(place, done)
  return joinedBytes(parts)
}
