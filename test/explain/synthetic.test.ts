import {describe, expect, it} from 'vitest'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import {syntheticExplanation} from '../fixtures/explanations'

describe.each([
  {layers: 12, features: 64, heads: 4, inputs: 40},
  {layers: 24, features: 256, heads: 8, inputs: 30, learners: [0, 1, 2]},
  {layers: 40, features: 128, heads: 8, inputs: 30}
])('an invented model of $layers layers × $features, $heads heads', (options) => {
  it('has the middle layer of every head first, small learned parts, and can be written and read', async () => {
    const e = await syntheticExplanation({...options, resamples: 100})
    const chunk = options.layers / options.heads
    const middles = e.layers.filter(({layer}) => layer % chunk === Math.floor(chunk / 2))
    expect(middles.every(({rankInHead}) => rankInHead === 1)).toBe(true)
    expect(e.agreement!.r).toBeGreaterThan(0.9)
    expect(e.layers.every(({untrained}) => Math.abs(untrained!.learned) < 0.05)).toBe(true)
    expect(e.samples.every(({probabilities}) => probabilities!.length === 10)).toBe(true)
    expect(() => decodeExplanation(encodeExplanation(e))).not.toThrow()
  })
})

it('the same seed invents the same model', async () => {
  const [a, b] = [
    await syntheticExplanation({seed: 3, resamples: 20}),
    await syntheticExplanation({seed: 3, resamples: 20})
  ]
  expect(a).toEqual(b)
})

it('untrained, nothing was learned', async () => {
  const {layers} = await syntheticExplanation({trained: 0, resamples: 20})
  expect(layers.map(({untrained}) => untrained!.learned)).toEqual(new Array(12).fill(0))
})
