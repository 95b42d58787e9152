// A handle leads to where a file lies, so that it can be opened again without a copy. Browsers that have them give one
// with a dropped file. Kept beside the File, for a File itself remembers nothing of it.
const handles = new WeakMap<File, FileSystemFileHandle>()

/** The handle that came with a file, or null. */
export const handleOf = (file: File): FileSystemFileHandle | null => handles.get(file) ?? null

/** Notes the handles of dropped files; to be called while the drop is being handled, since items are emptied after. */
export function noteHandles(items: DataTransferItemList, files: readonly File[]): void {
  const dropped = [...items].filter(({kind}) => kind === 'file')
  for (const [index, item] of dropped.entries()) {
    const file = files[index]
    if (!file || !('getAsFileSystemHandle' in item)) continue
    const asked = (item as DataTransferItem & HandleGiver).getAsFileSystemHandle()
    asked.then((handle) => handle?.kind === 'file' && handles.set(file, handle as FileSystemFileHandle)).catch(() => {})
  }
}

/** What Chromium adds to a dropped item; the DOM's types do not know it. */
interface HandleGiver {
  getAsFileSystemHandle(): Promise<FileSystemHandle | null>
}

/** The file a handle leads to, once the person has allowed it again; null when they have not. */
export async function fileBehind(handle: FileSystemFileHandle): Promise<File | null> {
  const {requestPermission} = handle as FileSystemFileHandle & PermissionAsker
  const state = requestPermission ? await requestPermission.call(handle, {mode: 'read'}) : 'granted'
  return state === 'granted' ? handle.getFile() : null
}

interface PermissionAsker {
  requestPermission?(options: {mode: 'read'}): Promise<PermissionState>
}
