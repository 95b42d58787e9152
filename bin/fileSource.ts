import {type FileHandle, open} from 'node:fs/promises'
import {basename} from 'node:path'
import {FormatError, ReaderError} from '@/lib/core/errors'
import {type ByteSource, checkRange} from '@/lib/formats/source'

/** A file on disk, read in place; close it when done. */
export interface FileSource extends ByteSource {
  close(): Promise<void>
}

/** Opens the file at `path`. Throws ReaderError when there is none that can be read. */
export async function fileSource(path: string): Promise<FileSource> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new ReaderError(
      'No such file',
      `${path}: ${reasons[error.code ?? ''] ?? error.code}; a readable file is needed`
    )
  })
  const stats = await handle.stat()
  if (!stats.isFile()) {
    await handle.close()
    throw new ReaderError('No such file', `${path}: not a file; a readable file is needed`)
  }
  const name = basename(path)
  return {
    name,
    size: stats.size,
    read: async (offset, length) => {
      checkRange(name, stats.size, offset, length)
      return readFully(handle, name, offset, length)
    },
    close: () => handle.close()
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this file may not be read',
  EISDIR: 'this is a folder'
}

// One call reads at most 2 GB, and may read less than it is asked for.
async function readFully(handle: FileHandle, name: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  for (let filled = 0; filled < length; ) {
    const step = Math.min(length - filled, 1 << 30)
    const {bytesRead} = await handle.read(bytes, filled, step, offset + filled)
    if (bytesRead === 0)
      throw new FormatError(`${name}: ended at byte ${offset + filled} while it was read; it was longer when opened`)
    filled += bytesRead
  }
  return bytes
}
