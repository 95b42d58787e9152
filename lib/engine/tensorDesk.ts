import type {TensorArchive} from '@/lib/formats/archive'
import {openArchive} from '@/lib/formats/openArchive'
import type {ByteSource} from '@/lib/formats/source'
import type {Openable} from './protocol'

/** Keeps the directory of the file that was looked into last, so that each tensor of it need not open it anew. */
export function tensorDesk(sourceOf: (openable: Openable) => Promise<ByteSource>) {
  let held: {readonly key: string; readonly archive: Promise<TensorArchive>} | null = null
  return async (openable: Openable): Promise<TensorArchive> => {
    const key = keyOf(openable)
    if (held?.key !== key) held = {key, archive: sourceOf(openable).then((source) => openArchive(source))}
    try {
      return await held.archive
    } catch (error) {
      held = null
      throw error
    }
  }
}

// A file that crosses the wall is another object each time.
function keyOf(openable: Openable): string {
  const named = ({name, size, lastModified}: File) => `${name} ${size} ${lastModified}`
  switch (openable.kind) {
    case 'file':
      return `file ${named(openable.file)}`
    case 'set':
      return `set ${openable.files.map(named).join('\n')}`
    case 'remote':
      return `remote ${openable.address}`
    case 'address':
      return `address ${openable.url}`
  }
}
