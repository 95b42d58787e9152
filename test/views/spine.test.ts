import {expect, it} from 'vitest'
import {type FigureRows, figureLayout} from '@/lib/views/layout'
import {spine} from '@/lib/views/spine'

const heads = (layers: number, count: number) =>
  Array.from({length: layers}, (_, layer) => Math.floor((layer * count) / layers))
const spineOf = (rows: FigureRows, width = 1232) =>
  spine(figureLayout(rows, {width, height: 496}, {form: width < 700 ? 'phone' : 'wide'}))

it('spine numbers layers from one and writes heads large where there is room', () => {
  const {numbers, heads: marks} = spineOf({order: null, heads: heads(12, 4)})
  expect(numbers.map(({text}) => text)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'])
  expect(marks.map(({name, over}) => [name!.text, name!.size, over !== null])).toEqual([
    ['1', 23, true],
    ['2', 23, true],
    ['3', 23, true],
    ['4', 23, true]
  ])
})

it('spine writes heads small in low blocks and on a phone', () => {
  expect(spineOf({order: null, heads: heads(24, 8)}).heads.map(({name}) => name!.text)).toContain('H8')
  expect(spineOf({order: null, heads: heads(12, 4)}, 343).heads.map(({name}) => name!.text)).toEqual([
    '1',
    '2',
    '3',
    '4'
  ])
})

it('spine of small rows numbers the ends of each head only', () => {
  const {numbers} = spineOf({order: null, heads: heads(40, 8)})
  expect(numbers.filter(({says}) => says).map(({text}) => Number(text))).toEqual([
    1, 5, 6, 10, 11, 15, 16, 20, 21, 25, 26, 30, 31, 35, 36, 40
  ])
})

it('spine labels never touch: printed numbers and head names stand 11 px apart', () => {
  const order = Array.from({length: 40}, (_, i) => (i * 7) % 40)
  const {numbers, heads: marks} = spineOf({order, heads: heads(40, 8)})
  for (const ys of [
    numbers.filter(({says}) => says).map(({y}) => y),
    marks.flatMap(({name}) => (name ? [name.y] : []))
  ]) {
    expect(ys.length).toBeGreaterThan(10)
    for (let i = 1; i < ys.length; i++) expect(ys[i]! - ys[i - 1]!).toBeGreaterThanOrEqual(11)
  }
})

it('spine in a sorted order gives every row its own head bar', () => {
  const {heads: marks} = spineOf({order: [3, 0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11], heads: heads(12, 4)})
  expect(marks.map(({name}) => name!.text).slice(0, 3)).toEqual(['H2', 'H1', 'H1'])
})

it('spine calls merged rows by their first layer', () => {
  const layout = figureLayout({order: null, heads: [0, 0, 1, 1]}, {width: 1232, height: 496})
  const {numbers, caption} = spine(layout, {labels: ['1–26', '27–52', '53–78', '79']})
  expect(numbers.map(({text}) => text)).toEqual(['1', '27', '53', '79'])
  expect(caption.text).toBe('Layers')
})
