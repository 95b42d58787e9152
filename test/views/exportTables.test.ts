import {describe, expect, it} from 'vitest'
import {at} from '@/lib/core/grid'
import {dataTables} from '@/lib/views/dataTable'
import {type ExportTable, exportTables, exportTablesNote} from '@/lib/views/exportTables'
import {syntheticExplanation} from '../fixtures/explanations'
import {boards, spectrograms} from '../fixtures/planes'
import {everyPart, example} from '../share/explanations'

const digits = example('digits')
const tableOf = (tables: readonly ExportTable[], id: string) => tables.find((table) => table.id === id)!
const column = (table: ExportTable, name: string) => {
  const place = table.columns.indexOf(name)
  expect(place, name).toBeGreaterThanOrEqual(0)
  return Array.from({length: table.rows}, (_, row) => table.cell(row, place))
}

describe('tables for other programs', () => {
  it('begin with the ranking, every digit of it, counted from 1', () => {
    const [ranking] = exportTables(digits)
    expect(ranking!.id).toBe('ranking')
    expect(column(ranking!, 'layer')).toEqual(digits.layers.map(({layer}) => layer + 1))
    expect(column(ranking!, 'importance')).toEqual(digits.layers.map(({importance}) => importance))
    expect(column(ranking!, 'learned_low')).toEqual(digits.layers.map(({untrained}) => untrained!.learnedInterval![0]))
    expect(column(ranking!, 'rank_high')).toEqual(digits.layers.map(({rankInterval}) => rankInterval![1]))
  })

  it('hold the maps as they are, columns down and rows across', () => {
    const density = tableOf(exportTables(digits), 'density')
    expect(density.columns.slice(0, 3)).toEqual(['feature', 'layer_1', 'layer_2'])
    expect(density.rows).toBe(64)
    expect(density.cell(7, 0)).toBe(8)
    expect(density.cell(7, 5)).toBe(at(digits.density!, 4, 7))
  })

  it('give each predicted class a column by its name', () => {
    const inputs = tableOf(exportTables(digits), 'inputs')
    expect(column(inputs, 'logit_3')).toEqual(digits.samples.map(({logits}) => logits![3]))
    expect(inputs.rows).toBe(digits.samples.length)
  })

  it('cover every table that a reader is shown', async () => {
    const many = await syntheticExplanation({layers: 80, heads: 8, features: 3, inputs: 3, resamples: 10})
    const names: Record<string, string> = {layers: 'ranking', lines: 'merged_lines'}
    for (const explanation of [digits, everyPart(), many]) {
      const exported = exportTables(explanation).map(({id}) => id)
      for (const {id} of dataTables(explanation)) expect(exported).toContain(names[id] ?? id)
    }
  })

  it('have as many cells in every row as columns, each a number, a text or nothing', () => {
    for (const table of exportTables(everyPart())) {
      for (let row = 0; row < table.rows; row++) {
        for (const [place, name] of table.columns.entries()) {
          const cell = table.cell(row, place)
          expect(cell === null || ['number', 'string'].includes(typeof cell), `${table.id} ${name}`).toBe(true)
        }
      }
    }
  })

  it('carry what a family measures beside importance', () => {
    const means = digits.layers.map((_, i) => (i === 2 ? null : i / 10))
    const measured = {
      ...digits,
      measures: [
        {
          id: 'entropy',
          title: 'entropy of attention',
          unit: 'nats',
          scale: 'linear' as const,
          means,
          intervals: means.map(() => [0, 1] as const),
          untrained: null
        }
      ]
    }
    const [ranking] = exportTables(measured)
    expect(column(ranking!, 'entropy')).toEqual(means)
    expect(column(ranking!, 'entropy_high')).toEqual(means.map(() => 1))
  })

  it('hold the Gaussians alone where there is nothing else', () => {
    const {classDensity: _, densityVariance: __, ...parameters} = digits
    const bare = {
      ...parameters,
      axes: null,
      density: null,
      nullDensity: null,
      importance: null,
      layers: [],
      signal: null,
      samples: []
    }
    expect(exportTables(bare).map(({id}) => id)).toEqual(['gaussians'])
  })
})

describe('tables of attention over places', () => {
  it('have no heads, and say where each column of the map lies', async () => {
    const tables = exportTables(await spectrograms())
    const [ranking, density] = [tableOf(tables, 'ranking'), tableOf(tables, 'density')]
    expect(ranking.columns.slice(0, 3)).toEqual(['block', 'name', 'rank'])
    expect(ranking.columns).not.toContain('rank_in_head')
    expect(density.title).toBe('Mean attention')
    expect(density.columns.slice(0, 4)).toEqual(['cell', 'frequency', 'time', 'block_1'])
    expect([0, 1, 2].map((place) => density.cell(13, place))).toEqual([14, 2, 2])
  })

  it('name what follows the plane', async () => {
    const density = tableOf(exportTables(await boards()), 'density')
    expect(density.columns.slice(0, 5)).toEqual(['region', 'row', 'column', 'name', 'hop_1'])
    expect([0, 1, 2, 3].map((place) => density.cell(8, place))).toEqual([9, 3, 3, null])
    expect([0, 1, 2, 3].map((place) => density.cell(9, place))).toEqual([10, null, null, 'word 1'])
  })

  it('give each measure a line with its unit and every digit', async () => {
    const explanation = await boards()
    const measures = tableOf(exportTables(explanation), 'measures')
    const [entropy] = explanation.measures!
    expect(measures.rows).toBe(3)
    expect(column(measures, 'unit')).toEqual(['bits', 'bits', 'bits'])
    expect(column(measures, 'value')).toEqual(entropy!.means)
    expect(column(measures, 'value_low')).toEqual(entropy!.intervals.map((interval) => interval![0]))
    expect(column(measures, 'untrained')).toEqual(entropy!.untrained)
  })

  it('say what density is there, and what counts from 1', async () => {
    expect(exportTablesNote(await boards())).toBe(
      'Hops, regions and inputs count from 1, as in the figure. Density is attention × places here: 1 where attention is even.'
    )
    expect(exportTablesNote(digits)).toBe('Layers, heads, features and inputs count from 1, as in the figure.')
  })
})
