import {expect, it} from 'vitest'
import type {Explanation, Interval} from '@/lib/explain/explanation'
import {figureLayout, placeOf} from '@/lib/views/layout'
import {learnedPanel} from '@/lib/views/learnedPanel'
import {figureRows} from '@/lib/views/rowOrder'
import {syntheticExplanation} from '../fixtures/explanations'

const twelve = await syntheticExplanation({inputs: 8, resamples: 20})
const frame = placeOf(figureLayout(figureRows(twelve, 'model'), {width: 1232, height: 496}), 'b')!.panel.frame

function learning(values: readonly (readonly [learned: number, interval: Interval | null])[]): Explanation {
  const layers = twelve.layers.map((row, i) => {
    const [learned, learnedInterval] = values[i] ?? [0, [-0.001, 0.001] as const]
    return {...row, untrained: {...row.untrained!, learned, learnedInterval}}
  })
  return {...twelve, layers}
}

it('learnedPanel draws what was lost to the left of zero, and its number to the right', () => {
  const {rows, zeroX} = learnedPanel(learning([[-0.017, [-0.018, -0.016]]]), frame)
  expect(zeroX).toBe(58)
  expect(rows[0]).toMatchObject({side: 'less', value: {text: '−0.017', anchor: 'start', x: 65}})
  expect(rows[0]!.bar.x + rows[0]!.bar.width).toBeCloseTo(58)
})

it('learnedPanel draws what was gained to the right of zero, and its number to the left', () => {
  const {rows} = learnedPanel(learning([[0.017, [0.016, 0.018]]]), frame)
  expect(rows[0]).toMatchObject({side: 'more', value: {text: '+0.017', anchor: 'end', x: 51}})
  expect(rows[0]!.bar.x).toBeCloseTo(58)
})

it('learnedPanel calls a row unclear when its interval holds zero, and only then', () => {
  const {rows} = learnedPanel(
    learning([
      [0.002, [-0.001, 0.005]],
      [0.002, [0.001, 0.005]],
      [-0.002, [-0.005, 0]],
      [0.002, null]
    ]),
    frame
  )
  expect(rows.slice(0, 4).map(({side}) => side)).toEqual(['unclear', 'more', 'unclear', 'more'])
})

it('learnedPanel writes zero without a sign', () => {
  expect(learnedPanel(learning([[-0.0001, [-0.02, 0.02]]]), frame).rows[0]!.value.text).toBe('0.000')
})

it('learnedPanel gives no side to what is zero to its last digit, with or without an interval', () => {
  const {rows} = learnedPanel(
    learning([
      [-0.00001, null],
      [0.00001, [0.000005, 0.000015]],
      [-0.02, null]
    ]),
    frame
  )
  expect(rows.slice(0, 3).map(({side, value}) => [side, value.text])).toEqual([
    ['unclear', '0.000'],
    ['unclear', '0.000'],
    ['less', '−0.020']
  ])
})

it('learnedPanel has a symmetric axis that holds every interval', () => {
  const {axis, rows} = learnedPanel(
    learning([
      [-0.02, [-0.031, -0.01]],
      [0.004, [0.001, 0.006]]
    ]),
    frame
  )
  expect(axis!.ticks.map(({text}) => text)).toEqual(['−0.02', '0', '+0.02'])
  const ends = rows.flatMap(({whisker}) => whisker.flatMap(({x0, x1}) => [x0, x1]))
  expect(Math.min(...ends)).toBeGreaterThanOrEqual(axis!.x0)
  expect(Math.max(...ends)).toBeLessThanOrEqual(axis!.x1)
})

it('learnedPanel breaks its zero line between heads', () => {
  const {zeroLines} = learnedPanel(twelve, frame)
  expect(zeroLines).toHaveLength(4)
  expect(zeroLines[1]!.y0 - zeroLines[0]!.y1).toBeCloseTo(12)
})

it('learnedPanel draws paper on the bar and ink beyond it', () => {
  const {rows} = learnedPanel(learning([[-0.017, [-0.018, -0.016]]]), frame)
  const {whisker, bar} = rows[0]!
  expect(whisker.map(({ink}) => ink)).toEqual(['ink', 'paper'])
  expect(whisker[0]!.x1).toBeLessThan(bar.x)
  expect(whisker[1]!.x1).toBeGreaterThan(bar.x)
})

it('learnedPanel keeps an axis when twins agree exactly', () => {
  const {axis, rows} = learnedPanel(learning(twelve.layers.map(() => [0, null] as const)), frame)
  expect(axis!.ticks).toHaveLength(3)
  expect(rows.every(({bar}) => Number.isFinite(bar.x) && bar.width === 0)).toBe(true)
})

it('learnedPanel without untrained twins dots its rows and asks for inputs', () => {
  const {rows, dotted, captions, axis} = learnedPanel(
    {...twelve, layers: twelve.layers.map((row) => ({...row, untrained: null}))},
    frame
  )
  expect([rows, axis]).toEqual([[], null])
  expect(dotted).toHaveLength(12)
  expect(captions.map(({text}) => text)).toEqual(['needs inputs to run'])
})

it('learnedPanel keeps the labels of its axis within its width, on a phone and where nothing was learned, too', () => {
  const none = learning(twelve.layers.map(() => [0, null] as const))
  for (const width of [96, 116, 128]) {
    for (const explanation of [none, learning([[-0.0101, null]]), learning([[0.02, [0.01, 0.031]]])]) {
      const {axis} = learnedPanel(explanation, {...frame, width})
      const last = axis!.ticks.at(-1)!
      expect(last.x + (last.text.length * 11.5) / 4).toBeLessThanOrEqual(width + 1e-9)
    }
  }
})

it('learnedPanel writes what is zero to its last digit on one side, whichever way it rounds', () => {
  const {rows} = learnedPanel(
    learning([
      [0.00001, null],
      [-0.00001, null],
      [0.02, null]
    ]),
    frame
  )
  expect(rows.slice(0, 2).map(({value}) => [value.text, value.anchor, value.x])).toEqual([
    ['0.000', 'start', rows[0]!.value.x],
    ['0.000', 'start', rows[0]!.value.x]
  ])
  expect(rows[2]!.value.anchor).toBe('end')
})
