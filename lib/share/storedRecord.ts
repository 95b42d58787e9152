import {ReaderError} from '@/lib/core/errors'

/** Where this site keeps the bytes of an explanation. */
export const recordAddress = (id: string): string => `/api/explanations/${id}`

/** The bytes that this site keeps under an id. Rejects with ReaderError that says why there are none. */
export async function storedRecord(id: string): Promise<Uint8Array> {
  const response = await fetch(recordAddress(id)).catch(() => null)
  if (response?.ok) return new Uint8Array(await response.arrayBuffer())
  const said: unknown = await response?.json().catch(() => null)
  const {error} = Object(said) as {error?: unknown}
  throw new ReaderError(
    'Not to be had',
    typeof error === 'string' ? `${error}.` : `The server answered ${response ? response.status : 'nothing'}.`
  )
}
