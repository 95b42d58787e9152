import {FormatError} from '@/lib/core/errors'
import type {SamplePictures} from '@/lib/engine/protocol'
import {byteReader} from './byteReader'
import {byteWriter} from './byteWriter'

/** Pixels of all pictures of a record. */
const mostPixels = 16 * 2 ** 20

/** Small pictures of inputs: count, width, height, then a byte a pixel. */
export function pictureBytes({count, width, height, values}: SamplePictures): Uint8Array {
  const to = byteWriter()
  for (const length of [count, width, height]) to.varint(length)
  to.bytes(values)
  return to.finish()
}

/** The pictures back. Throws FormatError where the pixels do not fill them. */
export function readPictures(bytes: Uint8Array): SamplePictures {
  const from = byteReader(bytes)
  const [count, width, height] = [from.varint(), from.varint(), from.varint()]
  const wanted = count * width * height
  if (wanted === 0 || wanted > mostPixels || from.left() !== wanted) {
    throw new FormatError(
      `share: found ${from.left()} pixels of ${count} pictures; needed ${wanted}, 1 to ${mostPixels}`
    )
  }
  return {count, width, height, values: from.bytes(wanted).slice()}
}
