import {joinedBytes} from './joinedBytes'
import type {ByteSource} from './source'
import {checkRange} from './source'

/** Several files that are one checkpoint, such as an index and its shards. As bytes they stand one after the other. */
export interface FileSet extends ByteSource {
  /** What describes the others first (a `.json`, an `.onnx`), the others by name. */
  readonly files: readonly ByteSource[]
}

/** Files to be opened as one, in an order that does not depend on how they were given. */
export function fileSet(files: readonly ByteSource[]): FileSet {
  const isIndex = ({name}: ByteSource) => (/\.(json|onnx)$/i.test(name) ? 0 : 1)
  const sorted = [...files].sort((a, b) => isIndex(a) - isIndex(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return {...joinedSource(sorted[0]?.name ?? 'no file', sorted), files: sorted}
}

export function isFileSet(source: ByteSource): source is FileSet {
  return 'files' in source && Array.isArray(source.files)
}

/** Sources read as if they were one, one after the other. */
export function joinedSource(name: string, parts: readonly ByteSource[]): ByteSource {
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  return {
    name,
    size,
    async read(offset, length) {
      checkRange(name, size, offset, length)
      const pieces: Uint8Array[] = []
      let start = 0
      for (const part of parts) {
        const from = Math.max(0, offset - start)
        const to = Math.min(part.size, offset + length - start)
        if (from < to) pieces.push(await part.read(from, to - from))
        start += part.size
      }
      return pieces.length === 1 ? pieces[0]! : joinedBytes(pieces)
    },
    release: () => {
      for (const part of parts) part.release?.()
    }
  }
}
