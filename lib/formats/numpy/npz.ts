import type {FileValue, Finding, TensorArchive, TensorEntry} from '../archive'
import {lazyArchive} from '../lazyArchive'
import type {ByteSource} from '../source'
import {entryOf, type StridedTensor} from '../stridedTensor'
import type {Zip} from '../zip'
import {npyArray} from './npy'

/** A zip of .npy files, each an entry named without its ending. Arrays of objects, text and the like are left out. */
export async function openNpz(source: ByteSource, zip: Zip): Promise<TensorArchive> {
  const tensors = new Map<TensorEntry, StridedTensor>()
  const contents = new Map<FileValue, FileValue>()
  const findings: Finding[] = []
  for (const file of zip.entries.values()) {
    if (!file.name.endsWith('.npy')) {
      findings.push({kind: 'note', text: `${file.name}: not an array; left alone`})
      continue
    }
    const name = file.name.slice(0, -4)
    const array = await npyArray(zip.storage(file), `npz: ${file.name}`)
    if ('unread' in array) {
      findings.push({
        kind: 'skipped',
        text: `${name}: an array of ${array.unread}, shape (${array.shape.join(', ')}); left out, since only plain numbers and booleans are read`
      })
      continue
    }
    const entry = entryOf(name, array)
    tensors.set(entry, array)
    contents.set(name, entry)
  }
  return lazyArchive({format: 'NumPy .npz', source, tensors, contents, findings})
}
