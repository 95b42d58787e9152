import {isExplanationFile, mostFileBytes, tellingBytes} from '@/lib/share/explanationFile'

/** The bytes of an only file that is an explanation, told by how it begins; null for anything else. */
export async function recordFile(files: readonly File[]): Promise<Uint8Array | null> {
  const [file, another] = files
  if (!file || another) return null
  const start = new Uint8Array(await file.slice(0, tellingBytes).arrayBuffer())
  if (!isExplanationFile(start)) return null
  // One byte more than it may have is enough to refuse it.
  return new Uint8Array(await file.slice(0, mostFileBytes(start) + 1).arrayBuffer())
}
