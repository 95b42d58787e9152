import {expect, it} from 'vitest'
import {figureRows, rowOrder} from '@/lib/views/rowOrder'
import {syntheticExplanation} from '../fixtures/explanations'

const explanation = await syntheticExplanation({inputs: 8, resamples: 20})

it('rowOrder is null in the model’s own order', () => {
  expect(rowOrder(explanation.layers, 'model')).toBeNull()
})

it('rowOrder by importance follows the ranks', () => {
  const order = rowOrder(explanation.layers, 'importance')!
  const ranks = order.map((layer) => explanation.layers[layer]!.rank)
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
  expect(new Set(order).size).toBe(12)
})

it('rowOrder by learned part puts the largest change first, whichever way it went', () => {
  const changes = rowOrder(explanation.layers, 'learned')!.map((layer) =>
    Math.abs(explanation.layers[layer]!.untrained!.learned)
  )
  expect(changes).toEqual([...changes].sort((a, b) => b - a))
})

it('rowOrder by learned part without untrained twins keeps the model’s order', () => {
  const layers = explanation.layers.map((row) => ({...row, untrained: null}))
  expect(rowOrder(layers, 'learned')).toBeNull()
})

it('rowOrder puts rows without a number last, in the model’s order', () => {
  const layers = explanation.layers.map((row) => (row.layer % 5 === 0 ? {...row, rank: Number.NaN} : row))
  expect(rowOrder(layers, 'importance')!.slice(-3)).toEqual([0, 5, 10])
})

it('figureRows knows no layers while nothing is open, and one row for each head of bare parameters', () => {
  expect(figureRows(null, 'importance')).toMatchObject({order: null, known: false})
  const bare = {...explanation, axes: null, density: null, importance: null, layers: []}
  expect(figureRows(bare, 'importance')).toEqual({order: null, heads: [0, 1, 2, 3], known: false})
})

it('figureRows gives every layer to the head that owns it', () => {
  expect(figureRows(explanation, 'model')).toEqual({
    order: null,
    heads: [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3],
    known: true
  })
})

it('rowOrder by learned part lets rounding order nothing', () => {
  const noise = [1e-9, -3e-8, 2e-8, 0]
  const layers = explanation.layers.slice(0, 5).map((row, i) => ({
    ...row,
    density: 1,
    untrained: {...row.untrained!, learned: i === 4 ? -1e-4 : noise[i]!}
  }))
  expect(rowOrder(layers, 'learned')).toEqual([4, 0, 1, 2, 3])
})
