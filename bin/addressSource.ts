import type {ByteSource} from '@/lib/formats/source'

/** Whether a word of the command line is an address rather than a path. */
export const isAddress = (word: string): boolean => /^https?:\/\//i.test(word)

/** A file on a server, read by its parts. Throws ReaderError with the reason when it cannot be. */
export async function addressSource(address: string): Promise<ByteSource> {
  const {httpAddress} = await import('@/lib/formats/httpAddress')
  const {httpSource} = await import('@/lib/formats/httpSource')
  return httpSource(httpAddress(address))
}
