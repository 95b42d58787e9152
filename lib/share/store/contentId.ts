import {createHash} from 'node:crypto'

// 144 bits: nobody finds a second content for an id, and 18 bytes need no padding.
const idBytes = 18
const pattern = /^[A-Za-z0-9_-]{24}$/

/** The name of an explanation: base64url of the first 144 bits of its content's SHA-256, 24 characters. */
export function contentId(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest().subarray(0, idBytes).toString('base64url')
}

/** Whether a text could be an id. Only such texts reach a store, so none of them can lead anywhere else. */
export function isContentId(text: string): boolean {
  return pattern.test(text)
}
