import {beforeAll, expect, it} from 'vitest'
import {openBackend} from '@/lib/models/backend'
import {batchThatFits, checkFits} from '@/lib/models/batchSize'

const samples = (count: number, ...sampleShape: number[]) => ({
  count,
  sampleShape,
  values: new Float32Array(0),
  reading: ''
})

beforeAll(() => openBackend('cpu'))

it('is never more than there are samples', () => {
  expect(batchThatFits(samples(3, 12, 64), 0)).toBe(3)
})

it('is smaller where a classifier needs room', () => {
  const small = batchThatFits(samples(1000, 12, 64), 0)
  expect(batchThatFits(samples(1000, 12, 64), 512 * 64)).toBeLessThan(small)
})

it('is one for a sample of any size', () => {
  expect(batchThatFits(samples(5, 40, 5120, 1500), 0)).toBe(1)
  expect(batchThatFits(samples(1, 40, 5120), 512 * 5120)).toBe(1)
})

it('has no largest tensor outside a GPU', () => {
  expect(() => checkFits([40, 5120, 1500], 40 * 5120 * 1500)).not.toThrow()
})
