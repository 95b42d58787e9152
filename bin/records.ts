import {open} from 'node:fs/promises'
import {ReaderError} from '@/lib/core/errors'
import type {Explanation} from '@/lib/explain/explanation'
import {mostRecordBytes} from '@/lib/share/container'
import {decodeExplanationFile, mostFileBytes, tellingBytes} from '@/lib/share/explanationFile'
import {fitRecord} from '@/lib/share/fitRecord'
import {hashBytes, hashLink, isHashLink} from '@/lib/share/link'
import {named, namesOf} from '@/lib/share/named'
import type {SharedRecord} from '@/lib/share/record'
import {isAddress} from './addressSource'

/** The explanation as a `.densitylens` file: everything in it, and the names of files only when asked. */
export async function recordOf(explanation: Explanation, names: boolean): Promise<Uint8Array> {
  const shared = named(explanation, names ? namesOf(explanation) : null)
  return (await fitRecord({explanation: shared, view: null}, mostRecordBytes)).bytes
}

/** What is shared in a link, behind the address of a stored one, or in a file, JSON too. Throws ReaderError. */
export const recordAt = async (place: string): Promise<SharedRecord> =>
  decodeExplanationFile(await recordBytes(place), placeName(place))

/** How sentences call it: a link is too long for one. */
export const placeName = (place: string): string => (isHashLink(place) ? 'this link' : place)

/** The same, as its bytes. */
export async function recordBytes(place: string): Promise<Uint8Array> {
  if (isHashLink(place)) return hashBytes(place)
  if (isAddress(place)) return storedBytes(place)
  const file = await open(place).catch(() => null)
  if (file === null)
    throw new ReaderError('No such file', `${place}: there is no such file; needed a .densitylens file or JSON`)
  try {
    const {size} = await file.stat()
    const start = new Uint8Array(tellingBytes)
    const {bytesRead} = await file.read(start, 0, tellingBytes, 0)
    const most = mostFileBytes(start.subarray(0, bytesRead))
    if (size <= most) return new Uint8Array(await file.readFile())
    throw new ReaderError('Too large', `${place}: found ${size} bytes; a shared explanation has ${most} at most`)
  } finally {
    await file.close()
  }
}

/** A stored explanation's page and its bytes lie beside each other: /e/ID and /api/explanations/ID. */
async function storedBytes(address: string): Promise<Uint8Array> {
  const url = new URL(address)
  url.pathname = url.pathname.replace(/\/(e|embed)\/([^/]+)$/, '/api/explanations/$2')
  const response = await asked(url)
  return new Uint8Array(await response.arrayBuffer())
}

/** Stores a record on a server of this app; gives its answer, JSON text. Throws ReaderError. */
export async function storeAt(server: string, bytes: Uint8Array): Promise<string> {
  const url = new URL('/api/explanations', server)
  const headers = {'content-type': 'application/octet-stream'}
  const body = bytes as Uint8Array<ArrayBuffer>
  return (await asked(url, {method: 'POST', headers, body})).text()
}

async function asked(url: URL, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, {...init, signal: AbortSignal.timeout(60_000)}).catch((error: unknown) => {
    // Fetch says that it failed; why stands behind it.
    const why = error instanceof TypeError && error.cause instanceof Error ? error.cause.message : error
    throw new ReaderError('No answer', `${url.host} gave no answer (${why}); needed a server of Density Lens.`)
  })
  if (response.ok) return response
  const said = (await response.text()).slice(0, 300)
  throw new ReaderError('Refused', `${url.host} answered ${response.status}: ${said || 'nothing more'}`)
}

/** A record as a link into the app at `server`, and what there was no room for. */
export async function linkTo(server: string, record: SharedRecord) {
  const {hash, dropped} = await hashLink(record)
  return {link: new URL(hash, server).href, dropped}
}
