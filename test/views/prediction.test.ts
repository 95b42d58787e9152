import {expect, it} from 'vitest'
import {predictionBars} from '@/lib/views/prediction'

it('predictionBars keeps few classes in their own order', () => {
  const {bars, hidden} = predictionBars([0.1, 0.7, 0.2], {names: ['sad', 'happy', 'neutral'], label: 2})
  expect(bars.map(({name, best, labelled}) => [name, best, labelled])).toEqual([
    ['sad', false, false],
    ['happy', true, false],
    ['neutral', false, true]
  ])
  expect(hidden).toBe(0)
})

it('predictionBars of many classes shows the ten most likely, and says how many are left out', () => {
  const many = Array.from({length: 1000}, (_, index) => index / 499_500)
  const {bars, hidden} = predictionBars(many)
  expect([bars.length, bars[0]!.class, hidden]).toEqual([10, 999, 990])
})

it('predictionBars never leaves out the labelled class', () => {
  const many = Array.from({length: 1000}, (_, index) => index / 499_500)
  const {bars} = predictionBars(many, {label: 0})
  expect(bars.at(-1)).toMatchObject({class: 0, labelled: true})
})

it('predictionBars calls none the best where a probability is no number, and the first of equals', () => {
  const best = (probabilities: readonly number[]) => predictionBars(probabilities).bars.findIndex((bar) => bar.best)
  expect([best([0.5, Number.NaN]), best([0.2, 0.4, 0.4])]).toEqual([-1, 1])
})
