import {expect, it} from 'vitest'
import type {TensorEntry} from '@/lib/formats/archive'
import {histogramMarks} from '@/lib/views/histogram'
import {treeRows} from '@/lib/views/tensorTree'

const entry = (name: string): TensorEntry => ({kind: 'tensor', name, dtype: 'f32', shape: [2], byteLength: 8})
const entries = ['model.daam.0.c', 'model.daam.0.mean_offset', 'model.daam.1.c', 'model.fc.weight', 'epoch'].map(entry)
const shown = (open: readonly string[], search = '') =>
  treeRows(entries, new Set(open), search).map(({label, level, tensors}) => `${level} ${label} ${tensors}`)

it('folders begin closed and say how much they hold', () => {
  expect(shown([])).toEqual(['1 model 4', '1 epoch 1'])
})

it('an open folder shows what is in it, what does not branch as one line', () => {
  expect(shown(['model', 'model.daam'])).toEqual([
    '1 model 4',
    '2 daam 3',
    '3 0 2',
    '3 1.c 1',
    '2 fc.weight 1',
    '1 epoch 1'
  ])
})

it('a search opens what leads to the tensors it keeps', () => {
  expect(shown([], 'daam off')).toEqual(['1 model.daam.0.mean_offset 1'])
})

it('each line knows its place among its siblings', () => {
  const rows = treeRows(entries, new Set(['model']))
  expect(rows.map(({position, siblings}) => [position, siblings])).toEqual([
    [1, 2],
    [1, 2],
    [2, 2],
    [2, 2]
  ])
})

it('a bin with anything in it keeps a pixel of height', () => {
  const {bars, label} = histogramMarks({edges: [0, 1, 2, 3], counts: [1000, 0, 1]}, 300, 60)
  expect(bars.map(({x, height}) => [x, height])).toEqual([
    [0, 60],
    [200, 1]
  ])
  expect(label).toBe('Histogram from 0 to 3; most, 1,000, from 0 to 1.')
})
