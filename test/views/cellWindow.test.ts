import fc from 'fast-check'
import {expect, it} from 'vitest'
import {type CellWindow, clampWindow, fewestCells, movedWindow, zoomedWindow} from '@/lib/views/cellWindow'

it('the closest zoom makes a cell 40 px wide', () => {
  expect(fewestCells(1024, 320)).toBe(8)
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
        let window: CellWindow | null = null
        for (const [factor, by] of steps) {
          window = movedWindow(zoomedWindow(window, cols, width, factor), cols, width, by)
          if (window === null) continue
          expect(window[0]).toBeGreaterThanOrEqual(0)
          expect(window[1]).toBeLessThanOrEqual(cols + 1e-9)
          expect(window[1] - window[0]).toBeGreaterThan(fewestCells(cols, width) - 1e-6)
        }
      }
    )
  )
})
