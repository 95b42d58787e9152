import {expect, it} from 'vitest'
import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import type {Form, PanelFrame} from '@/lib/views/frame'
import {importancePanel} from '@/lib/views/importancePanel'
import {figureLayout, placeOf} from '@/lib/views/layout'
import {figureRows} from '@/lib/views/rowOrder'
import {syntheticExplanation} from '../fixtures/explanations'

const twelve = await syntheticExplanation({inputs: 8, resamples: 20})
const forty = await syntheticExplanation({layers: 40, heads: 8, features: 8, inputs: 4, resamples: 10})

const widths = {wide: 1232, medium: 976, phone: 343}
function frameOf(explanation: Explanation, form: Form = 'wide', enlarged: 'a' | null = null): PanelFrame {
  const size = {width: widths[form], height: 496}
  return placeOf(figureLayout(figureRows(explanation, 'model'), size, {form, enlarged}), 'a')!.panel.frame
}
const withLayer = (layer: number, change: (row: LayerImportance) => Partial<LayerImportance>): Explanation => ({
  ...twelve,
  layers: twelve.layers.map((row) => (row.layer === layer ? {...row, ...change(row)} : row))
})
const rowOf = (explanation: Explanation, layer: number) =>
  importancePanel(explanation, frameOf(explanation)).rows.find((row) => row.layer === layer)!

it('importancePanel draws trained and untrained bars from zero on one scale', () => {
  const {rows} = importancePanel(twelve, frameOf(twelve))
  for (const row of rows) {
    const {importance, untrained} = twelve.layers[row.layer]!
    expect(row.trained).toMatchObject({x: 92})
    expect(row.trained.width).toBeCloseTo(importance * 195)
    expect(row.untrained!.width).toBeCloseTo(untrained!.importance * 195)
    expect(row.untrained!.y).toBeGreaterThan(row.trained.y + row.trained.height)
  }
})

it('importancePanel extends its axis for a twin outside 0 to 1, and clips nothing', () => {
  const beyond = withLayer(3, (row) => ({untrained: {...row.untrained!, importance: 1.3}}))
  const {rows, axis} = importancePanel(beyond, frameOf(beyond))
  const {untrained, trained} = rows[3]!
  expect(untrained!.width / trained.width).toBeCloseTo(1.3 / twelve.layers[3]!.importance)
  expect(untrained!.x + untrained!.width).toBeLessThanOrEqual(axis!.x1)
  const below = withLayer(3, (row) => ({untrained: {...row.untrained!, importance: -0.2}}))
  const panel = importancePanel(below, frameOf(below))
  expect(panel.rows[3]!.untrained!.x).toBeLessThan(panel.rows[3]!.trained.x)
  expect(panel.rows[3]!.untrained!.x).toBeGreaterThanOrEqual(panel.axis!.x0)
  expect(panel.axis!.ticks.map(({text}) => text)).toContain('0')
})

it('importancePanel marks an untrained rank that lies outside the trained rank’s interval', () => {
  const rank = (untrained: number, rankInterval: readonly [number, number] | null) =>
    rowOf(
      withLayer(0, (row) => ({rank: 5, rankInterval, untrained: {...row.untrained!, rank: untrained}})),
      0
    ).untrainedRank!.outside
  expect(rank(6, [4, 6])).toBe(false)
  expect(rank(7, [4, 6])).toBe(true)
  expect(rank(3, [4, 6])).toBe(true)
})

it('importancePanel does not call ranks different when no interval says so', () => {
  const row = rowOf(
    withLayer(0, (r) => ({rank: 5, rankInterval: null, untrained: {...r.untrained!, rank: 9}})),
    0
  )
  expect(row.untrainedRank!.outside).toBe(false)
})

it('importancePanel splits the whisker at the bar’s end', () => {
  const {whisker, trained} = rowOf(twelve, 1)
  expect(whisker!.inner[1]).toBeCloseTo(trained.x + trained.width)
  expect(whisker!.outer[0]).toBeCloseTo(trained.x + trained.width)
  expect(whisker!.inner[0]).toBeLessThan(whisker!.outer[1])
})

it('importancePanel names trained and untrained on one row only, where both words have room', () => {
  const {rows, axis} = importancePanel(twelve, frameOf(twelve))
  const named = rows.filter(({names}) => names !== null)
  expect(named).toHaveLength(1)
  expect(named[0]!.names!.x + 58).toBeLessThanOrEqual(axis!.x1)
})

it('importancePanel translates its axis into density', () => {
  const explanation: Explanation = {...twelve, scale: [0.4858, 0.9499]}
  expect(importancePanel(explanation, frameOf(twelve)).axis!.title).toBe('IF 0–1 is density 0.49–0.95')
})

it('importancePanel writes its ticks short', () => {
  expect(importancePanel(twelve, frameOf(twelve)).axis!.ticks.map(({text}) => text)).toEqual([
    '0',
    '.25',
    '.5',
    '.75',
    '1'
  ])
})

it('importancePanel without untrained twins draws none and says why', () => {
  const saved: Explanation = {
    ...twelve,
    layers: twelve.layers.map((row) => ({...row, untrained: null})),
    provenance: {...twelve.provenance, maps: 'saved'}
  }
  const {rows, keys, captions} = importancePanel(saved, frameOf(saved))
  expect(rows.every(({untrained, untrainedRank, connector}) => !untrained && !untrainedRank && !connector)).toBe(true)
  expect(keys[0]).toMatchObject({
    kind: 'words',
    text: 'no untrained twin: the checkpoint’s saved maps come without inputs'
  })
  expect(captions.map(({text}) => text)).not.toContain('untrained')
})

it('importancePanel of bare parameters dots its rows and says why', () => {
  const bare: Explanation = {
    ...twelve,
    axes: null,
    density: null,
    importance: null,
    scale: null,
    layers: [],
    provenance: {...twelve.provenance, maps: 'none'}
  }
  const {rows, dotted, absent, axis} = importancePanel(bare, frameOf(bare))
  expect(rows).toEqual([])
  expect(dotted.length).toBeGreaterThan(0)
  expect(absent.join(' ')).toBe('This checkpoint carries no saved maps. Add input features to rank its layers.')
  expect(axis).toBeNull()
})

it('importancePanel dots a row whose importance is not a number, and draws the others', () => {
  const {rows, dotted} = importancePanel(
    withLayer(7, () => ({importance: Number.NaN})),
    frameOf(twelve)
  )
  expect(rows).toHaveLength(11)
  expect(dotted.map(({layer}) => layer)).toEqual([7])
})

it('importancePanel leaves ranks blank while the scale has not settled', () => {
  const {rows, captions} = importancePanel(twelve, frameOf(twelve), {partial: true})
  expect(rows.every(({rank, untrainedRank}) => rank === null && untrainedRank === null)).toBe(true)
  expect(captions.map(({text}) => text)).toEqual(['IF'])
})

it('importancePanel of small rows prints numbers for each head’s best layer only', () => {
  const {rows} = importancePanel(forty, frameOf(forty))
  const saying = rows.filter(({says}) => says)
  expect(saying).toHaveLength(8)
  for (const {head, layer} of saying) {
    const best = Math.max(...forty.layers.filter((row) => row.head === head).map(({importance}) => importance))
    expect(forty.layers[layer]!.importance).toBe(best)
  }
})

it('importancePanel on a phone has no untrained rank', () => {
  const {rows, captions} = importancePanel(twelve, frameOf(twelve, 'phone'))
  expect(rows.every(({untrainedRank, connector}) => untrainedRank === null && connector === null)).toBe(true)
  expect(captions.map(({text}) => text)).toEqual(['Rank', 'IF'])
})

it('importancePanel enlarged shows interval, rank in head, share and rank by share', () => {
  const {rows, captions} = importancePanel(twelve, frameOf(twelve, 'wide', 'a'))
  expect(captions.map(({text}) => text)).toEqual(['Rank', 'untrained', 'IF', '95 %', 'in head', 'share', 'by share'])
  const {more} = rows[0]!
  expect(more).toHaveLength(4)
  expect(more[2]!.text).toMatch(/^\d+\.\d\u00a0%$/)
  expect(more.at(-1)!.x).toBe(1158)
})

it('importancePanel names both bars in its key where no row has room to', () => {
  const kinds = (explanation: Explanation) =>
    importancePanel(explanation, frameOf(explanation)).keys.map(({kind}) => kind)
  expect(kinds(twelve)).toEqual(['interval'])
  const full = {
    ...twelve,
    layers: twelve.layers.map((row) => ({...row, importance: 0.9, interval: [0.85, 0.95] as const}))
  }
  expect(kinds(full)).toEqual(['twins', 'interval'])
})

it('importancePanel ends its axis early, still at zero, where rows share attention out over places, and tells them apart', () => {
  const low = (explanation: Explanation): Explanation => ({
    ...explanation,
    layers: explanation.layers.map((row, i) => ({
      ...row,
      rank: i + 1,
      importance: 0.114 - i * 0.001,
      interval: [0.08, 0.134],
      untrained: row.untrained && {...row.untrained, importance: 0.11}
    }))
  })
  const plane = {height: 2, width: 6, downName: 'row', acrossName: 'column'} as const
  const places = low({...twelve, heads: [], axes: {...twelve.axes!, plane}})
  const {axis, rows} = importancePanel(places, frameOf(places))
  expect([axis!.ticks[0]!.text, axis!.ticks.at(-1)!.text]).toEqual(['0', '.14'])
  expect(rows.slice(0, 2).map(({value}) => value.text)).toEqual(['0.114', '0.113'])
  expect(rows[0]!.trained.x).toBe(axis!.x0)
  const features = importancePanel(low(twelve), frameOf(twelve))
  expect(features.axis!.ticks.at(-1)!.text).toBe('1')
  expect(features.rows[0]!.value.text).toBe('0.11')
})
