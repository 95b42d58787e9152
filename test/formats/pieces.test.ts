import fc from 'fast-check'
import {expect, it} from 'vitest'
import type {Box, TypedArray} from '@/lib/formats/archive'
import {npyBytes} from '@/lib/formats/npyBytes'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {boxesOf, boxShape, stridedPieces, wholeBox} from '@/lib/formats/stridedPieces'
import {packedStrides, type StridedTensor} from '@/lib/formats/stridedTensor'

function counted(shape: readonly number[], strides: readonly number[]): StridedTensor & {read: number[]} {
  const values = Float64Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => i)
  const bytes = new Uint8Array(values.buffer)
  const read: number[] = []
  const storage = {
    byteLength: bytes.length,
    read: async (offset: number, length: number) => {
      read.push(length)
      return bytes.slice(offset, offset + length)
    }
  }
  return {storage, dtype: 'f64', offset: 0, shape, strides, read}
}

/** Puts the pieces back where their boxes say. */
async function assembled(tensor: StridedTensor, box: Box, inOrder = false): Promise<Float64Array> {
  const shape = boxShape(box)
  const steps = packedStrides(shape)
  const out = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(Number.NaN)
  let twice = false
  for await (const piece of stridedPieces('t', tensor, box, inOrder)) {
    const own = boxShape(piece.box)
    const ownSteps = packedStrides(own)
    ;(piece.values as Float64Array).forEach((value, i) => {
      const at = own.reduce((sum, length, axis) => {
        const index = Math.floor(i / ownSteps[axis]!) % length
        return sum + (piece.box[axis]![0] - box[axis]![0] + index) * steps[axis]!
      }, 0)
      twice ||= !Number.isNaN(out[at])
      out[at] = value
    })
  }
  expect(twice).toBe(false)
  return out
}

it('the boxes of a box cover each of its elements once, in either order', () => {
  const axis = fc.tuple(fc.integer({min: 1, max: 200}), fc.integer({min: 0, max: 3}))
  fc.assert(
    fc.property(fc.array(axis, {minLength: 1, maxLength: 3}), fc.boolean(), fc.boolean(), (axes, fortran, inOrder) => {
      const shape = axes.map(([length]) => length)
      const tensor = {
        storage: null as never,
        dtype: 'f64' as const,
        offset: 0,
        shape,
        strides: packedStrides(shape, fortran)
      }
      const box = axes.map(([length, skip]) => [Math.min(skip, length), length] as const)
      const parts = [...boxesOf(tensor, box, inOrder)]
      const sizes = parts.map((part) => boxShape(part).reduce((a, b) => a * b, 1))
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(boxShape(box).reduce((a, b) => a * b, 1))
      const inside = parts.every((part) => part.every(([start, stop], i) => box[i]![0] <= start && stop <= box[i]![1]))
      expect(inside).toBe(true)
    }),
    {numRuns: 40}
  )
})

it.each([
  ['packed', false, false],
  ['packed, in order', false, true],
  ['column by column', true, false],
  ['column by column, in order', true, true]
])('a tensor stored %s comes back whole from its pieces', async (_, fortran, inOrder) => {
  const shape = [300, 700, 5]
  const strides = packedStrides(shape, fortran)
  const tensor = counted(shape, strides)
  const out = await assembled(tensor, wholeBox(shape), inOrder)
  const wanted = Float64Array.from({length: out.length}, (_, i) => {
    const index = [Math.floor(i / 3500), Math.floor(i / 5) % 700, i % 5]
    return index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0)
  })
  expect(out).toEqual(wanted)
  if (!(fortran && inOrder)) expect(Math.max(...tensor.read)).toBeLessThanOrEqual(4 << 20)
  // However the strides lie, no byte is read twice.
  expect(tensor.read.reduce((a, b) => a + b, 0)).toBe(out.length * 8)
})

it('a slice reads its own rows and not the tensor around them', async () => {
  const tensor = counted([50, 100, 40], packedStrides([50, 100, 40]))
  const box = [
    [7, 8],
    [0, 100],
    [0, 40]
  ] as const
  const out = await assembled(tensor, box)
  expect(out[0]).toBe(7 * 4000)
  expect(tensor.read).toEqual([4000 * 8])
})

it.each([
  ['f64', Float64Array.of(1, -2.5, Number.NaN, 4)],
  ['f32', Float32Array.of(1, -2.5, Number.NaN, 4)],
  ['f16', Uint16Array.of(0x3c00, 0xc100, 0x7e00, 0x4400)],
  ['i64', BigInt64Array.of(1n, -2n, 3n, 2n ** 60n)],
  ['u8', Uint8Array.of(0, 1, 2, 255)],
  ['bool', Uint8Array.of(0, 1, 1, 0)]
] as const)('a .npy of %s that we write reads back bit for bit, in pieces', async (dtype, values) => {
  const halves: TypedArray[] = [values.subarray(0, 1), values.subarray(1)]
  const archive = await openArchive(memorySource(npyBytes(dtype, [2, 2], halves), 'x.npy'))
  expect(archive.entries).toMatchObject([{name: 'array', dtype, shape: [2, 2]}])
  for await (const {raw} of archive.pieces!('array', wholeBox([2, 2]))) expect(raw).toEqual(values)
})
