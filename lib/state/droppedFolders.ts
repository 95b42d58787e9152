import {groupFiles} from '@/lib/formats/sharded/groupFiles'
import {blobSource} from '@/lib/formats/source'
import {namesTensors} from '@/lib/formats/tensorEndings'

const mostFiles = 50_000
const deepest = 4
/** Whether it is an index is told by its start: reading ahead would read all of a large folder. */
const headBytes = 64

/**
 * The files among what was dropped, those inside its folders too, up to four folders deep and 50,000 in all. Those of a
 * folder come by name, since the last bits of a mean depend on the order.
 */
export async function filesInFolders(entries: readonly FileSystemEntry[], depth = 0): Promise<File[]> {
  const files: File[] = []
  for (const entry of entries) {
    if (files.length >= mostFiles) break
    if (isFile(entry)) files.push(...(await fileOf(entry)))
    else if (isFolder(entry) && depth < deepest)
      files.push(...(await filesInFolders(await entriesOf(entry), depth + 1)))
  }
  return files.slice(0, mostFiles)
}

/**
 * What of a folder is opened: the parts of a checkpoint where an index or their numbers join them, else the files whose
 * names say that they hold tensors, else the first file, so that it is said what it is instead.
 */
export async function tensorFilesOf(files: readonly File[]): Promise<File[]> {
  const groups = await groupFiles(files, (file) => blobSource(file, file.name, headBytes))
  const joined = groups.filter(({length}) => length > 1).flat()
  if (joined.length > 0) return joined
  // A folder of a checkpoint holds more than its tensors: settings, vocabularies, notes.
  const named = files.filter(({name}) => namesTensors(name))
  return named.length > 0 ? named : files.slice(0, 1)
}

// What may not be read is as good as absent: of a checkpoint, it is then missed by name.
const fileOf = (entry: FileSystemFileEntry): Promise<File[]> =>
  new Promise((found) =>
    entry.file(
      (file) => found([file]),
      () => found([])
    )
  )

// A reader gives a hundred entries at a time, and none when there are no more.
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const entries: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((found) => reader.readEntries(found, () => found([])))
    if (some.length === 0 || entries.length >= mostFiles) return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    entries.push(...some)
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
