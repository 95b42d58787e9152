import {FormatError} from '@/lib/core/errors'
import {decodeRecord} from '../record'

/** Decodes a record fully. A reader takes what is left of a damaged one; what is kept must be whole. Throws FormatError. */
export async function checkWhole(bytes: Uint8Array): Promise<void> {
  const {unread} = await decodeRecord(bytes)
  if (unread.length > 0) throw new FormatError(`share: ${unread.join(', ')} cannot be read; only whole ones are kept`)
}
