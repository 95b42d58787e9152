import {describe, expect, it} from 'vitest'
import {npzBytes} from '@/lib/formats/npzBytes'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {bytes, little, type Member, zipBytes} from './bytes'
import {counted} from './fixture'

const count = 40
const elements = 50_000

/** A torch pickle of `count` tensors, the i-th on storage i, in a zip or at the head of a legacy file. */
function torchPickle(legacy: boolean): Uint8Array {
  const text = (value: string) => bytes('X', little(value.length, 4), value)
  const size = bytes('J', little(elements, 4))
  const tensors = Array.from({length: count}, (_, i) => [
    text(`layer.${i}`),
    'ctorch._utils\n_rebuild_tensor_v2\n((',
    text('storage'),
    'ctorch\nFloatStorage\n',
    text(String(i)),
    text('cpu'),
    size,
    legacy ? 'N' : '',
    'tQK\x00',
    size,
    '\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtRs'
  ])
  return bytes('\x80\x02}', ...tensors.flat(), '.')
}

function torchZip(): Uint8Array {
  const storages = Array.from({length: count}, (_, i): Member => ({name: `x/data/${i}`, content: data(i)}))
  return zipBytes([{name: 'x/data.pkl', content: torchPickle(false)}, ...storages])
}

function torchLegacy(): Uint8Array {
  const magic = bytes('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.')
  const system = bytes('\x80\x02}X', little(13, 4), 'little_endian\x88s.')
  const keys = bytes(
    '\x80\x02](',
    ...Array.from({length: count}, (_, i) => bytes('X', little(String(i).length, 4), String(i))),
    'e.'
  )
  const storages = Array.from({length: count}, (_, i) => [little(elements, 8), data(i)])
  return joined([magic, system, torchPickle(true), keys, ...storages.flat()])
}

function safetensors(): Uint8Array {
  const slots = Array.from({length: count}, (_, i) => [
    `layer.${i}`,
    {dtype: 'F32', shape: [elements], data_offsets: [i * elements * 4, (i + 1) * elements * 4]}
  ])
  const header = JSON.stringify(Object.fromEntries(slots))
  return joined([bytes(little(header.length, 8), header), ...Array.from({length: count}, (_, i) => data(i))])
}

function npz(): Uint8Array {
  return npzBytes(
    Array.from({length: count}, (_, i) => ({
      name: `layer.${i}`,
      shape: [elements],
      values: new Float32Array(elements).fill(i)
    }))
  )
}

function data(i: number): Uint8Array {
  return new Uint8Array(new Float32Array(elements).fill(i).buffer)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

describe('an archive of 8 MB', () => {
  it.each([
    ['PyTorch zip', torchZip, 90_000, 4],
    ['PyTorch legacy', torchLegacy, 140_000, 2],
    ['safetensors', safetensors, 10_000, 3],
    ['NumPy .npz', npz, 90_000, 90]
  ])('%s is listed without its values', async (format, make, mostBytes, mostReads) => {
    const source = counted(memorySource(make(), 'x'))
    const archive = await openArchive(source)
    expect(archive.format).toBe(format)
    expect(archive.entries.map(({name}) => name)).toEqual(Array.from({length: count}, (_, i) => `layer.${i}`))
    expect(source.size).toBeGreaterThan(count * elements * 4)
    expect(source.bytes).toBeLessThan(mostBytes)
    expect(source.reads).toBeLessThanOrEqual(mostReads)

    const [bytesBefore, readsBefore] = [source.bytes, source.reads]
    const {values} = await archive.read('layer.17')
    expect(values).toEqual(new Float32Array(elements).fill(17))
    expect(source.bytes - bytesBefore).toBeLessThan(elements * 4 + 300)
    expect(source.reads - readsBefore).toBeLessThanOrEqual(2)
  })
})
