import {describe, expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import type {ByteSource} from '@/lib/formats/source'
import {bytes, little} from './bytes'
import {counted} from './fixture'
import {type LargeTensor, largeModel, largeSafetensors, largeTorchZip, SparseFile} from './largeFiles'

const elementsOf = ({shape}: LargeTensor) => shape.reduce((a, b) => a * b, 1)

/** The same tensors as GGUF, without their values. */
function largeGguf(tensors: readonly LargeTensor[]): SparseFile {
  const file = new SparseFile()
  file.put(bytes('GGUF', little(3, 4), little(tensors.length, 8), little(0, 8)))
  let at = 0
  for (const tensor of tensors) {
    const {name, shape} = tensor
    const axes = [...shape].reverse().map((length) => little(length, 8))
    file.put(bytes(little(name.length, 8), name, little(shape.length, 4), ...axes, little(0, 4), little(at, 8)))
    at += 4 * elementsOf(tensor)
  }
  file.skip((32 - (file.size % 32)) % 32)
  file.skip(at)
  return file
}

/** The same tensors as the initialisers of an ONNX model. */
function largeOnnx(tensors: readonly LargeTensor[]): SparseFile {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
  const heads = tensors.map((tensor) => {
    const {name, shape} = tensor
    const inside = [...shape.flatMap((length) => [8, ...varint(length)]), 0x10, 1, 0x42, name.length]
    const raw = [0x4a, ...varint(4 * elementsOf(tensor))]
    const length = inside.length + name.length + raw.length + 4 * elementsOf(tensor)
    return bytes(0x2a, ...varint(length), ...inside, name, ...raw)
  })
  const graph = heads.reduce((sum, head, i) => sum + head.length + 4 * elementsOf(tensors[i]!), 0)
  const file = new SparseFile()
  file.put(bytes(8, 8, 0x12, 1, 't', 0x3a, ...varint(graph)))
  for (const [i, head] of heads.entries()) {
    file.put(head)
    file.skip(4 * elementsOf(tensors[i]!))
  }
  return file
}

const sourceOf = (file: SparseFile): ByteSource => ({
  name: 'large',
  size: file.size,
  read: async (offset, length) => file.read(offset, offset + length)
})

const held = () => {
  const {heapUsed, external} = process.memoryUsage()
  return heapUsed + external
}

describe('300 tensors in 3 GB', () => {
  const model = largeModel(3e9)

  it.each([
    ['PyTorch zip', largeTorchZip],
    ['safetensors', largeSafetensors],
    ['GGUF', largeGguf],
    ['ONNX', largeOnnx]
  ])('of %s are listed in under 1 MB read and 32 MB held', async (format, make) => {
    const file = make(model)
    const source = counted(sourceOf(file))
    const before = held()
    const archive = await openArchive(source)
    expect(held() - before).toBeLessThan(32e6)
    expect(archive.format).toBe(format)
    expect(archive.entries.map(({name, shape}) => ({name, shape}))).toEqual(
      model.map(({name, shape}) => ({name, shape}))
    )
    expect(source.size).toBeGreaterThan(2.9e9)
    expect(source.bytes).toBeLessThan(1e6)

    const listed = source.bytes
    const {values} = await archive.read('daam.gcts.3.c')
    expect(values.length).toBe(1024)
    expect(source.bytes - listed).toBeLessThan(10e3)
    if (format === 'PyTorch zip' || format === 'safetensors') expect(values).toEqual(new Float32Array(1024).fill(5))
  })
})
