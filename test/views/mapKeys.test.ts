import {expect, it} from 'vitest'
import type {CellWindow} from '@/lib/views/cellWindow'
import {movedView, zoomedView} from '@/lib/views/mapGround'
import {followColumn, followRow, mapKey} from '@/lib/views/mapKeys'
import type {ShownCells} from '@/lib/views/shownCells'

const shown = (window: CellWindow, rows: CellWindow | null = null) => ({
  cells: {} as ShownCells,
  window,
  cols: 1024,
  rowZoom: rows && {rows: 1500, window: rows},
  width: 320,
  height: 480
})

it('the keys + and − zoom around the pointed-at column, 0 shows all', () => {
  expect(mapKey('+', false, shown([0, 1024]), null)).toEqual({cols: [256, 768], rows: null})
  expect(mapKey('=', false, shown([0, 1024]), 0)).toEqual({cols: [0.25, 512.25], rows: null})
  expect(mapKey('-', false, shown([256, 768]), null)).toEqual({cols: null, rows: null})
  expect(mapKey('0', false, shown([256, 768]), null)).toEqual({cols: null, rows: null})
})

it('a column that is pointed at out of view is no middle to zoom around', () => {
  expect(mapKey('+', false, shown([256, 768]), 3)).toEqual({cols: [384, 640], rows: null})
})

it('arrows with shift move what is shown by a quarter of it, and are the reader’s while all is shown', () => {
  expect(mapKey('ArrowRight', true, shown([100, 200]), null)).toEqual({cols: [125, 225], rows: null})
  expect(mapKey('ArrowUp', true, shown([0, 1024], [400, 600]), null)).toEqual({cols: null, rows: [350, 550]})
  expect(mapKey('ArrowRight', false, shown([100, 200]), null)).toBeNull()
  expect(mapKey('ArrowRight', true, shown([0, 1024]), null)).toBeNull()
})

it('other keys are not about zooming, and without a map none is', () => {
  expect(mapKey('a', false, shown([0, 1024]), null)).toBeNull()
  expect(mapKey('+', false, {...shown([0, 1024]), cells: null}, null)).toBeNull()
})

it('a column walked out of view brings the window along, just so far', () => {
  expect(followColumn(shown([100, 200]), 150).cols).toEqual([100, 200])
  expect(followColumn(shown([100, 200]), 200).cols).toEqual([101, 201])
  expect(followColumn(shown([100, 200]), 90).cols).toEqual([90, 190])
  expect(followColumn(shown([0, 1024]), 90).cols).toBeNull()
})

it('a row walked out of view does the same, and leaves the columns', () => {
  expect(followRow(shown([100, 200], [10, 60]), 60)).toEqual({cols: [100, 200], rows: [11, 61]})
  expect(followRow(shown([100, 200]), 60)).toEqual({cols: [100, 200], rows: null})
})

it('rows are zoomed with the columns only where there are more of them than lines', () => {
  expect(zoomedView(shown([0, 1024]), 2, {x: 0, y: 0})).toEqual({cols: [0, 512], rows: null})
  expect(zoomedView(shown([0, 1024], [0, 1500]), 2, {x: 0, y: 480})).toEqual({cols: [0, 512], rows: [750, 1500]})
})

it('the closest zoom shows rows 40 px high', () => {
  expect(zoomedView(shown([0, 1024], [0, 1500]), 1e6).rows).toEqual([744, 756])
})

it('a view moves by pixels, and stops at the ends of the map', () => {
  expect(movedView(shown([100, 200], [300, 420]), {x: 32, y: -48})).toEqual({cols: [110, 210], rows: [288, 408]})
  expect(movedView(shown([100, 200], [300, 420]), {x: -3200, y: 1e5})).toEqual({cols: [0, 100], rows: [1380, 1500]})
})
