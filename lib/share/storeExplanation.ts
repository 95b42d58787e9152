import {ReaderError} from '@/lib/core/errors'

/** What a server answers that keeps an explanation. */
export interface StoredExplanation {
  readonly id: string
  readonly url: string
  /** Deletes it; the server keeps a hash of it only, so it is told once. */
  readonly deleteToken: string
  /** When it is deleted, ISO 8601; null where it is kept. */
  readonly expires: string | null
}

/** Stores a record on the server that the page came from. Rejects with ReaderError that says why it was refused. */
export async function storeExplanation(bytes: Uint8Array): Promise<StoredExplanation> {
  const headers = {'content-type': 'application/octet-stream'}
  const init = {method: 'POST', headers, body: bytes as Uint8Array<ArrayBuffer>}
  const response = await fetch('/api/explanations', init).catch(() => null)
  const answer: unknown = await response?.json().catch(() => null)
  if (response?.ok && isStored(answer)) return answer
  const said = Object(answer) as {error?: unknown}
  throw new ReaderError(
    'Not stored',
    typeof said.error === 'string'
      ? said.error
      : `The server answered ${response ? `with status ${response.status}` : 'nothing'}; nothing was stored.`
  )
}

function isStored(answer: unknown): answer is StoredExplanation {
  const {id, url, deleteToken} = Object(answer) as Record<string, unknown>
  return [id, url, deleteToken].every((value) => typeof value === 'string')
}
