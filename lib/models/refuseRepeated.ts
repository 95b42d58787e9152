import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {sizeText} from '@/lib/formats/sizeText'
import {sizeOf} from './shape'

// float32 is seven times as large as the most packed of the kinds that are read (Q4_0).
const largerThanFile = 8
const freeBytes = 4e6

/**
 * A file may give the same bytes to a thousand heads, or expand one number to millions: that is seen from the shapes,
 * before any is read. Throws ShapeError where all of them as float32 would be out of proportion to the file.
 */
export function refuseRepeated(
  {source}: TensorArchive,
  tensors: readonly {readonly shape: readonly number[]}[],
  what: string
): void {
  const needed = 4 * tensors.reduce((sum, {shape}) => sum + sizeOf(shape), 0)
  if (needed <= largerThanFile * source.size + freeBytes) return
  throw new ShapeError(
    `${what} fill ${sizeText(needed)}, and the file has ${sizeText(source.size)}; a file that holds each number once is needed`,
    'This checkpoint repeats the same numbers'
  )
}
