import fc from 'fast-check'
import {expect, it} from 'vitest'
import {columnKey, followColumn} from '@/lib/views/columnKeys'
import {type ColumnWindow, clampWindow, fewestColumns, movedWindow, zoomedWindow} from '@/lib/views/columnWindow'
import type {ReducedCells} from '@/lib/views/reducedCells'

it('the closest zoom makes a cell 40 px wide', () => {
  expect(fewestColumns(1024, 320)).toBe(8)
  expect(zoomedWindow(null, 1024, 320, 1e9)).toEqual([508, 516])
})

it('a map whose cells are wider than 40 px already cannot be zoomed', () => {
  expect(zoomedWindow(null, 4, 320, 2)).toBeNull()
})

it('zooming out ends at the whole map, which is null', () => {
  expect(zoomedWindow([100, 200], 1024, 320, 0.01)).toBeNull()
})

it('zooming leaves the column under the pointer where it is', () => {
  const [start, stop] = zoomedWindow([100, 300], 1024, 320, 2, 150)!
  expect([(150 - start) / (stop - start), stop - start]).toEqual([0.25, 100])
})

it('a window stops at the ends of the map with its width kept', () => {
  expect(clampWindow([-50, 50], 1024, 320)).toEqual([0, 100])
  expect(movedWindow([900, 1000], 1024, 320, 500)).toEqual([924, 1024])
})

it('what is not a number shows the whole map', () => {
  expect(clampWindow([Number.NaN, 5], 1024, 320)).toBeNull()
})

it('however it is zoomed and moved, a window stays inside the map and its limits', () => {
  const step = fc.tuple(fc.double({min: 0.01, max: 100, noNaN: true}), fc.double({min: -2000, max: 2000, noNaN: true}))
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 5120}),
      fc.integer({min: 40, max: 1200}),
      fc.array(step),
      (cols, width, steps) => {
        let window: ColumnWindow | null = null
        for (const [factor, by] of steps) {
          window = movedWindow(zoomedWindow(window, cols, width, factor), cols, width, by)
          if (window === null) continue
          expect(window[0]).toBeGreaterThanOrEqual(0)
          expect(window[1]).toBeLessThanOrEqual(cols + 1e-9)
          expect(window[1] - window[0]).toBeGreaterThan(fewestColumns(cols, width) - 1e-6)
        }
      }
    )
  )
})

const shown = (window: ColumnWindow) => ({cells: {} as ReducedCells, window, cols: 1024, width: 320})

it('the keys + and − zoom around the pointed-at column, 0 shows all', () => {
  expect(columnKey('+', shown([0, 1024]), null)).toEqual({window: [256, 768]})
  expect(columnKey('=', shown([0, 1024]), 0)).toEqual({window: [0.25, 512.25]})
  expect(columnKey('-', shown([256, 768]), null)).toEqual({window: null})
  expect(columnKey('0', shown([256, 768]), null)).toEqual({window: null})
})

it('other keys are not about zooming, and without a map none is', () => {
  expect(columnKey('a', shown([0, 1024]), null)).toBeNull()
  expect(columnKey('+', {...shown([0, 1024]), cells: null}, null)).toBeNull()
})

it('a column walked out of view brings the window along, just so far', () => {
  expect(followColumn(shown([100, 200]), 150)).toEqual([100, 200])
  expect(followColumn(shown([100, 200]), 200)).toEqual([101, 201])
  expect(followColumn(shown([100, 200]), 90)).toEqual([90, 190])
  expect(followColumn(shown([0, 1024]), 90)).toBeNull()
})
