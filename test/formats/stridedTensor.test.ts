import {describe, expect, it} from 'vitest'
import {memorySource} from '@/lib/formats/source'
import {checkStrided, readStrided, type StridedTensor} from '@/lib/formats/stridedTensor'

const storage = (bytes: Uint8Array) => ({byteLength: bytes.length, read: memorySource(bytes, 'x').read})
const counting = storage(new Uint8Array(Float32Array.from({length: 24}, (_, i) => i).buffer))

function tensor(shape: readonly number[], strides: readonly number[], offset = 0): StridedTensor {
  return {storage: counting, dtype: 'f32', shape, strides, offset}
}

describe('a view is read row by row', () => {
  it.each<[string, readonly number[], readonly number[], number, readonly number[]]>([
    ['packed', [2, 3], [3, 1], 0, [0, 1, 2, 3, 4, 5]],
    ['from an offset', [3], [1], 21, [21, 22, 23]],
    ['transposed', [3, 2], [1, 3], 0, [0, 3, 1, 4, 2, 5]],
    ['every other', [2, 2], [12, 2], 1, [1, 3, 13, 15]],
    ['expanded', [2, 3], [0, 1], 4, [4, 5, 6, 4, 5, 6]],
    ['of one axis of length one with any stride', [1, 2], [999, 1], 0, [0, 1]],
    ['overlapping', [3, 2], [1, 1], 0, [0, 1, 1, 2, 2, 3]],
    ['in three axes, turned about', [2, 2, 2], [1, 8, 4], 0, [0, 4, 8, 12, 1, 5, 9, 13]],
    ['without axes', [], [], 7, [7]],
    ['without elements', [0, 3], [3, 1], 0, []]
  ])('%s', async (_, shape, strides, offset, values) => {
    expect([...(await readStrided('t', tensor(shape, strides, offset))).values]).toEqual(values)
  })

  it.each([
    [[16], [1]],
    [
      [1, 16],
      [999, 1]
    ]
  ])('without a copy when it is packed already: (%s) with strides (%s)', async (shape, strides) => {
    const bytes = new Uint8Array(64)
    const storage = {byteLength: 64, read: async () => bytes}
    const {values} = await readStrided('t', {...tensor(shape, strides), storage})
    expect(values.buffer).toBe(bytes.buffer)
  })

  it('with booleans as 0 and 1, whatever byte stands for true', async () => {
    const booleans: StridedTensor = {...tensor([4], [1]), dtype: 'bool', storage: storage(Uint8Array.of(0, 1, 2, 255))}
    expect([...(await readStrided('t', booleans)).values]).toEqual([0, 1, 1, 1])
  })

  it('reading only the bytes it spans', async () => {
    const asked: [number, number][] = []
    const read = async (offset: number, length: number) => {
      asked.push([offset, length])
      return counting.read(offset, length)
    }
    await readStrided('t', {...tensor([2, 2], [6, 1], 3), storage: {byteLength: 96, read}})
    expect(asked).toEqual([[12, 32]])
  })

  it('and bytes that start in the middle of a buffer are taken out of it first', async () => {
    const shared = new Uint8Array(Float32Array.from([1, 2, 3]).buffer)
    const padded = new Uint8Array(13)
    padded.set(shared, 1)
    const read = async () => padded.subarray(1)
    const {values} = await readStrided('t', {...tensor([3], [1]), storage: {byteLength: 12, read}})
    expect([...values]).toEqual([1, 2, 3])
  })
})

describe('a view that cannot be is refused', () => {
  it.each<[string, readonly number[], readonly number[], number, string]>([
    ['out of its storage', [5, 6], [6, 1], 0, 't: shape (5,6) of f32 reaches byte 120, its storage has 96'],
    ['out of it by its offset', [1], [1], 24, 't: shape (1) of f32 reaches byte 100, its storage has 96'],
    ['with a negative stride', [2], [-1], 5, 't: shape (2) with strides (-1) from 5'],
    ['with a negative offset', [2], [1], -1, 't: shape (2) with strides (1) from -1'],
    ['with a stride too few', [2, 2], [1], 0, 't: shape (2,2) with strides (1) from 0'],
    ['with a fraction', [1.5], [1], 0, 't: shape (1.5) has an axis of length 1.5'],
    ['with NaN', [Number.NaN], [1], 0, 't: shape (NaN) has an axis of length NaN'],
    [
      'past counting',
      [2 ** 30, 2 ** 30],
      [0, 0],
      0,
      't: shape (1073741824,1073741824) counts more elements than any file can hold'
    ],
    ['with a stride past counting', [2, 2], [2 ** 53 - 1, 2 ** 53 - 1], 0, 't: shape (2,2) of f32 reaches byte']
  ])('%s', (_, shape, strides, offset, sentence) => {
    expect(() => checkStrided(tensor(shape, strides, offset), 't')).toThrow(sentence)
  })

  it('when a few bytes would become many', async () => {
    const wide = tensor([100_000, 100_000], [0, 0])
    checkStrided(wide, 't')
    await expect(readStrided('t', wide)).rejects.toThrow(
      't: 4 bytes repeated to 40 GB by its strides; save a copy of the tensor with .contiguous() or .clone()'
    )
  })
})
