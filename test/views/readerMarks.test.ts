import {expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {figureMarks} from '@/lib/views/figure'
import type {Form} from '@/lib/views/frame'
import {figureLayout} from '@/lib/views/layout'
import {type Reader, readerMarks} from '@/lib/views/readerMarks'
import {figureRows} from '@/lib/views/rowOrder'
import {syntheticExplanation} from '../fixtures/explanations'

const twelve = await syntheticExplanation({inputs: 6, resamples: 10})
const forty = await syntheticExplanation({layers: 40, heads: 8, features: 8, inputs: 4, resamples: 10})

const nothing: Reader = {layer: null, feature: null, pinned: null, solo: null, focused: false}
function marksOf(explanation: Explanation | null, form: Form = 'wide') {
  const scene = {
    explanation,
    labels: [],
    theme: 'light',
    map: 'density',
    own: null,
    window: null,
    difference: false,
    partial: false
  } as const
  const size = {width: form === 'wide' ? 1232 : 343, height: 496}
  return figureMarks(scene, figureLayout(figureRows(explanation, 'model'), size, {form}))
}

it('readerMarks of nothing are nothing', () => {
  expect(readerMarks(marksOf(twelve), nothing)).toEqual({bands: [], veils: [], hushed: new Set()})
})

it('readerMarks band the same row of every section', () => {
  const marks = marksOf(twelve, 'phone')
  const {bands} = readerMarks(marks, {...nothing, layer: 4})
  expect(bands.map(({kind}) => kind)).toEqual(['hover', 'hover', 'hover'])
  expect(bands.map(({y}, i) => y - marks.layout.sections[i]!.top)).toEqual(Array(3).fill(marks.layout.rows[4]!.y))
})

it('readerMarks leave the heatmap’s bitmap unfilled, and draw the rules over it', () => {
  const [band] = readerMarks(marksOf(twelve), {...nothing, pinned: 4}).bands
  expect(band!.fills).toEqual([
    {x: 40, width: 521},
    {x: 894, width: 338}
  ])
  expect([band!.x0, band!.x1]).toEqual([40, 1232])
})

it('readerMarks put the pinned number on a chip, and let hover and pin stand together', () => {
  const {bands} = readerMarks(marksOf(twelve), {...nothing, layer: 7, pinned: 4})
  expect(bands.map(({kind, chip}) => [kind, chip?.text])).toEqual([
    ['hover', undefined],
    ['pin', '5']
  ])
})

it('readerMarks draw one band for a row that is pinned and pointed at', () => {
  const {bands} = readerMarks(marksOf(twelve), {...nothing, layer: 4, pinned: 4})
  expect(bands.map(({kind}) => kind)).toEqual(['pin'])
})

it('readerMarks ring the number of the row that the keyboard points at', () => {
  const ring = (focused: boolean) => readerMarks(marksOf(twelve), {...nothing, layer: 4, focused}).bands[0]!.ring
  expect(ring(true)).not.toBeNull()
  expect(ring(false)).toBeNull()
})

it('readerMarks print all numbers of a small row over its chip, and hush the neighbours', () => {
  const {bands, hushed} = readerMarks(marksOf(forty), {...nothing, layer: 11})
  const {rank, importance, untrained} = forty.layers[11]!
  expect(bands[0]!.chip!.text).toBe('12')
  expect(bands[0]!.numbers.map(({text}) => text).slice(0, 3)).toEqual([
    String(rank),
    String(untrained!.rank),
    importance.toFixed(2)
  ])
  expect([...hushed].sort((a, b) => a - b)).toEqual([10, 11, 12])
})

it('readerMarks veil every row but the one that is alone', () => {
  const marks = marksOf(twelve)
  const {top} = marks.layout.sections[0]!
  const row = marks.layout.rows[4]!
  const {veils} = readerMarks(marks, {...nothing, solo: 4})
  expect(veils.map(({y, height}) => [y, y + height])).toEqual([
    [top - 1, top + row.y],
    [top + row.y + row.height, top + marks.layout.rowsHeight + 1]
  ])
})

it('readerMarks point at nothing in an empty figure', () => {
  expect(readerMarks(marksOf(null), {...nothing, layer: 3, pinned: 4, solo: 5}).bands).toEqual([])
})
