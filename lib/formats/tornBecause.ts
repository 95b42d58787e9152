import {FormatError} from '@/lib/core/errors'
import {crc32} from './crc32'
import {openArchive} from './openArchive'
import type {ByteSource} from './source'
import {openZip, type Zip} from './zip'
import type {ZipEntry} from './zipDirectory'

/**
 * Why these bytes are no whole file of tensors, in a sentence; null when they are. Looks further than opening does: at
 * the checksums of a zip, and that every tensor of another file is there. What has no checksum may still be a mixture of
 * two versions of one size; only standing still tells that it is not.
 */
export async function tornBecause(source: ByteSource): Promise<string | null> {
  try {
    const archive = await openArchive(source)
    const [first, second] = await source.read(0, Math.min(2, source.size))
    if (first === 0x50 && second === 0x4b) return await wrongChecksum(source)
    if (archive.format === 'CSV' && !(await endsLine(source)))
      return `${source.name}: its last line has no end; a table that is still being written looks the same`
    for (const {name} of archive.entries) await archive.read(name)
    return null
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return error.message
  }
}

async function wrongChecksum(source: ByteSource): Promise<string | null> {
  const zip = await openZip(source)
  const entries = [...zip.entries.values()]
  // PyTorch can leave checksums out (torch.serialization.set_crc32_options), and writes zeros then.
  if (entries.every((entry) => entry.crc32 === 0)) return null
  for (const entry of entries) {
    if ((await checksumOf(zip, entry)) !== entry.crc32)
      return `zip: ${entry.name} is not what its checksum says; the file is damaged, or still being written`
  }
  return null
}

const endsLine = async (source: ByteSource) => (await source.read(source.size - 1, 1))[0] === 0x0a

const pieceBytes = 1 << 20

async function checksumOf(zip: Zip, entry: ZipEntry): Promise<number> {
  // A packed entry is unpacked from its start whenever it is read.
  const step = entry.method === 0 ? pieceBytes : Math.max(1, entry.size)
  let sum = 0
  for (let at = 0; at < entry.size; at += step)
    sum = crc32(await zip.read(entry, at, Math.min(step, entry.size - at)), sum)
  return sum
}
