import {expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {findingOf} from '@/lib/explain/finding'
import {readingOf} from '@/lib/explain/reading'
import {rowsTie} from '@/lib/explain/tiedRows'
import {importancePanel} from '@/lib/views/importancePanel'
import {figureLayout} from '@/lib/views/layout'
import {panelHeads} from '@/lib/views/panelHeads'
import {figureRows} from '@/lib/views/rowOrder'
import {rowReading} from '@/lib/views/rowReading'
import {syntheticExplanation} from '../fixtures/explanations'
import {frameOf} from '../views/panelFrames'

const three = await syntheticExplanation({layers: 3, heads: 1, features: 4, inputs: 6, resamples: 20})
const plane = {height: 2, width: 2, downName: 'row', acrossName: 'column'} as const
/** Three hops over four regions, of these ranks. */
const hops = (ranks: readonly number[], more: Partial<Explanation> = {}): Explanation => ({
  ...three,
  axes: {...three.axes!, rowName: 'hop', colName: 'region', plane},
  layers: three.layers.map((row, i) => ({...row, importance: 0.52, rank: ranks[i]!})),
  heads: [],
  ...more
})
const tied = hops([1, 1, 1])
const said = (explanation: Explanation, row = 0) =>
  readingOf(explanation, row)
    .map(({text}) => text)
    .join('')

it('rows tie where all rank first over places on the input, and nowhere else', () => {
  expect(rowsTie(tied)).toBe(true)
  expect(rowsTie(hops([1, 1, 3]))).toBe(false)
  expect(rowsTie({...tied, axes: three.axes})).toBe(false)
  expect(rowsTie({...tied, layers: tied.layers.slice(0, 1)})).toBe(false)
})

it('panel a prints no ranks where rows tie, trained or untrained, and says so once and in its head', () => {
  const frame = frameOf(tied, 'a')
  const {rows, captions, shared} = importancePanel(tied, frame)
  expect(rows.map(({rank, untrainedRank, connector}) => [rank, untrainedRank, connector])).toEqual(
    Array.from({length: 3}, () => [null, null, null])
  )
  expect(shared!.text.text).toBe('tied')
  const [first, last] = [rows[0]!, rows.at(-1)!]
  expect(shared!.bracket.y0).toBeGreaterThan(first.y)
  expect(shared!.bracket.y0).toBeLessThan(first.y + first.height)
  expect(shared!.bracket.y1).toBeGreaterThan(last.y)
  expect(shared!.bracket.y1).toBeLessThan(last.y + last.height)
  expect(captions.map(({text}) => text)).not.toContain('untrained')
  const layout = figureLayout(figureRows(tied, 'model'), {width: 1232, height: 496}, {form: 'wide'})
  const [head] = panelHeads(tied, layout, {map: 'density', partial: false})
  expect(head!.gloss).toBe('every hop ties by construction')
})

it('panel a draws the interval of rows that tie once, behind all of them, where each had its whisker', () => {
  const interval = [0.4, 0.6] as const
  const explanation = hops([1, 1, 1], {layers: tied.layers.map((row) => ({...row, interval}))})
  const {rows, shared, keys, axis} = importancePanel(explanation, frameOf(explanation, 'a'))
  expect(rows.map(({whisker}) => whisker)).toEqual([null, null, null])
  const [zero, one] = [axis!.ticks[0]!.x, axis!.ticks.at(-1)!.x]
  expect(shared!.band!.x).toBeCloseTo(zero + 0.4 * (one - zero))
  expect(shared!.band!.width).toBeCloseTo(0.2 * (one - zero))
  expect(shared!.band!.y).toBeLessThan(rows[0]!.y)
  expect(shared!.band!.y + shared!.band!.height).toBeGreaterThan(rows[2]!.y + rows[2]!.height)
  expect(keys.map(({kind}) => kind)).toEqual(['band'])
  const running = importancePanel(explanation, frameOf(explanation, 'a'), {partial: true})
  expect([running.shared, running.rows[0]!.whisker === null]).toEqual([null, false])
  const ranked = hops([1, 2, 3])
  expect(importancePanel(ranked, frameOf(ranked, 'a')).shared).toBeNull()
})

it('panel a marks a joint rank over places, and leaves a single one and other families as they are', () => {
  const ranksOf = (explanation: Explanation) =>
    importancePanel(explanation, frameOf(explanation, 'a')).rows.map(({rank}) => rank?.text)
  expect(ranksOf(hops([1, 1, 3]))).toEqual(['1=', '1=', '3'])
  expect(ranksOf({...hops([1, 1, 3]), axes: three.axes})).toEqual(['1', '1', '3'])
})

it('a tied row is read by its measures; one of the same unit goes on from the one before', () => {
  const one = {scale: 'log', unit: 'gradient norm', intervals: [null, null, null]} as const
  const measures: Explanation['measures'] = [
    {
      ...one,
      id: 'entropy',
      title: 'entropy of attention',
      unit: 'bits',
      scale: 'linear',
      means: [2.265, 1, 1],
      untrained: [3.16, 3, 3]
    },
    {...one, id: 'content', title: 'gradient by the content path', means: [1.2, null, 1], untrained: null},
    {...one, id: 'latent', title: 'gradient by the latent path', means: [0.246, 0.5, 1], untrained: null}
  ]
  const explanation = hops([1, 1, 1], {measures})
  expect(said(explanation)).toBe(
    'Importance 0.52, as every hop’s by construction: none ranks first. Entropy of attention 2.27\u00a0bits, untrained 3.2. ' +
      'Gradient by the content path 1.2. Latent path 0.246.'
  )
  // After a gap it stands alone, whole.
  expect(said(explanation, 1)).toContain('untrained 3. Gradient by the latent path 0.5.')
})

it('a row that shares its rank with some is read as joint', () => {
  expect(said(hops([1, 1, 3]))).toContain(', joint 1st of 3')
  expect(said(hops([1, 1, 3]), 2)).toContain(', 3rd of 3')
})

it('a row that training left as it was is read as that, and one whose interval is wider as moved', () => {
  const [first] = hops([1, 1, 3]).layers
  const withTwin = (learnedInterval: readonly [number, number]) => {
    const untrained = {...first!.untrained!, density: 1, learned: 1e-8, learnedInterval}
    return hops([1, 1, 3], {
      layers: hops([1, 1, 3]).layers.map((row, i) => (i === 0 ? {...row, density: 1, untrained} : row))
    })
  }
  expect(said(withTwin([-1e-7, 1e-7]))).toContain('. Training left its mean density at 1.000. ')
  expect(said(withTwin([-0.002, 0.002]))).toContain('from 1.000 to 1.000, which the interval cannot tell from zero')
})

it('a tooltip names the tie in place of ranks', () => {
  const {rows} = rowReading(tied, 0)
  expect(rows).toContainEqual({label: 'Rank', value: 'tied with every hop'})
  expect(rows.map(({label}) => label)).not.toContain('Share, rank by share')
})

it('the title calls a shared first place over places what it is', () => {
  const titleOf = (explanation: Explanation) =>
    findingOf({...explanation, maps: 'inputs', inputs: 60, savedMaps: 0}).title
  expect(titleOf(tied)).toBe('Every hop attends as much in all; they differ in where')
  expect(titleOf(hops([1, 1, 3]))).toBe('Hops 1 and 2 tie by construction; look at where each attends')
  expect(titleOf({...hops([1, 1, 3]), axes: {...three.axes!, rowName: 'hop'}})).toBe('Hops 1 and 2 share first place')
})
