import {expect, it} from 'vitest'
import type {PanelLetter} from '@/lib/views/frame'
import {figureLayout, formFor, formOf, layoutBetween, placeOf, rowAt} from '@/lib/views/layout'

const heads = (layers: number, count: number) =>
  Array.from({length: layers}, (_, layer) => Math.floor((layer * count) / layers))
const twelve = {order: null, heads: heads(12, 4)}
const at1280 = {width: 1232, height: 496}

const columns = (width: number) => {
  const layout = figureLayout(twelve, {width, height: 496})
  return layout.sections[0]!.panels.map(({letter, x, frame}) => [letter, x, frame.width])
}

it('figureLayout places the five panels of a 1280 px window on the drawn grid', () => {
  expect(columns(1232)).toEqual([
    ['a', 74, 327],
    ['b', 419, 116],
    ['c', 561, 333],
    ['d', 920, 148],
    ['e', 1084, 148]
  ])
})

it('figureLayout widens gutters and columns above 1300 px, and gives the rest to bars and heatmap', () => {
  expect(columns(1392)).toEqual([
    ['a', 74, 366],
    ['b', 458, 128],
    ['c', 616, 398],
    ['d', 1044, 168],
    ['e', 1228, 164]
  ])
})

it.each<[PanelLetter[]]>([[['a']], [['c']], [['a', 'c']], [['b', 'd', 'e']], [['a', 'b', 'c', 'd']]])(
  'figureLayout of panels %j fills the width with these alone, in their order, and none touches the next',
  (panels) => {
    const [section, ...others] = figureLayout(twelve, {width: 1000, height: 400}, {form: 'wide', panels}).sections
    expect(others).toEqual([])
    expect(section!.panels.map(({letter}) => letter)).toEqual(panels)
    const edges = section!.panels.map(({x, frame}) => [x, x + frame.width] as const)
    expect(edges[0]![0]).toBe(74)
    expect(edges.at(-1)![1]).toBeCloseTo(1000, 6)
    for (const [i, [x]] of edges.slice(1).entries()) expect(x - edges[i]![1]).toBeGreaterThanOrEqual(16)
  }
)

it('formFor puts panels beside each other where each has its room, and under each other elsewhere', () => {
  expect(formFor(1024, ['a', 'b', 'c', 'd', 'e'])).toBe('wide')
  expect(formFor(1023, ['a', 'b', 'c', 'd', 'e'])).toBe('medium')
  expect(formFor(600, ['a', 'c'])).toBe('wide')
  expect(formFor(343, ['a', 'c'])).toBe('phone')
  expect(formFor(343, ['c'])).toBe('wide')
})

it('figureLayout gives 12, 24 and 40 layers rows of 28.5, 13.7 and 8.4 px, and steps their density', () => {
  const of = (layers: number, count: number) => figureLayout({order: null, heads: heads(layers, count)}, at1280)
  expect(of(12, 4)).toMatchObject({rowHeight: 28.5, density: 'large'})
  expect(of(24, 8).rowHeight).toBeCloseTo(13.7, 1)
  expect(of(24, 8).density).toBe('medium')
  expect(of(40, 8).rowHeight).toBeCloseTo(8.4, 1)
  expect(of(40, 8).density).toBe('small')
})

it('figureLayout never makes rows lower than 8 px: heads move closer, then the figure grows', () => {
  const layout = figureLayout({order: null, heads: heads(64, 4)}, {width: 1232, height: 300})
  expect(layout.rowHeight).toBe(8)
  expect(layout.height).toBe(76 + 64 * 8 + 3 * 4 + 42)
  expect(layout.leastHeight).toBe(layout.height)
})

it('figureLayout leaves a gap between heads in the model’s order and none in a sorted one', () => {
  const model = figureLayout(twelve, at1280)
  expect(model.blocks.map(({y}) => y)).toEqual([0, 97.5, 195, 292.5])
  const sorted = figureLayout({...twelve, order: [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]}, at1280)
  expect(sorted.blocks).toHaveLength(12)
  expect(sorted.rowHeight).toBe(31.5)
  expect(sorted.rows[0]).toMatchObject({layer: 11, head: 3, y: 0})
  expect(sorted.rowsHeight).toBe(model.rowsHeight)
})

it('figureLayout stacks three sections below 1101 px, each with the same rows', () => {
  for (const [width, form, rowHeight] of [
    [976, 'medium', 27],
    [343, 'phone', 27]
  ] as const) {
    const layout = figureLayout(twelve, {width, height: 0}, {form})
    expect(layout.sections.map(({panels}) => panels.map(({letter}) => letter).join(''))).toEqual(['ab', 'c', 'de'])
    expect(layout.rowHeight).toBe(rowHeight)
    for (const {panels} of layout.sections) {
      const last = panels.at(-1)!
      expect(last.x + last.frame.width).toBeCloseTo(width)
      expect(panels[0]!.headX).toBe(0)
      expect(last.frame.rows).toBe(layout.rows)
    }
  }
})

it('figureLayout lowers rows to 15 px on a phone when there are more than 12', () => {
  const layout = figureLayout({order: null, heads: heads(24, 8)}, {width: 343, height: 0}, {form: 'phone'})
  expect(layout.rowHeight).toBe(15)
})

it('figureLayout gives an enlarged panel the whole width beside the spine', () => {
  for (const letter of ['a', 'b', 'c', 'd', 'e'] satisfies PanelLetter[]) {
    const layout = figureLayout(twelve, at1280, {enlarged: letter})
    expect(layout.sections).toHaveLength(1)
    expect(layout.sections[0]!.panels).toMatchObject([{letter, x: 74, frame: {width: 1158, enlarged: true}}])
    expect(placeOf(layout, letter === 'a' ? 'b' : 'a')).toBeNull()
  }
})

it('formOf steps at 701 and 1101 px', () => {
  expect([700, 701, 1100, 1101].map(formOf)).toEqual(['phone', 'medium', 'medium', 'wide'])
})

it('figureLayout moves the heads of 40 layers closer before it asks for more height than there is', () => {
  const rows = {order: null, heads: Array.from({length: 40}, (_, layer) => Math.floor(layer / 5))}
  const roomy = figureLayout(rows, {width: 1232, height: 496})
  const tight = figureLayout(rows, {width: 1232, height: 476})
  const gap = ({blocks}: typeof roomy) => blocks[1]!.y - blocks[0]!.y - blocks[0]!.height
  expect(gap(roomy)).toBeCloseTo(6)
  expect([tight.height, tight.rowHeight]).toEqual([476, 8])
  expect(gap(tight)).toBeCloseTo((476 - 76 - 42 - 320) / 7)
  expect(figureLayout(rows, {width: 1232, height: 300}).height).toBe(roomy.leastHeight)
})

it('rowAt finds the row under a y in every section, and none in the gaps between heads', () => {
  const layout = figureLayout(twelve, {width: 343, height: 0}, {form: 'phone'})
  for (const {top} of layout.sections) {
    expect(rowAt(layout, top + 1)?.layer).toBe(0)
    expect(rowAt(layout, top + 3 * 27 + 6)).toBeNull()
    expect(rowAt(layout, top + 3 * 27 + 12)?.layer).toBe(3)
  }
  expect(rowAt(layout, 0)).toBeNull()
})

it('layoutBetween moves every row of every panel by the same clock, and arrives exactly', () => {
  const from = figureLayout(twelve, at1280)
  const to = figureLayout({...twelve, order: [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]}, at1280)
  const half = layoutBetween(from, to, 0.5)
  expect(half.modelOrder).toBe(false)
  expect(half.blocks).toHaveLength(12)
  const of = (layer: number) => half.rows.find((row) => row.layer === layer)!
  expect(of(0)).toMatchObject({y: 346.5 / 2, height: 30})
  for (const {panels} of half.sections) for (const {frame} of panels) expect(frame.rows).toBe(half.rows)
  expect(layoutBetween(from, to, 0).rows.find(({layer}) => layer === 11)).toMatchObject({y: 292.5 + 57, height: 28.5})
  expect(layoutBetween(from, to, 1)).toBe(to)
})
