import {describe, expect, it} from 'vitest'
import {fileSource} from '@/bin/fileSource'
import {FormatError, ReaderError} from '@/lib/core/errors'
import {type ByteSource, blobSource, memorySource} from '@/lib/formats/source'
import {fixtureBytes, fixturePath} from './fixture'

const bytes = fixtureBytes('c.npy')

const makers: readonly (readonly [string, () => Promise<ByteSource>])[] = [
  ['memorySource', async () => memorySource(bytes, 'c.npy')],
  ['blobSource', async () => blobSource(new Blob([bytes as Uint8Array<ArrayBuffer>]), 'c.npy')],
  ['fileSource', () => fileSource(fixturePath('c.npy'))]
]

describe.each(makers)('%s', (_, make) => {
  it('has the name and the size of what it reads', async () => {
    expect(await make()).toMatchObject({name: 'c.npy', size: bytes.length})
  })

  it('reads any range, in any order', async () => {
    const source = await make()
    expect(await source.read(100, 10)).toEqual(bytes.slice(100, 110))
    expect(await source.read(0, bytes.length)).toEqual(bytes)
    expect(await source.read(bytes.length, 0)).toEqual(new Uint8Array())
  })

  it('gives bytes that are the reader’s own', async () => {
    const source = await make()
    ;(await source.read(0, 6)).fill(0)
    expect(await source.read(0, 6)).toEqual(bytes.slice(0, 6))
  })

  it.each([
    [bytes.length - 1, 2],
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [0, 2 ** 53]
  ])('refuses the range that starts at %d and is %d long', async (offset, length) => {
    const failure = await (await make()).read(offset, length).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(FormatError)
    expect((failure as Error).message).toBe(
      `c.npy: bytes ${offset} to ${offset + length} are needed, the file has ${bytes.length}; it may be incomplete`
    )
  })
})

describe('blobSource', () => {
  it('reads ahead for small reads in file order, and not for large ones', async () => {
    const content = Uint8Array.from({length: 1_000_000}, (_, i) => i)
    const blob = new Blob([content])
    const slices: (readonly [number, number])[] = []
    const slice = blob.slice.bind(blob)
    blob.slice = (start = 0, end = blob.size) => {
      slices.push([start, end])
      return slice(start, end)
    }
    const source = blobSource(blob, 'x')
    for (let at = 500; at < 100_000; at += 1000) {
      expect(await source.read(at, 200)).toEqual(content.slice(at, at + 200))
    }
    expect(slices).toEqual([[500, 128_500]])
    await source.read(0, 50_000)
    expect(await source.read(999_990, 10)).toEqual(content.slice(999_990))
    expect(slices.slice(1)).toEqual([
      [0, 50_000],
      [999_990, 1_000_000]
    ])
  })
})

describe('a file that went away', () => {
  it('is said to have changed', async () => {
    const gone = new Blob([])
    Object.defineProperty(gone, 'size', {value: 10})
    gone.slice = () => {
      throw new DOMException('gone', 'NotReadableError')
    }
    await expect(blobSource(gone, 'x.pt').read(0, 4)).rejects.toThrow(
      'x.pt: 10 bytes at byte 0 could not be read; the file may have changed since it was opened, or the range is more than this browser reads at once'
    )
  })
})

describe('a path that leads to no file', () => {
  it.each([
    ['/no/such/file.pt', '/no/such/file.pt: there is no such file; a file that can be read is needed'],
    [fixturePath('.'), `${fixturePath('.')}: this is not a file; a file of tensors is needed`]
  ])('%s', async (path, sentence) => {
    const failure = await fileSource(path).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ReaderError)
    expect((failure as Error).message).toBe(sentence)
  })
})

it('what memory answers starts its own buffer, of a Node Buffer too', async () => {
  const source = memorySource(Buffer.from([0, 1, 2, 3, 4]), 'five')
  const read = await source.read(1, 3)
  expect([...new Uint8Array(read.buffer)]).toEqual([1, 2, 3])
})
