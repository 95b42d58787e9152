import {close, fstatSync, openSync, read} from 'node:fs'
import {basename} from 'node:path'
import {promisify} from 'node:util'
import {FormatError, ReaderError} from '@/lib/core/errors'
import {type ByteSource, checkRange} from '@/lib/formats/source'

/** A file on disk, read in place; close it when done. */
export interface FileSource extends ByteSource {
  close(): Promise<void>
}

const readAt = promisify(read)

/** Opens the file at `path`. Throws ReaderError when there is none that can be read. */
export async function fileSource(path: string): Promise<FileSource> {
  const descriptor = opened(path)
  const stats = fstatSync(descriptor)
  const shut = () => promisify(close)(descriptor)
  if (!stats.isFile()) {
    await shut()
    throw new ReaderError('No such file', `${path}: this is not a file; a file of tensors is needed`)
  }
  const name = basename(path)
  return {
    name,
    size: stats.size,
    async read(offset, length) {
      checkRange(name, stats.size, offset, length)
      return readFully(descriptor, name, offset, length)
    },
    close: shut
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this file may not be read'
}

function opened(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new ReaderError('No such file', `${path}: ${reasons[code] ?? code}; a file that can be read is needed`)
  }
}

// One call reads at most 2 GB, and may read less than it is asked for.
async function readFully(descriptor: number, name: string, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  for (let filled = 0; filled < length; ) {
    const step = Math.min(length - filled, 1 << 30)
    const {bytesRead} = await readAt(descriptor, bytes, filled, step, offset + filled)
    if (bytesRead === 0) {
      throw new FormatError(`${name}: ended at byte ${offset + filled}; it had ${offset + length} or more when opened`)
    }
    filled += bytesRead
  }
  return bytes
}
