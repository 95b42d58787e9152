import {ReaderError} from '@/lib/core/errors'
import type {WatchedFile} from '@/lib/engine/versionWatch'
import {type ByteSource, blobSource} from '@/lib/formats/source'
import {namesTensors} from '@/lib/formats/tensorEndings'

/** A copy of a file's bytes, as a file again: what the engine opens, and no one writes to. */
export interface CopiedFile extends ByteSource {
  readonly file: File
}

/** Larger files are read where they lie: a browser refuses bytes that changed since, and the version is tried again. */
const mostCopied = 1 << 30

/** A file that a handle leads to, to be watched. Throws ReaderError once the page may not read it any more. */
export function watchedHandle(handle: Pick<FileSystemFileHandle, 'name' | 'getFile'>): WatchedFile<CopiedFile> {
  const {name} = handle
  const now = () => unlessChanged(name, () => handle.getFile())
  return {
    name,
    stamp: async () => {
      const file = await now()
      return file && {size: file.size, modified: file.lastModified}
    },
    open: async () => {
      const file = await now()
      return file && blobSource(file, name)
    },
    copy: async () => {
      const file = await now()
      if (!file) return null
      if (file.size > mostCopied) return {...blobSource(file, name), file}
      const bytes = await unlessChanged(name, () => file.arrayBuffer())
      if (!bytes || bytes.byteLength !== file.size) return null
      const copy = new File([bytes], name, {lastModified: file.lastModified})
      return {...blobSource(copy, name), file: copy}
    }
  }
}

/** The files of tensors that a folder holds now, by name; those in folders of its own are left alone. */
export async function handlesIn(folder: FileSystemDirectoryHandle): Promise<WatchedFile<CopiedFile>[]> {
  const found = await unlessChanged(folder.name, async () => {
    const files: FileSystemFileHandle[] = []
    // The DOM's types do not know that a folder can be walked.
    for await (const handle of (folder as unknown as Walkable).values())
      if (handle.kind === 'file' && namesTensors(handle.name)) files.push(handle as FileSystemFileHandle)
    return files
  })
  return (found ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)).map(watchedHandle)
}

interface Walkable {
  values(): AsyncIterable<FileSystemHandle>
}

// A file is replaced by removing it, moving another in its place or writing over it: none of these is an error.
const passing = ['NotFoundError', 'NotReadableError', 'InvalidStateError', 'NoModificationAllowedError', 'AbortError']

async function unlessChanged<T>(name: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    const kind = error instanceof Error || error instanceof DOMException ? error.name : ''
    if (passing.includes(kind)) return null
    if (kind === 'NotAllowedError' || kind === 'SecurityError') {
      throw new ReaderError(
        'No longer watched',
        `${name}: this page may not read it any more; your permission is needed, so choose it again.`
      )
    }
    throw error
  }
}
