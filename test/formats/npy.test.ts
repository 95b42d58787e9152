import {describe, expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {bytes, little} from './bytes'

function file(header: string, dataBytes: number, version = 1, length = header.length): Uint8Array {
  return bytes('\x93NUMPY', version, 0, little(length, version === 1 ? 2 : 4), header, new Uint8Array(dataBytes))
}

const open = (...args: Parameters<typeof file>) => openArchive(memorySource(file(...args), 'x.npy'))
const header = (shape: string, descr = "'<f4'") => `{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }`

describe('.npy', () => {
  it('reads what Python 2 wrote', async () => {
    expect((await open(header('2L, 3L'), 24)).entries[0]!.shape).toEqual([2, 3])
  })

  it('reads a header with a long one', async () => {
    expect((await open(`${header('2,')}${' '.repeat(70_000)}\n`, 8, 2)).entries[0]!.shape).toEqual([2])
  })

  it.each<[string, Parameters<typeof file>, string]>([
    [
      'a shape larger than the file',
      [header('1000, 1000'), 8],
      'npy: shape (1000,1000) of f32 claims 4 MB, the file holds 8 bytes of them; it may be incomplete'
    ],
    [
      'a negative length',
      [header('-1,'), 8],
      'npy: the header gives the shape (-1,); whole lengths, none negative, are needed'
    ],
    [
      'a shape whose product overflows',
      [header('999999999999999, 999999999999999'), 8],
      'counts more elements than any file can hold'
    ],
    ['a shape that is no number', [header("'a',"), 8], "npy: the header gives the shape ('a',)"],
    ['a hundred axes', [header('1,'.repeat(100)), 4], 'npy: 100 axes; at most 64 are read'],
    ['no shape', ["{'descr': '<f4', 'fortran_order': False}", 8], 'npy: the header has no shape that can be read'],
    ['no order', ["{'descr': '<f4', 'shape': (1,)}", 8], 'npy: the header has no fortran_order that can be read'],
    [
      'code in place of a type',
      [header('1,', '__import__("os").system("x")'), 8],
      'npy: the header has no descr that can be read'
    ],
    [
      'a header longer than the file',
      [header('1,'), 8, 1, 60_000],
      'npy: the header claims 60 kB, the file has 75 bytes; it may be incomplete'
    ],
    [
      'a header longer than any memory',
      [header('1,'), 8, 2, -1],
      'npy: the header claims 4.3 GB, the file has 77 bytes; it may be incomplete'
    ],
    ['a version to come', [header('1,'), 8, 9], 'npy: version 9 of the format; 1 to 3 are read'],
    ['nothing after its first bytes', ['', 0], 'npy: 10 bytes; a header alone has more']
  ])('refuses %s', async (_, args, sentence) => {
    await expect(open(...args)).rejects.toThrow(sentence)
  })
})
