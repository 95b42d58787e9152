import {expect, it} from 'vitest'
import type {SampleSummary} from '@/lib/explain/explanation'
import {inputPage} from '@/lib/views/inputPage'

const sample = (label: number | null, probabilities: number[] | null): SampleSummary => ({
  name: '',
  label,
  logits: probabilities,
  probabilities
})
const right = sample(1, [0.1, 0.9])
const wrong = sample(0, [0.4, 0.6])
const other = sample(0, [0.8, 0.2])

it('inputPage cuts the inputs into pages and stays on the last one', () => {
  const fifty = Array.from({length: 50}, () => right)
  const {tiles, page, pages} = inputPage(fifty, {kind: 'all'}, 9)
  expect([tiles.length, page, pages]).toEqual([2, 2, 3])
  expect(tiles[0]!.index).toBe(48)
})

it('inputPage finds what was predicted wrongly, and keeps each input its own number', () => {
  const page = inputPage([right, wrong, other], {kind: 'wrong'}, 0)
  expect(page.tiles).toEqual([{index: 1, predicted: 1, label: 0, correct: false}])
  expect([page.wrong, page.total]).toEqual([1, 3])
})

it('inputPage counts every predicted class, in class order', () => {
  const page = inputPage([right, wrong, other], {kind: 'class', class: 1}, 0)
  expect(page.count).toBe(2)
  expect([...page.byClass]).toEqual([
    [0, 1],
    [1, 2]
  ])
})

it('inputPage does not call an unlabelled input right or wrong', () => {
  const page = inputPage([sample(null, [0.4, 0.6])], {kind: 'all'}, 0)
  expect([page.wrong, page.tiles[0]!.correct]).toEqual([null, null])
})

it('inputPage without a classifier predicts nothing', () => {
  const page = inputPage([sample(3, null), sample(3, [])], {kind: 'all'}, 0)
  expect(page.tiles.map((tile) => tile.predicted)).toEqual([null, null])
  expect(page.byClass.size).toBe(0)
})

it('inputPage of nothing is one empty page', () => {
  expect(inputPage([], {kind: 'all'}, 0)).toMatchObject({tiles: [], count: 0, page: 0, pages: 1, wrong: null})
})
