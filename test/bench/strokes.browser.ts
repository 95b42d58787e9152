import {expect, it} from 'vitest'
import {measureStrokes} from './strokes'

it('times strokes through the worker to a ranking, and tells encoder and model apart', async () => {
  const {strokes, median, slowest, perSecond, encoder, model} = await measureStrokes('wasm', 4)
  expect(strokes).toBe(4)
  expect(slowest).toBeGreaterThanOrEqual(median)
  expect(median).toBeGreaterThan(0)
  expect(encoder).toBeGreaterThan(0)
  expect(model).toBeGreaterThan(0)
  // What the worker says it took is part of what the page waited for.
  expect(slowest).toBeGreaterThan(Math.min(encoder, model))
  expect(perSecond).toBeGreaterThan(0)
})
