import {ReaderError} from '@/lib/core/errors'
import {bytes} from '@/lib/core/number'

/** Copies of files in this browser's own storage, which no other site can read. */
export interface LibraryCopies {
  /** Copies a file and gives the name it is kept under. Throws ReaderError when there is no room. */
  keep(file: File): Promise<string>
  /** Throws ReaderError when the browser has let go of it. */
  open(copy: string, name: string, lastModified: number): Promise<File>
  remove(copy: string): Promise<void>
}

const folder = 'checkpoints'

/** The copies of this browser, in the origin's private file system; null where there is none. */
export function browserCopies(): LibraryCopies | null {
  const storage = globalThis.navigator?.storage
  if (!storage || !('getDirectory' in storage)) return null
  const shelf = async () => (await storage.getDirectory()).getDirectoryHandle(folder, {create: true})
  return {
    async keep(file) {
      const {quota = 0, usage = 0} = await storage.estimate()
      if (quota - usage < file.size) {
        throw new ReaderError(
          'No room for a copy',
          `${file.name} has ${bytes(file.size)}, and this browser has room for ${bytes(Math.max(0, quota - usage))} more; it was not copied.`
        )
      }
      const copy = nameOfCopy()
      const handle = await (await shelf()).getFileHandle(copy, {create: true})
      try {
        await file.stream().pipeTo(await handle.createWritable())
      } catch {
        await (await shelf()).removeEntry(copy).catch(() => {})
        throw new ReaderError(
          'The file was not copied',
          `${file.name}: this browser could not write all ${bytes(file.size)} of it; needed room and a file that stays as it is.`
        )
      }
      return copy
    },
    async open(copy, name, lastModified) {
      try {
        const file = await (await (await shelf()).getFileHandle(copy)).getFile()
        return new File([file], name, {lastModified})
      } catch {
        throw new ReaderError(
          'The copy is gone',
          `${name}: this browser has let go of its copy; the file itself is needed.`
        )
      }
    },
    remove: async (copy) => (await shelf()).removeEntry(copy).catch(() => {})
  }
}

// Not the file's own name, which may hold anything.
const nameOfCopy = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
