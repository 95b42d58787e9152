import {type ByteSource, checkRange, memorySource} from '../source'
import type {HttpAddress, HttpPlace} from './httpAddress'
import {httpBlocks} from './httpBlocks'
import {connectTo, type HttpOptions} from './httpConnection'
import {askRange, isPacked, type RangeAnswer, versionOf} from './httpRange'
import {BrokenOff, changed, leadsElsewhere, NoAnswer, NotThere, refusal, tooLargeWhole, wrongPart} from './httpTrouble'
import {readWhole, type WholeOptions} from './httpWhole'

export interface HttpSourceOptions extends HttpOptions, Partial<WholeOptions> {}

/** A file on a server. Its parts are fetched when they are read, and shared by all that `heldBy` gives out. */
export interface HttpSource extends ByteSource {
  readonly remote: NonNullable<ByteSource['remote']>
  /** The same file for one who may let go of it: aborting `signal` ends what this one waits for. */
  heldBy(signal: AbortSignal | undefined): HttpSource
  /** Where a file that this one names beside itself lies. Throws ReaderError for a name that leads elsewhere. */
  beside(name: string): HttpAddress
}

/** What a server that gives no parts may be asked for whole, in bytes. */
export const mostWhole = 256e6

/** Enough for most safetensors headers and the pickle at the head of a zip; and one round trip tells all the rest. */
const firstBytes = 64 << 10

/** Opens the first of an address's places that holds a file. Throws ReaderError with the reason when none does. */
export async function httpSource(address: HttpAddress, options: HttpSourceOptions = {}): Promise<HttpSource> {
  for (const place of address.places) {
    try {
      return await openPlace(place, options)
    } catch (error) {
      if (!(error instanceof NotThere) || address.places.length === 1) throw error
    }
  }
  const [first] = address.places
  const tried = address.places.map(({name}) => name).join(', ')
  throw new NotThere(
    'This address cannot be read',
    `${address.name} at ${address.host}: holds none of ${tried}; give the file's path as well, like ${address.name}/path/to/${first?.name}`
  )
}

async function openPlace(place: HttpPlace, options: HttpSourceOptions): Promise<HttpSource> {
  let fetched = 0
  const {signal, onBytes, ...rest} = options
  const count = (bytes: number) => {
    fetched += bytes
    onBytes?.(bytes)
  }
  const kept = {...rest, onBytes: count}
  const first = await firstAnswer(place, {...kept, signal})
  const remote = {host: new URL(place.url).host, fetched: () => fetched}
  const beside = (name: string) => besideOf(place, name)
  if (first.kind !== 'part') {
    const bytes = await wholeOf(place, first, {...kept, signal})
    const source: ByteSource = memorySource(bytes, place.name)
    const held: HttpSource = {...source, remote: {...remote, whole: true}, heldBy: () => held, beside}
    return held
  }
  const size = first.total ?? (await sizeOf(place, {...kept, signal}))
  if (first.bytes.length < Math.min(size, firstBytes)) {
    throw wrongPart(place, `${first.bytes.length} bytes`, `the first ${Math.min(size, firstBytes)} of ${size}`)
  }
  const fetchRange = rangesOf(place, first, size, kept)
  const blocks = httpBlocks({size, fetchRange})
  blocks.seed(first.bytes)
  const heldBy = (holder: AbortSignal | undefined): HttpSource => ({
    name: place.name,
    size,
    remote: {...remote, whole: false},
    heldBy,
    beside,
    async read(offset, length) {
      checkRange(place.name, size, offset, length)
      return blocks.read(offset, length, holder)
    }
  })
  return heldBy(signal)
}

// A browser that asks for a part says that it takes no packed answer, and shows none that is packed all the same; nor
// does one that has to ask for leave to name a part, and is refused. Without the part, both may be readable.
async function firstAnswer(place: HttpPlace, options: HttpSourceOptions): Promise<RangeAnswer> {
  try {
    return await patiently(() => askRange(place, 0, firstBytes, options))
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    const connection = await connectTo(place, {}, options)
    return {kind: 'whole', connection}
  }
}

// An index is a stranger's file: it may not send us to another server, nor out of its own folder.
function besideOf(place: HttpPlace, name: string): HttpAddress {
  const folder = new URL('.', place.url)
  const url = new URL(name.split('/').map(encodeURIComponent).join('/'), folder)
  if (!url.href.startsWith(folder.href) || name.split(/[/\\]/).includes('..')) throw leadsElsewhere(place, name)
  url.search = new URL(place.url).search
  return {name, host: url.host, places: [{name, url: url.href}]}
}

async function wholeOf(
  place: HttpPlace,
  answer: Exclude<RangeAnswer, {kind: 'part'}>,
  {most = mostWhole, onProgress, ...options}: HttpSourceOptions
): Promise<Uint8Array> {
  // Asked for a part, a server that packs has sent a part of the packed file: it is asked again, for all of it.
  const connection = answer.kind === 'whole' ? answer.connection : await connectTo(place, {}, options)
  const {status} = connection.response
  if (status === 200) return readWhole(place, connection, {most, onProgress})
  connection.close()
  throw refusal(place, status)
}

// A page may read Content-Length of any answer, Content-Range only where the server says so.
async function sizeOf(place: HttpPlace, options: HttpSourceOptions): Promise<number> {
  const connection = await connectTo(place, {method: 'HEAD'}, options)
  connection.close()
  const {ok, status, headers} = connection.response
  if (!ok) throw refusal(place, status)
  const size = Number(headers.get('content-length') ?? Number.NaN)
  if (Number.isSafeInteger(size) && !isPacked(headers)) return size
  throw tooLargeWhole(place, null, options.most ?? mostWhole, 'the server does not tell how large the file is')
}

type Part = Extract<RangeAnswer, {kind: 'part'}>

/** Later stretches of a file whose first has come: of the same version, or ReaderError. */
function rangesOf(place: HttpPlace, first: Part, size: number, options: HttpSourceOptions) {
  // Where the first request was sent on to; asking there at once saves a round trip for each stretch.
  let at: HttpPlace = {...place, url: first.url}

  async function ask(start: number, end: number, signal: AbortSignal | undefined): Promise<RangeAnswer> {
    try {
      return await askRange(at, start, end, {...options, signal})
    } catch (error) {
      // Places that one is sent on to expire; the way there may still be open.
      if (at.url === place.url || error instanceof BrokenOff) throw error
      const answer = await askRange(place, start, end, {...options, signal})
      if (answer.kind === 'part') at = {...place, url: answer.url}
      return answer
    }
  }

  return async (start: number, end: number, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    const answer = await patiently(() => ask(start, end, signal))
    if (answer.kind === 'whole') answer.connection.close()
    if (answer.kind === 'whole' && versionOf(answer.connection.response.headers) !== first.version) throw changed(place)
    if (answer.kind !== 'part') throw wrongPart(place, 'the whole file', `bytes ${start} to ${end}`)
    if (answer.version !== first.version || (answer.total ?? size) !== size) throw changed(place)
    if (answer.bytes.length !== end - start) throw wrongPart(place, `${answer.bytes.length} bytes`, `${end - start}`)
    return answer.bytes
  }
}

/** What broke off is asked for once more: on a long way that happens. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error
    return ask()
  }
}
