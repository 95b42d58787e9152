import {beforeAll, expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {type DataTable, dataTables} from '@/lib/views/dataTable'
import {syntheticExplanation} from '../fixtures/explanations'
import {boards} from '../fixtures/planes'

let explanation: Explanation
beforeAll(async () => {
  explanation = await syntheticExplanation({layers: 6, features: 8, heads: 2, inputs: 4, resamples: 10})
})

const find = (tables: readonly DataTable[], id: string) => tables.find((table) => table.id === id)!
const row = (table: DataTable, index: number) => table.columns.map((_, column) => table.cell(index, column))

it('dataTables has one table for every picture', () => {
  const shapes = dataTables(explanation).map(({id, rows, columns}) => [id, rows, columns.length])
  expect(shapes).toEqual([
    ['layers', 6, 17],
    ['density', 8, 7],
    ['gaussians', 16, 6],
    ['signal', explanation.signal!.counts.cols, 7],
    ['inputs', 4, 5]
  ])
})

it('the density table stands features down and layers across, trained beside untrained', () => {
  const table = find(dataTables(explanation), 'density')
  const {density, nullDensity} = explanation
  const cell = (at: {values: Float32Array}) => at.values[2 * 8 + 5]!.toFixed(3)
  expect(table.cell(5, 0)).toBe('6')
  expect(table.cell(5, 3)).toBe(`${cell(density!)} / ${cell(nullDensity!)}`)
})

it('the untrained module’s own scale is in the table and labelled as such', () => {
  const table = find(dataTables(explanation), 'layers')
  const column = table.columns.indexOf('Untrained, own scale')
  expect(table.cell(0, column)).toBe(explanation.layers[0]!.untrained!.importanceOwnScale!.toFixed(3))
})

it('what is unknown is a dash, never a zero', () => {
  const layers = explanation.layers.map((layer) => ({...layer, untrained: null, interval: null, meanAbsZ: null}))
  const table = find(dataTables({...explanation, layers}), 'layers')
  const cells = Object.fromEntries(table.columns.map((title, index) => [title, row(table, 0)[index]]))
  expect([cells['IF, 95 %'], cells['Learned part'], cells['Mean |z|']]).toEqual(['–', '–', '–'])
})

it('a checkpoint without inputs has its Gaussians and nothing else', () => {
  const bare = {...explanation, axes: null, density: null, nullDensity: null, layers: [], signal: null, samples: []}
  expect(dataTables(bare).map(({id}) => id)).toEqual(['gaussians'])
})

it('tables of attention over places speak of hops, regions and where these lie, and of no head', async () => {
  const tables = dataTables(await boards())
  const [layers, density, measures] = ['layers', 'density', 'measures'].map((id) => find(tables, id))
  expect(tables.map(({id}) => id)).not.toContain('gaussians')
  expect(layers!.columns.slice(0, 3)).toEqual(['Hop', 'Rank', 'Rank, 95 %'])
  expect(layers!.note).toContain('over regions')
  expect(density!.title).toBe('Attention')
  expect(density!.note).toContain('1 where attention is even')
  expect(row(density!, 5).slice(0, 2)).toEqual(['6', 'row 2, column 3'])
  expect(row(density!, 10).slice(0, 2)).toEqual(['11', 'word 2'])
  expect(measures!.columns).toEqual([
    'Hop',
    'Entropy of attention, bits',
    'Entropy of attention, 95 %',
    'Untrained entropy of attention'
  ])
})
