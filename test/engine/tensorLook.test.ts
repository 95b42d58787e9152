import {readFileSync} from 'node:fs'
import {expect, it} from 'vitest'
import {CancelledError} from '@/lib/core/errors'
import {g} from '@/lib/engine/pythonCheck'
import {exportTensor, tensorSlice, tensorStatistics} from '@/lib/engine/tensorLook'
import {npyBytes} from '@/lib/formats/npyBytes'
import {openArchive} from '@/lib/formats/openArchive'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {memoryArchive, tensor} from '../fixtures/memoryArchive'
import {checkedFiles, linesOf, type PythonLine} from '../reference/pythonLines'

const stored: PythonLine[] = JSON.parse(readFileSync('test/fixtures/engine/python_lines.json', 'utf8'))

it.each(checkedFiles)('PyTorch or NumPy prints for every tensor of %s what we say its line prints', async (file) => {
  const lines = await linesOf(file)
  expect(lines.length).toBeGreaterThan(0)
  expect(lines).toEqual(stored.filter((line) => line.file === file))
})

const npy = (shape: readonly number[], values: Float32Array) =>
  openArchive(memorySource(npyBytes('f32', shape, [values]), 'a.npy'))

it('numbers that are not finite are counted and left out of the moments', async () => {
  const archive = await npy(
    [6],
    Float32Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY, 0, Number.NEGATIVE_INFINITY)
  )
  const found = await tensorStatistics(archive, 'array')
  expect(found).toMatchObject({count: 6, zeros: 1, nan: 1, infinite: 2})
  expect(found.finite).toMatchObject({min: 0, max: 3, mean: 4 / 3})
})

it('a tensor of thousands of pieces is told of and can be stopped', async () => {
  const archive = await npy([3000, 2000], new Float32Array(6e6))
  const controller = new AbortController()
  const told: number[] = []
  const work = tensorStatistics(archive, 'array', {
    signal: controller.signal,
    onProgress: ({done}) => {
      told.push(done)
      controller.abort()
    }
  })
  await expect(work).rejects.toThrow(CancelledError)
  expect(told[0]).toBeLessThan(6e6 * 4)
})

it('of a file only the bytes of the tensor are read, each once', async () => {
  const bytes = new Uint8Array(readFileSync('test/fixtures/formats/dtypes.safetensors'))
  let read = 0
  const inside = memorySource(bytes, 'x.safetensors')
  const source: ByteSource = {
    ...inside,
    read: (offset, length) => {
      read += length
      return inside.read(offset, length)
    }
  }
  const archive = await openArchive(source)
  const [entry] = archive.entries
  read = 0
  await tensorStatistics(archive, entry!.name)
  expect(read).toBe(entry!.byteLength)
})

it('any two axes of a tensor make a slice, the others stand where they are put', async () => {
  const archive = await npy(
    [2, 3, 4],
    Float32Array.from({length: 24}, (_, i) => i)
  )
  const across = await tensorSlice(archive, 'array', {rowAxis: 2, colAxis: 0, index: [0, 1, 0]})
  expect(across).toMatchObject({rows: 4, cols: 2, extent: [4, 19], notFinite: 0})
  expect([...across.cells.values]).toEqual([4, 16, 5, 17, 6, 18, 7, 19])
  const row = await tensorSlice(archive, 'array', {rowAxis: null, colAxis: 2, index: [1, 2, 0]})
  expect([...row.cells.values]).toEqual([20, 21, 22, 23])
})

it('an archive that reads only whole tensors gives the same slice', async () => {
  const archive = memoryArchive({w: tensor([2, 3, 4], (i) => i)})
  const {cells} = await tensorSlice(archive, 'w', {rowAxis: 2, colAxis: 0, index: [0, 1, 0]})
  expect([...cells.values]).toEqual([4, 16, 5, 17, 6, 18, 7, 19])
})

it('a large slice is averaged into cells that keep their extremes, and a part of it comes element by element', async () => {
  const archive = await npy(
    [1000, 5000],
    Float32Array.from({length: 5e6}, (_, i) => (i === 77 ? 9 : 1))
  )
  const whole = {rowAxis: 0, colAxis: 1, index: []}
  const {cells, extent, rows, cols, spread} = await tensorSlice(archive, 'array', whole)
  expect([rows, cols, cells.rows, cells.cols]).toEqual([1000, 5000, 512, 1024])
  expect(extent).toEqual([1, 9])
  const at = Math.floor((77 * 1024) / 5000)
  expect([spread!.min.values[at], spread!.max.values[at], cells.values[at]]).toEqual([
    1,
    9,
    Math.fround(1 + 8 / spread!.counts[at]!)
  ])
  expect(spread!.counts.reduce((all, n) => all + n)).toBe(5e6)

  const part = {rows: [0, 2], cols: [70, 90]} as const
  const near = await tensorSlice(archive, 'array', {...whole, part})
  expect([near.rows, near.cols, near.cells.rows, near.cells.cols, near.spread]).toEqual([1000, 5000, 2, 20, null])
  expect([near.part, near.cells.values[7], near.cells.values[27]]).toEqual([part, 9, 1])
})

it('an axis that the tensor has not is refused with the axes it has', async () => {
  const work = tensorSlice(await npy([2, 2], new Float32Array(4)), 'array', {rowAxis: 1, colAxis: 1, index: []})
  await expect(work).rejects.toThrow('array: axes 1 and 1 were asked for; two different ones of its 2 are needed')
})

it('an exported tensor is a .npy that holds the same elements', async () => {
  const archive = await openArchive(
    memorySource(new Uint8Array(readFileSync('test/fixtures/formats/dtypes.safetensors')), 'x')
  )
  for (const {name, dtype} of archive.entries) {
    const again = await openArchive(memorySource(await exportTensor(archive, name), 'again.npy'))
    expect(again.entries[0]!.dtype).toBe(dtype === 'bf16' ? 'f32' : dtype)
    expect((await again.read('array')).values).toEqual((await archive.read(name)).values)
  }
})

it.each([
  [0.1, 9, '0.1'],
  [1e-5, 9, '1e-05'],
  [123_456_789_012, 9, '1.23456789e+11'],
  [-2.5, 6, '-2.5'],
  [100_000, 6, '100000'],
  [999_999.5, 6, '1e+06'],
  [0.00012345678, 6, '0.000123457']
])('%d is written as Python writes it', (value, digits, text) => {
  expect(g(value, digits)).toBe(text)
})
