import {createHash} from 'node:crypto'
import {describe, expect, it} from 'vitest'
import {crc32} from '@/lib/formats/crc32'
import {npzBytes} from '@/lib/formats/npzBytes'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {bytes} from './bytes'

const arrays = [
  {name: 'importance', shape: [2, 3], values: Float32Array.from([0, 1, 0.5, -0, Number.NaN, 1 / 3])},
  {name: 'attention.layer_0', shape: [4], values: Float32Array.from([1, 2, 3, 4])},
  {name: 'schicht ä', shape: [], values: Float32Array.from([7])},
  {name: 'empty', shape: [0, 5], values: new Float32Array(0)}
]

describe('npzBytes', () => {
  it('writes what we read', async () => {
    const archive = await openArchive(memorySource(npzBytes(arrays), 'out.npz'))
    expect(archive.format).toBe('NumPy .npz')
    for (const {name, shape, values} of arrays) {
      expect(await archive.read(name)).toStrictEqual({dtype: 'f32', shape, values})
    }
  })

  // These very bytes were opened with NumPy 2.4 (np.load) and gave the arrays above.
  it('writes what NumPy reads', () => {
    const hash = createHash('sha256').update(npzBytes(arrays)).digest('hex')
    expect(hash).toBe('6153809132de944fd564c0ae34d72bbe7b6d175f64502c46b9ad65af6ed95829')
  })

  it('aligns the values of each array to 64 bytes within its member', async () => {
    const file = Buffer.from(npzBytes(arrays))
    for (let at = file.indexOf('\x93NUMPY', 0, 'latin1'); at >= 0; at = file.indexOf('\x93NUMPY', at + 1, 'latin1')) {
      expect((10 + file.readUInt16LE(at + 8)) % 64).toBe(0)
    }
  })

  it('takes values that are a part of a larger array', async () => {
    const values = Float32Array.from([9, 1, 2, 9]).subarray(1, 3)
    const archive = await openArchive(memorySource(npzBytes([{name: 'a', shape: [2], values}]), 'out.npz'))
    expect([...(await archive.read('a')).values]).toEqual([1, 2])
  })

  it('refuses a shape that does not fit', () => {
    expect(() => npzBytes([{name: 'a', shape: [2, 2], values: new Float32Array(3)}])).toThrow(
      'npz: a is (2,2), 4 values, got 3'
    )
  })

  it('refuses two arrays of one name', () => {
    const array = {name: 'a', shape: [1], values: new Float32Array(1)}
    expect(() => npzBytes([array, array])).toThrow('npz: two arrays have one name')
  })
})

describe('crc32', () => {
  it('has the published check value', () => {
    expect(crc32(bytes('123456789'))).toBe(0xcbf43926)
  })
})
