import {readFile} from 'node:fs/promises'
import {describe, expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import {safetensorsBytes, type WrittenTensor} from '@/lib/formats/safetensorsBytes'
import {memorySource} from '@/lib/formats/source'

const tensors: readonly WrittenTensor[] = [
  {name: 'daam.gcts.0.mean_offset', shape: [1, 3], parts: [new Float32Array([0.5, -1.25, 3e-8])]},
  {name: 'daam.gcts.0.c', shape: [1, 3], parts: [new Float32Array([2]), new Float32Array([1.94, 0.6])]},
  {name: 'name with "quotes" and ö', shape: [2, 2], parts: [new Float32Array([1, 2, 3, 4])]},
  {name: 'scalar', shape: [], parts: [new Float32Array([7])]},
  {name: 'empty', shape: [0, 4], parts: []}
]

const open = (content: Uint8Array) => openArchive(memorySource(content, 'written.safetensors'))

describe('a written safetensors file', () => {
  it('is read back with the same names, shapes, numbers and metadata, in the same order', async () => {
    const archive = await open(safetensorsBytes(tensors, {format: 'pt'}))
    expect(archive.entries.map(({name, shape, dtype}) => [name, shape, dtype])).toEqual(
      tensors.map(({name, shape}) => [name, shape, 'f32'])
    )
    for (const {name, parts} of tensors)
      expect([...(await archive.read(name)).values]).toEqual(parts.flatMap((part) => [...part]))
    expect(archive.findings).toEqual([])
  })

  it('starts its tensors on a multiple of eight bytes, whatever the names', () => {
    for (const name of ['a', 'ab', 'abc', 'abcdefgh', 'ö']) {
      const content = safetensorsBytes([{name, shape: [1], parts: [new Float32Array([1])]}])
      const length = new DataView(content.buffer).getBigUint64(0, true)
      expect(length % 8n).toBe(0n)
      expect(content.length).toBe(8 + Number(length) + 4)
    }
  })

  // The stored file was read with safetensors 0.8 and PyTorch 2.15:
  //   safetensors.torch.load_file('written.safetensors') gave these names, shapes and float32 numbers, and
  //   safetensors.safe_open(…).metadata() gave {'format': 'pt'}.
  it('is byte for byte the stored one, which PyTorch has read', async () => {
    const stored = await readFile(new URL('../fixtures/formats/written.safetensors', import.meta.url))
    expect(Buffer.compare(stored, safetensorsBytes(tensors, {format: 'pt'}))).toBe(0)
  })

  it('refuses a shape that does not hold its elements, and a name given twice', () => {
    const one = {name: 'x', shape: [2], parts: [new Float32Array(2)]}
    expect(() => safetensorsBytes([{...one, shape: [3]}])).toThrow('x has shape (3) and was given 2 elements')
    expect(() => safetensorsBytes([one, one])).toThrow('x was given twice')
  })
})
