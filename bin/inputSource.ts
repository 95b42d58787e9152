import type {ByteSource} from '@/lib/formats/source'
import {fileSource} from './fileSource'

/** A file that is open only while it is read: a validation set may be thousands of them. Throws ReaderError. */
export async function inputSource(path: string): Promise<ByteSource> {
  const {name, size} = await briefly(path, async (source) => source)
  return {name, size, read: (offset, length) => briefly(path, (source) => source.read(offset, length))}
}

async function briefly<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const source = await fileSource(path)
  try {
    return await use(source)
  } finally {
    await source.close()
  }
}
