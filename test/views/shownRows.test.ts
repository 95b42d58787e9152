import {expect, it} from 'vitest'
import {mean} from '@/lib/core/statistics'
import {readingOf} from '@/lib/explain/reading'
import {dataTables} from '@/lib/views/dataTable'
import {lineReading} from '@/lib/views/lineReading'
import {shownRows} from '@/lib/views/shownRows'
import {syntheticExplanation} from '../fixtures/explanations'

const short = await syntheticExplanation({layers: 12, features: 4, heads: 4, inputs: 6, resamples: 10})
const tall = await syntheticExplanation({layers: 128, features: 4, heads: 4, inputs: 6, resamples: 10})
const words = (sentences: readonly {readonly text: string}[]) => sentences.map(({text}) => text).join('')

it('a map of few rows has a line for each, which reads as the row does', () => {
  const rows = shownRows(short)
  expect([rows.whole, rows.labels, rows.rowOf(7)]).toEqual([null, [], 7])
  const {title, merged, sentences} = lineReading(rows, 7)
  expect([title, merged, sentences]).toEqual(['Layer 8', false, readingOf(short, 7)])
})

it('of 128 rows two stand in each line, and both read as the line does', () => {
  const rows = shownRows(tall)
  expect([rows.labels.length, rows.rowOf(3), rows.layerOf(1)]).toEqual([64, 1, 2])
  const [third, fourth] = [lineReading(rows, 2), lineReading(rows, 3)]
  expect(third).toEqual(fourth)
  expect([third.title, third.merged]).toEqual(['Layers 3–4', true])
  const importance = mean(tall.layers.slice(2, 4).map((layer) => layer.importance))
  expect(words(third.sentences)).toMatch(
    `Means over layers 3–4, merged into one line. Importance ${importance.toFixed(2)}, `
  )
  expect(words(third.sentences)).toMatch(/ of 64 lines and .* of 16 in its head\. /)
})

it('rows that a zoom has taken apart read for themselves again, as do those out of sight', () => {
  const rows = shownRows(tall, [0, 32])
  expect(lineReading(rows, 3)).toMatchObject({title: 'Layer 4', merged: false, sentences: readingOf(tall, 3)})
  expect(lineReading(rows, 100)).toMatchObject({title: 'Layer 101', merged: false, sentences: readingOf(tall, 100)})
})

it('the tables give every row, say so where the figure merges them, and give its lines beside them', () => {
  const tables = new Map(dataTables(tall).map((table) => [table.id, table]))
  expect([tables.get('layers')!.rows, tables.get('lines')!.rows]).toEqual([128, 64])
  expect(tables.get('lines')!.cell(1, 0)).toBe('3–4')
  expect(tables.get('layers')!.note).toContain('The figure merges neighbouring layers into lines')
  expect(dataTables(short).some(({id}) => id === 'lines')).toBe(false)
})
