import {describe, expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {bytes, little} from './bytes'

function file(header: unknown, dataBytes: number, length?: number): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  return bytes(little(length ?? text.length, 8), text, new Uint8Array(dataBytes))
}

const open = (...args: Parameters<typeof file>) => openArchive(memorySource(file(...args), 'x.safetensors'))
const f32 = (shape: unknown, start: number, end: number) => ({dtype: 'F32', shape, data_offsets: [start, end]})

describe('safetensors', () => {
  it('lists its tensors by their place in the file, whatever the header puts first', async () => {
    const {entries, contents} = await open({2: f32([1], 8, 12), 1: f32([2], 0, 8)}, 12)
    expect(entries.map(({name}) => name)).toEqual(['1', '2'])
    expect(contents).toEqual(new Map(entries.map((entry) => [entry.name, entry])))
  })

  it('keeps its metadata beside them', async () => {
    const {contents, entries} = await open({__metadata__: {format: 'pt'}}, 0)
    expect(entries).toEqual([])
    expect(contents).toEqual(new Map([['__metadata__', new Map([['format', 'pt']])]]))
  })

  it('takes a name that means something to JavaScript for a name', async () => {
    const {entries} = await open(`{"__proto__":${JSON.stringify(f32([1], 0, 4))}}`, 4)
    expect(entries.map(({name}) => name)).toEqual(['__proto__'])
  })

  it('notes bytes that belong to no tensor', async () => {
    const {findings} = await open({a: f32([1], 0, 4), b: f32([1], 8, 12)}, 20)
    expect(findings).toEqual([{kind: 'note', text: '12 bytes of the file belong to no tensor'}])
  })

  it.each<[string, Parameters<typeof file>, string]>([
    [
      'a header longer than the file',
      ['{}', 3_000_000, 912_000_000],
      'safetensors: header claims 912 MB, file is 3 MB; the download may be incomplete'
    ],
    ['a header that is not JSON', ['{"a":', 0], 'safetensors: the text is not JSON; it starts "{\\"a\\":"'],
    [
      'a tensor past the end',
      [{a: f32([4], 0, 16)}, 8],
      'safetensors: a lies at bytes 0 to 16, the file holds 8 of tensors; the download may be incomplete'
    ],
    ['a tensor that ends before it starts', [{a: f32([4], 8, 4)}, 16], 'safetensors: a lies at bytes 8 to 4'],
    [
      'two tensors on the same bytes',
      [{a: f32([2], 0, 8), b: f32([2], 4, 12)}, 12],
      'safetensors: b starts at byte 4, where another tensor runs to 8'
    ],
    [
      'a shape that does not fit its bytes',
      [{a: f32([3], 0, 16)}, 16],
      'safetensors: a has shape (3) of f32, 12 bytes, and is given 16'
    ],
    [
      'a negative length',
      [{a: f32([-1], 0, 4)}, 4],
      'safetensors: a has no dtype, shape and two data_offsets in whole numbers'
    ],
    [
      'a shape whose product overflows',
      [{a: f32([2 ** 40, 2 ** 40], 0, 4)}, 4],
      'safetensors: a: shape (1099511627776,1099511627776) counts more elements than any file can hold'
    ],
    [
      'a shape whose product overflows to zero',
      [{a: f32([2 ** 32, 2 ** 32], 0, 0)}, 4],
      'counts more elements than any file can hold'
    ],
    [
      'a shape with a fraction',
      [{a: f32([0.5], 0, 2)}, 4],
      'safetensors: a has no dtype, shape and two data_offsets in whole numbers'
    ],
    [
      'three offsets',
      [{a: {dtype: 'F32', shape: [1], data_offsets: [0, 4, 8]}}, 8],
      'safetensors: a has no dtype, shape and two data_offsets in whole numbers'
    ],
    [
      'something that is no tensor',
      [{a: null}, 0],
      'safetensors: a has no dtype, shape and two data_offsets in whole numbers'
    ],
    [
      'an axis without end',
      [
        {
          a: f32(
            Array.from({length: 100}, () => 1),
            0,
            4
          )
        },
        4
      ],
      'safetensors: a has no dtype, shape and two data_offsets in whole numbers'
    ]
  ])('refuses %s', async (_, args, sentence) => {
    await expect(open(...args)).rejects.toThrow(sentence)
  })
})
