import type {WatchTarget} from './watch'
import {handlesIn, watchedHandle} from './watchedHandle'

/** What a file handle leads to, to be watched. */
export function fileTarget(handle: FileSystemFileHandle): WatchTarget {
  const file = watchedHandle(handle)
  return {name: handle.name, kind: 'file', files: async () => [file], onChange: changesOf(handle)}
}

/** What a folder handle leads to: the files of tensors in it, those to come too. */
export const folderTarget = (handle: FileSystemDirectoryHandle): WatchTarget => ({
  name: handle.name,
  kind: 'folder',
  files: () => handlesIn(handle),
  onChange: changesOf(handle)
})

/** Whether this browser lets a page choose a file and look at it again later. */
export const canWatch = (): boolean => 'showOpenFilePicker' in globalThis && 'showDirectoryPicker' in globalThis

/** Lets the person choose a checkpoint to watch; null when they choose none. */
export async function pickedFile(): Promise<WatchTarget | null> {
  const [handle] = (await chosen((pickers) => pickers.showOpenFilePicker())) ?? []
  return handle ? fileTarget(handle) : null
}

/** Lets the person choose a folder to watch; null when they choose none. */
export async function pickedFolder(): Promise<WatchTarget | null> {
  const handle = await chosen((pickers) => pickers.showDirectoryPicker())
  return handle ? folderTarget(handle) : null
}

// Chromium's; the DOM's types do not know them.
interface Pickers {
  showOpenFilePicker(): Promise<FileSystemFileHandle[]>
  showDirectoryPicker(): Promise<FileSystemDirectoryHandle>
}

async function chosen<T>(ask: (pickers: Pickers) => Promise<T>): Promise<T | null> {
  try {
    return await ask(globalThis as unknown as Pickers)
  } catch (error) {
    if (error instanceof DOMException && (error.name === 'AbortError' || error.name === 'NotAllowedError')) return null
    throw error
  }
}

interface Observer {
  observe(handle: FileSystemHandle): Promise<void>
  disconnect(): void
}

// Where the browser tells of changes, the next look comes at once; looking goes on without.
function changesOf(handle: FileSystemHandle): NonNullable<WatchTarget['onChange']> {
  return (wake) => {
    const {FileSystemObserver} = globalThis as {FileSystemObserver?: new (tell: () => void) => Observer}
    if (!FileSystemObserver) return () => {}
    const observer = new FileSystemObserver(wake)
    observer.observe(handle).catch(() => {})
    return () => observer.disconnect()
  }
}
