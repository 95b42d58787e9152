import {readFile, stat} from 'node:fs/promises'
import {basename} from 'node:path'
import {ReaderError} from '@/lib/core/errors'
import type {WatchedFile} from '@/lib/engine/versionWatch'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {inputSource} from './inputSource'

/** Larger files are read where they lie; what changes meanwhile is seen by the look after. */
const mostCopied = 1 << 30

/** A file on disk that may be rewritten, or not be there yet. Throws ReaderError when it may not be read. */
export function watchedPath(path: string): WatchedFile<ByteSource> {
  const name = basename(path)
  return {
    name,
    stamp: () =>
      unlessGone(path, async () => {
        const stats = await stat(path)
        if (stats.isFile()) return {size: stats.size, modified: stats.mtimeMs}
        throw new ReaderError('No such file', `${path}: this is not a file; a checkpoint is needed`)
      }),
    open: () => unlessGone(path, () => inputSource(path)),
    copy: () =>
      unlessGone(path, async () => {
        const {size} = await stat(path)
        return size > mostCopied ? inputSource(path) : memorySource(await readFile(path), name)
      })
  }
}

// A file is replaced by removing it, or by moving another in its place.
async function unlessGone<T>(path: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ReaderError) {
      // The readers' own word for a file that is not there.
      if (error.message.includes('there is no such file')) return null
      throw error
    }
    const {code} = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new ReaderError('Cannot be watched', `${path}: could not be read (${code}); a file that can be is needed`)
  }
}
