import {FormatError} from '@/lib/core/errors'
import type {FileValue, TensorArchive} from '../archive'
import type {Rebuild} from '../pickle/machine'
import {pickledArchive} from '../pickle/pickledArchive'
import {unpickle} from '../pickle/unpickle'
import {sizeText} from '../sizeText'
import type {ByteSource} from '../source'
import {TensorTable} from '../tensorTable'
import {readLegacy} from './legacyPickles'
import {torchWorld} from './torchWorld'

const largest = 1 << 30

/** A pickle on its own, as data sets are often kept: its arrays stand inside it, so the whole file is read. */
export async function openPlainPickle(source: ByteSource): Promise<TensorArchive> {
  if (source.size > largest) {
    throw new FormatError(
      `pickle: ${sizeText(source.size)} in one pickle, at most ${sizeText(largest)} are read; save it with torch.save or numpy.savez`
    )
  }
  const table = new TensorTable()
  const world = torchWorld(table, () => {
    throw new FormatError('pickle: a value outside the pickle is asked for; the file is part of something larger')
  })
  // A tensor pickled without torch.save carries a small legacy file for each storage.
  const embedded: Rebuild = ([bytes], machine): FileValue => {
    if (!(bytes instanceof Uint8Array)) throw machine.broken('a PyTorch storage comes without its bytes')
    machine.charge(bytes.length)
    const read = async (offset: number, length: number) => bytes.slice(offset, offset + length)
    return readLegacy(bytes, bytes.length, read, table).value
  }
  const known = new Map([...world.known, ['torch.storage._load_from_bytes', embedded] as const])
  const {value, account} = unpickle(await source.read(0, source.size), {...world, known})
  return pickledArchive('Python pickle', source, value, table, account)
}
