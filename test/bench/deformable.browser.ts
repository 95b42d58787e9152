import {expect, it} from 'vitest'
import {measureDeformable} from './deformable'

it('times the shipped pyramid with our kernels and with stock functions, which draw the same maps', async () => {
  const {inputs, ours, stock, apart} = await measureDeformable('wasm', 2, 1)
  expect(inputs).toBe(2)
  expect(ours).toBeGreaterThan(0)
  expect(stock).toBeGreaterThan(0)
  expect(apart).toBeLessThan(1e-4)
})
