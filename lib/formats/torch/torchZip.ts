import {FormatError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {FileValue, Finding, Inert, TensorArchive} from '../archive'
import {isInert} from '../pickle/machine'
import {pickledArchive} from '../pickle/pickledArchive'
import {unpickle} from '../pickle/unpickle'
import {sizeText} from '../sizeText'
import type {ByteSource} from '../source'
import {StorageRecord, TensorTable} from '../tensorTable'
import type {Zip} from '../zip'
import {scriptWorld} from './scriptWorld'
import {StorageRecords} from './storageRecords'
import {storageType} from './torchElement'
import {torchWorld} from './torchWorld'

const largestPickle = 1 << 29
// PyTorch packs nothing. A pickle that grows beyond this has to be read out of proportion to the file.
const largestUnpacked = 32e6

/** The folder of a zip that torch.save wrote, with its slash; null when the zip is something else. */
export function torchFolder(zip: Zip): string | null {
  for (const name of zip.entries.keys()) {
    const [found, folder = ''] = /^([^/]+\/)?data\.pkl$/.exec(name) ?? []
    if (found) return folder
  }
  return null
}

/**
 * A checkpoint in PyTorch's zip format (since 1.6): one pickle, and each storage as a stored entry, read in place. A
 * TorchScript archive is one with a program beside the pickle, which is left alone: its tensors are read, nothing is
 * run.
 */
export async function openTorchZip(source: ByteSource, zip: Zip, folder: string): Promise<TensorArchive> {
  if ((await smallText(zip, `${folder}byteorder`)) === 'big') {
    throw new FormatError('PyTorch zip: saved on a big-endian machine; a little-endian checkpoint is needed')
  }
  const pickle = zip.entries.get(`${folder}data.pkl`)!
  if (pickle.size > largestPickle) {
    throw new FormatError(
      `PyTorch zip: data.pkl has ${sizeText(pickle.size)}, at most ${sizeText(largestPickle)} are read; tensors belong outside it`
    )
  }
  if (pickle.size > 4 * pickle.compressedSize + largestUnpacked) {
    throw new FormatError(
      `PyTorch zip: data.pkl unpacks to ${sizeText(pickle.size)} from ${sizeText(pickle.compressedSize)}; it is not an honest checkpoint`
    )
  }
  const table = new TensorTable()
  const storages = new StorageRecords()
  const persistent = (id: FileValue): FileValue => {
    const [kind, type, key, , count] = Array.isArray(id) ? (id as readonly FileValue[]) : []
    const known = type !== undefined && isInert(type) ? storageType(type.global) : undefined
    if (kind !== 'storage' || !known || typeof key !== 'string' || typeof count !== 'number') {
      throw new FormatError('PyTorch zip: a value outside the pickle is not named as a storage; the file is damaged')
    }
    const name = (type as Inert).global
    return storages.of(name, key, () => {
      const entry = zip.entries.get(`${folder}data/${key}`)
      if (!entry)
        throw new FormatError(`PyTorch zip: storage ${key} is needed, and there is no data/${key} in the file`)
      if (!(count >= 0 && count * known.size <= entry.size)) {
        throw new FormatError(
          `PyTorch zip: storage ${key} claims ${count} elements of ${known.size} bytes, its entry has ${sizeText(entry.size)}`
        )
      }
      return new StorageRecord(name, key, known.dtype, zip.storage(entry, count * known.size))
    })
  }
  const bytes = await zip.read(pickle, 0, pickle.size)
  const world = {...torchWorld(table, persistent), readBeside: zip.directorySize}
  if (!zip.entries.has(`${folder}constants.pkl`)) {
    const {value, account} = unpickle(bytes, world)
    return pickledArchive('PyTorch zip', source, value, table, account)
  }
  const {value, account} = unpickle(bytes, scriptWorld(world))
  const archive = pickledArchive('TorchScript', source, value, table, account)
  return {...archive, findings: [...archive.findings, ...programIn(zip, folder)]}
}

// What the program is made of is not read; that it is there is said.
function programIn(zip: Zip, folder: string): Finding[] {
  const files = [...zip.entries.keys()].filter((name) => name.startsWith(`${folder}code/`) && name.endsWith('.py'))
  if (files.length === 0) return []
  const text = `${plural(files.length, 'file')} of program stand beside the tensors; nothing of it is run`
  return [{kind: 'note', text: files.length === 1 ? text.replace('stand', 'stands') : text}]
}

async function smallText(zip: Zip, name: string): Promise<string | null> {
  const entry = zip.entries.get(name)
  return entry && entry.size < 100 ? new TextDecoder().decode(await zip.read(entry, 0, entry.size)) : null
}
