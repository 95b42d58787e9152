import type {OpenFiles} from './session'

/** A checkpoint that was opened here before, as this browser remembers it. */
export interface LibraryEntry {
  readonly id: string
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** What it was found to hold, in words: "density attention over layers". */
  readonly title: string
  /** When it was last opened, in milliseconds since 1970. */
  readonly openedAt: number
  readonly from: EntryOrigin
  /** How many files it is made of, where these are several. */
  readonly parts?: number
}

/** How it can be opened again. Bytes are here only where the person asked for it. */
export type EntryOrigin =
  /** Only by giving the file again. */
  | {readonly kind: 'file'}
  /** By asking these addresses again, the checkpoint's first. */
  | {readonly kind: 'address'; readonly addresses: readonly string[]}
  /** From where it lies, if the person allows it once more. */
  | {readonly kind: 'handle'; readonly handle: FileSystemFileHandle}
  /** From a copy of its bytes in this browser, under this name; the file itself was last changed then. */
  | {readonly kind: 'copy'; readonly copy: string; readonly lastModified: number}

/**
 * What names a checkpoint among others, whenever it is opened; null for a shipped example, which need not be
 * remembered.
 */
export function entryId({checkpoint}: OpenFiles): string | null {
  if (checkpoint.kind === 'address') return null
  if (checkpoint.kind === 'remote') return checkpoint.address
  const parts = checkpoint.kind === 'set' ? checkpoint.files : [checkpoint.file]
  return JSON.stringify(parts.flatMap(({name, size, lastModified}) => [name, size, lastModified]))
}

/** How what is open could be opened again without any bytes kept. Inputs come along where all of them are addresses. */
export function originOf({checkpoint, inputs}: OpenFiles): EntryOrigin {
  if (checkpoint.kind !== 'remote') return {kind: 'file'}
  const others = inputs.flatMap((input) => (input.kind === 'remote' ? [input.address] : []))
  return {kind: 'address', addresses: [checkpoint.address, ...(others.length === inputs.length ? others : [])]}
}
