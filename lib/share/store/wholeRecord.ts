import {FormatError} from '@/lib/core/errors'
import {recordLength} from '../container'
import {decodeRecord} from '../record'

/** Decodes a record fully. A reader takes what is left of a damaged one; what is kept must be whole. Throws FormatError. */
export async function checkWhole(bytes: Uint8Array): Promise<void> {
  const {unread} = await decodeRecord(bytes)
  // Behind a record anything could be carried along.
  const length = recordLength(bytes)
  if (length !== bytes.length) throw new FormatError(`share: found ${bytes.length} bytes; the record takes ${length}`)
  if (unread.length > 0) throw new FormatError(`share: ${unread.join(', ')} cannot be read; only whole ones are kept`)
}
