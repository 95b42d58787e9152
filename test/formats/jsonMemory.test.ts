import {describe, expect, it} from 'vitest'
import {jsonMemory} from '@/lib/formats/text/jsonMemory'

const memory = (text: string) => jsonMemory(new TextEncoder().encode(text), 'JSON')
const objects = (count: number, keysOf: (i: number) => readonly string[]) =>
  JSON.stringify(Array.from({length: count}, (_, i) => Object.fromEntries(keysOf(i).map((key) => [key, 0]))))

describe('what a text in JSON would take', () => {
  it('is little for objects of the same keys, and for those of a few kinds', () => {
    const same = memory(objects(1000, () => ['dtype', 'shape', 'data_offsets']))
    const kinds = memory(objects(1000, (i) => [`dtype${i % 7}`, 'shape', 'data_offsets']))
    expect(same).toBeLessThan(1000 * 220)
    expect(kinds).toBeLessThan(1.1 * same)
  })

  it('is more for keys of their own, and the more the more there are of them', () => {
    const own = (keys: number) =>
      memory(objects(1000, (i) => Array.from({length: keys}, (_, j) => `k${i}.${j}`))) / (1000 * keys)
    expect(own(3)).toBeGreaterThan(240)
    expect(own(60)).toBeGreaterThan(3 * own(3))
  })

  it('knows the same keys in another order for another kind', () => {
    const [once, turned] = [
      ['a', 'b', 'c'],
      ['c', 'b', 'a']
    ] as const
    const first = memory(objects(1, () => once))
    expect(memory(objects(2, () => once)) - first).toBeLessThan(first / 2)
    expect(memory(objects(2, (i) => (i === 0 ? once : turned)))).toBeGreaterThan(1.9 * first)
  })

  it('takes no key for another that belongs in the same place of its table', () => {
    // Of two letters each: 31 × the first + the second is the same for all.
    const alike = Array.from({length: 3}, (_, i) => String.fromCharCode(97 + i, 122 - 31 * i))
    const each = alike.map((key) => memory(objects(1, () => [key])))
    expect(memory(objects(3, (i) => [alike[i]!]))).toBeGreaterThan(0.95 * (each[0]! + each[1]! + each[2]!) - 200)
    expect(memory(objects(3, (i) => [alike[i]!]))).toBeGreaterThan(3 * 240)
  })

  it('counts a number as a key each time: it is a place in a list', () => {
    expect(memory(objects(1000, () => ['1000']))).toBeGreaterThan(1000 * 300)
  })
})
