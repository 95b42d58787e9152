import {ReaderError} from '@/lib/core/errors'
import {contentId, isContentId} from './contentId'
import {hashToken, newDeleteToken, tokenMatches} from './deleteToken'
import type {Limits} from './limits'
import {originOf} from './origin'
import {type Quota, quota} from './quota'
import {clientAddress, rateLimit} from './rateLimit'
import {bodyReader} from './readBody'
import {answered, asData, jsonAnswer, Refusal} from './refusal'
import {sharedReads} from './sharedReads'
import type {Now, Store, Stored} from './store'

interface ExplanationsOptions {
  readonly store: Store
  /** Decodes a record fully; throws ReaderError when it is not one. */
  readonly validate: (bytes: Uint8Array) => unknown
  readonly limits: Limits
  /** The address people see, `https://host`; null to take it from each request. */
  readonly origin: string | null
  readonly now?: Now
}

/** Stored explanations over HTTP. Every method answers; none throws. */
export interface Explanations {
  /** Keeps the body: 201 with `{id, url, deleteToken, expires}`, or 200 with `deleteToken: null` when it was there. */
  post(request: Request): Promise<Response>
  /** The very bytes that were posted. */
  get(request: Request, id: string): Promise<Response>
  /** Deletes what the token in `Authorization: Bearer` was given for. */
  delete(request: Request, id: string): Promise<Response>
  /** The explanation itself, for a page about it; uncounted by the rate limits. */
  find(id: string): Promise<Stored | 'absent' | 'expired'>
  readonly quota: Quota
}

// All together may ask as often as this many addresses.
const crowd = 20
// Decoding takes a few times the size of a record, so not more than this many megabytes are in work at once.
const bodies = {maxHeld: 256 << 20, patienceMs: 60_000}

export function explanations(options: ExplanationsOptions): Explanations {
  const {limits, now = Date.now} = options
  const store = sharedReads(options.store)
  const writes = rateLimit(limits.writesPerMinute, crowd, now)
  const reads = rateLimit(limits.readsPerMinute, crowd, now)
  const room = quota(store, limits.quotaBytes, limits.quotaCount, now)
  const withBody = bodyReader({maxBytes: limits.maxBytes, ...bodies})
  const from = (request: Request) => clientAddress(request.headers, limits.proxies)

  async function post(request: Request) {
    writes(from(request))
    checkType(request.headers.get('content-type') ?? '')
    return withBody(request, async (bytes) => {
      await checkRecord(bytes, options.validate)
      return keep(request, bytes)
    })
  }

  async function keep(request: Request, bytes: Uint8Array) {
    if (!(await room.hasRoom(bytes.length)))
      throw new Refusal(507, 'The store is full; try again when some have expired')
    const id = contentId(bytes)
    const token = newDeleteToken()
    const expires = now() + limits.expiresMs
    const url = `${options.origin ?? originOf(request.headers, new URL(request.url).origin)}/e/${id}`
    const answer = {id, url, deleteToken: token, expires: new Date(expires).toISOString()}
    if ((await store.put(id, bytes, {tokenHash: hashToken(token), expires})) === 'exists') return already(answer)
    room.add(bytes.length)
    return jsonAnswer(201, answer, {location: `/api/explanations/${id}`})
  }

  // Whoever came first holds the token, and what was promised to them stays.
  async function already(answer: {readonly id: string}) {
    const found = await store.get(answer.id)
    if (typeof found === 'string') throw new Refusal(409, 'This explanation was deleted at this moment; post it again')
    return jsonAnswer(200, {...answer, deleteToken: null, expires: new Date(found.keep.expires).toISOString()})
  }

  async function get(request: Request, id: string) {
    reads(from(request))
    const {
      bytes,
      keep: {expires}
    } = await found(id)
    const headers = {etag: `"${id}"`, 'cache-control': cacheUntil(expires, now()), ...asData}
    if (isKnown(request.headers.get('if-none-match'), headers.etag)) return new Response(null, {status: 304, headers})
    return new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: {
        ...headers,
        'content-type': 'application/octet-stream',
        'content-length': String(bytes.length),
        'content-disposition': `attachment; filename="${id}.densitylens"`
      }
    })
  }

  async function remove(request: Request, id: string) {
    writes(from(request))
    const [, token] = /^Bearer +([A-Za-z0-9_-]{1,128})$/i.exec(request.headers.get('authorization') ?? '') ?? []
    if (!token) {
      const message = 'No deletion token was given; needed Authorization: Bearer TOKEN'
      throw new Refusal(401, message, {'www-authenticate': 'Bearer'})
    }
    const {keep} = await found(id)
    if (!tokenMatches(token, keep.tokenHash))
      throw new Refusal(403, 'This is not the token that deletes this explanation')
    await store.delete(id)
    return new Response(null, {status: 204, headers: {'cache-control': 'no-store', ...asData}})
  }

  async function find(id: string) {
    return isContentId(id) ? store.get(id) : 'absent'
  }

  async function found(id: string): Promise<Stored> {
    return present(await find(id))
  }

  return {
    post: (request) => answered('POST', () => post(request)),
    get: (request, id) => answered('GET', () => get(request, id)),
    delete: (request, id) => answered('DELETE', () => remove(request, id)),
    find,
    quota: room
  }
}

/** What was found. Throws Refusal when there is nothing, or nothing any more. */
export function present(found: Stored | 'absent' | 'expired'): Stored {
  if (found === 'absent') throw new Refusal(404, 'There is no such explanation; it may have expired or been deleted')
  if (found === 'expired') throw new Refusal(410, 'This explanation has expired')
  return found
}

/** Answers what has no meaning here: 405, and what has. */
export function notAllowed(allow: string): Response {
  return jsonAnswer(405, {error: `This address knows no such method; needed ${allow}`}, {allow})
}

// Also the wall against other sites: a page may send this type elsewhere only after asking, and gets no leave.
function checkType(type: string) {
  const found = type.split(';')[0]!.trim().toLowerCase()
  if (found !== 'application/octet-stream') {
    const named = /^[\w.+-]+\/[\w.+-]+$/.test(found) ? found : 'no content type'
    throw new Refusal(415, `The body is said to be ${named}; needed application/octet-stream`)
  }
}

async function checkRecord(bytes: Uint8Array, validate: ExplanationsOptions['validate']) {
  if (bytes.length === 0) throw new Refusal(400, 'The body is empty; needed the bytes of an explanation')
  try {
    await validate(bytes)
  } catch (error) {
    if (error instanceof ReaderError) throw new Refusal(400, error.message)
    throw error
  }
}

/** What caches are told of something that never changes, and is gone at a known time. */
export const cacheUntil = (expires: number, now: number): string =>
  `public, max-age=${Math.min(Math.max(0, Math.floor((expires - now) / 1000)), 31_536_000)}, immutable`

/** Whether `If-None-Match` names this tag. */
export const isKnown = (known: string | null, etag: string) =>
  known !== null && (known.trim() === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))
