import type {ByteSource} from '@/lib/formats/source'

/** Whether a word of the command line is an address rather than a path. */
export const isAddress = (word: string): boolean => /^https?:\/\//i.test(word)

/** A file on a server, read by its parts; with an index, the files it names. Throws ReaderError with the reason. */
export async function addressSource(address: string): Promise<ByteSource> {
  const {remotes} = await import('@/lib/engine/remotes')
  return remotes().open(address)
}
