import {expect, it} from 'vitest'
import {ConvertedStorage} from '@/lib/formats/converted'
import {memorySource} from '@/lib/formats/source'
import {counted} from './fixture'

const bytes = Uint8Array.from({length: 12}, (_, i) => i)

/** Blocks of three bytes that stand for two elements: the first byte, and the sum of the others. */
function blocks() {
  const source = counted(memorySource(bytes, 'x'))
  const convert = (raw: Uint8Array) => {
    const values = new Float32Array((raw.length / 3) * 2)
    for (let i = 0; i < raw.length / 3; i++) values.set([raw[3 * i]!, raw[3 * i + 1]! + raw[3 * i + 2]!], 2 * i)
    return values
  }
  const raw = {byteLength: bytes.length, read: source.read}
  return {source, storage: new ConvertedStorage(raw, 3, convert, 2)}
}

it('a storage of blocks has the length of its values', () => {
  expect(blocks().storage.byteLength).toBe(8 * 4)
})

it.each([
  ['all', 0, 8, [0, 3, 3, 9, 6, 15, 9, 21], 12],
  ['whole blocks', 2, 4, [3, 9, 6, 15], 6],
  ['parts of blocks', 1, 4, [3, 3, 9, 6], 9],
  ['one element', 5, 1, [15], 3]
])('gives %s and reads no block besides', async (_, start, count, values, read) => {
  const {source, storage} = blocks()
  const given = await storage.read(start * 4, count * 4)
  expect([...new Float32Array(given.buffer, given.byteOffset, count)]).toEqual(values)
  expect(source.bytes).toBe(read)
})
