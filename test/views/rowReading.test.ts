import {expect, it} from 'vitest'
import {rowReading} from '@/lib/views/rowReading'
import {syntheticExplanation} from '../fixtures/explanations'

const explanation = await syntheticExplanation({inputs: 6, resamples: 10})
const layers = explanation.layers.map((row) =>
  row.layer === 4
    ? {
        ...row,
        importance: 0.8312,
        interval: [0.8123, 0.8345] as const,
        rank: 4,
        rankInHead: 1,
        share: 0.0931,
        rankByShare: 3,
        untrained: {...row.untrained!, rank: 5, learned: -0.0174}
      }
    : row
)

it('rowReading says where a layer stands, trained and untrained, by importance and by share', () => {
  expect(rowReading({...explanation, layers}, 4)).toEqual({
    title: 'Layer 5, head 2',
    rows: [
      {label: 'IF, 95 %', value: '0.83 (0.81–0.83)'},
      {label: 'Rank, untrained', value: '4, 5'},
      {label: 'Rank in head', value: '1 of 3'},
      {label: 'Learned part', value: '−0.017'},
      {label: 'Share, rank by share', value: '9.3\u00a0%, 3rd'}
    ]
  })
})

it('rowReading without interval or twin says neither', () => {
  const bare = layers.map((row) => ({...row, interval: null, untrained: null}))
  expect(rowReading({...explanation, layers: bare}, 4).rows.map(({label}) => label)).toEqual([
    'IF',
    'Rank',
    'Rank in head',
    'Share, rank by share'
  ])
})

it('rowReading of a row without a number is its name', () => {
  expect(rowReading({...explanation, layers: []}, 4)).toEqual({title: 'Layer 5', rows: []})
})

it('rowReading names merged rows', () => {
  expect(rowReading({...explanation, layers}, 4, '105–130').title).toBe('Layers 105–130, head 2')
})
