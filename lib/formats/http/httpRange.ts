import type {HttpPlace} from './httpAddress'
import {connectTo, type HttpConnection, type HttpOptions} from './httpConnection'
import {brokenOff, refusal, wrongPart} from './httpTrouble'

/** What came of asking for a stretch of a file. */
export type RangeAnswer =
  /** The stretch, or less at the file's end. `total` is null where the server's answer hides it from a page. */
  | {
      readonly kind: 'part'
      readonly bytes: Uint8Array
      readonly total: number | null
      readonly version: string
      readonly url: string
    }
  /** The server takes no notice of ranges: the whole file is on its way. */
  | {readonly kind: 'whole'; readonly connection: HttpConnection}
  /** The server packs what it sends, so a range counts packed bytes and means nothing. */
  | {readonly kind: 'packed'}

/**
 * Asks for bytes `start` to `end` (exclusive) of a file. The one header is of the kind that a browser sends to another
 * site without asking first, which content networks often refuse (Fetch standard, CORS-safelisted request-header);
 * If-Range is not, so answers are compared instead. Throws ReaderError.
 */
export async function askRange(
  place: HttpPlace,
  start: number,
  end: number,
  options: HttpOptions
): Promise<RangeAnswer> {
  const connection = await connectTo(place, {headers: {range: `bytes=${start}-${end - 1}`}}, options)
  const {status, headers, url} = connection.response
  if (status === 200) return {kind: 'whole', connection}
  if (status !== 206) {
    connection.close()
    throw refusal(place, status)
  }
  if (isPacked(headers)) {
    connection.close()
    return {kind: 'packed'}
  }
  const [, from, , total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? []
  if (from !== undefined && Number(from) !== start) {
    connection.close()
    throw wrongPart(place, `bytes from ${from}`, `bytes from ${start}`)
  }
  const bytes = await collected(place, connection, end - start)
  const size = total === undefined || total === '*' ? null : Number(total)
  const promised = Math.min(end, size ?? end) - start
  if (size !== null && bytes.length < promised) throw brokenOff(place, bytes.length)
  return {kind: 'part', bytes, total: size, version: versionOf(headers), url: url || place.url}
}

/** Whether what is sent was packed on the way, as far as the server lets a page know. */
export function isPacked(headers: Headers): boolean {
  return (headers.get('content-encoding') ?? 'identity') !== 'identity'
}

/** What tells one version of a file from the next: its ETag, or the date that every page may read. */
export function versionOf(headers: Headers): string {
  return headers.get('etag') ?? headers.get('last-modified') ?? ''
}

async function collected(place: HttpPlace, connection: HttpConnection, most: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(most)
  let filled = 0
  for await (const part of connection.parts()) {
    if (filled + part.length > most) throw wrongPart(place, `more than ${most} bytes`, `${most} bytes`)
    bytes.set(part, filled)
    filled += part.length
  }
  return filled === most ? bytes : bytes.slice(0, filled)
}
