import {expect, it} from 'vitest'
import {loudest, mono} from '@/lib/core/sound'

it('takes the mean of the channels', () => {
  expect([...mono([Float32Array.of(1, 0), Float32Array.of(0, -1)])]).toEqual([0.5, -0.5])
  expect([...mono([])]).toEqual([])
})

it('finds the stretch with most energy in a longer sound', () => {
  expect([...loudest(Float32Array.of(0, 0, 1, -3, 1, 0), 3)]).toEqual([1, -3, 1])
  expect([...loudest(Float32Array.of(5, 0, 0, 1), 2)]).toEqual([5, 0])
  expect([...loudest(Float32Array.of(0, 0, 1, 5), 2)]).toEqual([1, 5])
})

it('puts silence on both sides of a shorter one', () => {
  expect([...loudest(Float32Array.of(1, 2), 5)]).toEqual([0, 1, 2, 0, 0])
})
