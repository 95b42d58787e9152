import type {TensorArchive} from '@/lib/formats/archive'

/** An archive that notes which of its tensors were read, and the names so far. */
export interface NotedReads {
  readonly archive: TensorArchive
  readonly names: ReadonlySet<string>
}

/** The same archive, with its reads noted. */
export function notedReads(opened: TensorArchive): NotedReads {
  const names = new Set<string>()
  const read = (name: string) => {
    names.add(name)
    return opened.read(name)
  }
  return {archive: {...opened, read}, names}
}
