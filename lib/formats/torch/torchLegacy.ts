import {FormatError} from '@/lib/core/errors'
import type {TensorArchive} from '../archive'
import {PickleTruncated} from '../pickle/byteCursor'
import {pickledArchive} from '../pickle/pickledArchive'
import {sizeText} from '../sizeText'
import type {ByteSource} from '../source'
import {TensorTable} from '../tensorTable'
import {readLegacy} from './legacyPickles'

const largestHead = 1 << 29
const firstRead = 1 << 17

/** A checkpoint in the format torch.save wrote before 1.6: pickles at the head, then the storages, read in place. */
export async function openTorchLegacy(source: ByteSource): Promise<TensorArchive> {
  // Nothing says how long the pickles are: read a little, and more as long as that proves too little.
  for (let length = firstRead; ; length *= 8) {
    const head = await source.read(0, Math.min(length, source.size))
    const table = new TensorTable()
    try {
      const {value, account} = readLegacy(head, source.size, source.read.bind(source), table)
      return pickledArchive('PyTorch legacy', source, value, table, account)
    } catch (error) {
      if (!(error instanceof PickleTruncated) || head.length === source.size || error.needed > source.size) throw error
      if (length >= largestHead) {
        throw new FormatError(
          `PyTorch legacy: its pickles have not ended after ${sizeText(length)}; tensors belong outside them`
        )
      }
    }
  }
}
