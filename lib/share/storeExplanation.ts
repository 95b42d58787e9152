import {CancelledError, ReaderError} from '@/lib/core/errors'
import {bytes as byteText} from '@/lib/core/number'

/** What a server answers that keeps an explanation. */
export interface StoredExplanation {
  readonly id: string
  readonly url: string
  /** Deletes it; the server keeps a hash of it only, so it is told once. Null where somebody stored the very same before. */
  readonly deleteToken: string | null
  /** When it is deleted, ISO 8601; null where it is kept. */
  readonly expires: string | null
}

/** What the server of this page keeps. */
export interface StoreTerms {
  readonly maxBytes: number
  readonly expiresMs: number
}

export interface StoreOptions {
  readonly signal?: AbortSignal
  /** How much of it has left, 0 to 1. */
  readonly onProgress?: (share: number) => void
}

const place = '/api/explanations'

/** The terms of the server that the page came from; null where it says none. */
export async function storeTerms(): Promise<StoreTerms | null> {
  const response = await fetch(place, {method: 'OPTIONS'}).catch(() => null)
  const {maxBytes, expiresMs} = Object(await response?.json().catch(() => null)) as Partial<StoreTerms>
  return typeof maxBytes === 'number' && typeof expiresMs === 'number' ? {maxBytes, expiresMs} : null
}

/**
 * Stores a record on the server that the page came from. Rejects with ReaderError that says why it was refused, and with
 * CancelledError once `signal` is aborted.
 */
export function storeExplanation(
  bytes: Uint8Array,
  {signal, onProgress}: StoreOptions = {}
): Promise<StoredExplanation> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new CancelledError())
    // fetch does not tell how much has been sent.
    const request = new XMLHttpRequest()
    request.open('POST', place)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({loaded, total}) => onProgress?.(total > 0 ? loaded / total : 0)
    request.onload = () => {
      const answer = jsonOf(request.responseText)
      if (request.status < 300 && isStored(answer)) resolve(answer)
      else reject(refusal(request, answer, bytes.length))
    }
    request.onerror = () => reject(new ReaderError('Not stored', silence()))
    request.onabort = () => reject(new CancelledError())
    signal?.addEventListener('abort', () => request.abort(), {once: true})
    request.send(bytes as Uint8Array<ArrayBuffer>)
  })
}

/** Deletes a stored explanation, for whoever holds its token. Rejects with ReaderError that says why it was refused. */
export async function deleteExplanation(id: string, token: string): Promise<void> {
  const headers = {authorization: `Bearer ${token}`}
  const response = await fetch(`${place}/${encodeURIComponent(id)}`, {method: 'DELETE', headers}).catch(() => null)
  if (response?.ok) return
  const said = sentenceIn(await response?.json().catch(() => null))
  throw new ReaderError(
    'Not deleted',
    said ?? (response ? `The server answered with status ${response.status}; nothing was deleted.` : silence('deleted'))
  )
}

const silence = (done = 'stored') =>
  navigator.onLine ? `The server gave no answer; nothing was ${done}.` : `This device is offline; nothing was ${done}.`

function refusal(request: XMLHttpRequest, answer: unknown, size: number): ReaderError {
  const {status} = request
  const seconds = Number(request.getResponseHeader('retry-after'))
  const said = sentenceIn(answer)
  const why =
    status === 413
      ? (said ?? `The server takes no explanation of ${byteText(size)}`)
      : status === 429
        ? (said ?? 'Too many were stored of late')
        : (said ?? `The server answered with status ${status}`)
  const next =
    status === 413
      ? 'Leave something out.'
      : status === 429 && seconds > 0
        ? `Try again in ${Math.ceil(seconds)} s.`
        : 'Nothing was stored.'
  return new ReaderError('Not stored', `${why.replace(/\.$/, '')}. ${next}`)
}

function sentenceIn(answer: unknown): string | null {
  const {error} = Object(answer) as {error?: unknown}
  return typeof error === 'string' && error !== '' ? error.slice(0, 300) : null
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isStored(answer: unknown): answer is StoredExplanation {
  const {id, url, deleteToken} = Object(answer) as Record<string, unknown>
  return (
    [id, url].every((value) => typeof value === 'string') && (deleteToken === null || typeof deleteToken === 'string')
  )
}
