import fc from 'fast-check'
import {expect, it} from 'vitest'
import {cellSpans} from '@/lib/views/cellSpans'
import type {CellWindow} from '@/lib/views/cellWindow'

const pairs = (window: CellWindow, cells: number, pixels: number) => {
  const {starts, stops} = cellSpans(window, cells, pixels)
  return [...starts].map((start, i) => [start, stops[i]])
}

it('gives each pixel the cell under its middle where cells are wider', () => {
  expect(pairs([0, 2], 2, 5)).toEqual([
    [0, 1],
    [0, 1],
    [1, 2],
    [1, 2],
    [1, 2]
  ])
  expect(pairs([0.5, 2.5], 4, 4)).toEqual([
    [0, 1],
    [1, 2],
    [1, 2],
    [2, 3]
  ])
})

it('gives each pixel the cells whose middles it covers where they are narrower', () => {
  expect(pairs([0, 6], 6, 2)).toEqual([
    [0, 3],
    [3, 6]
  ])
  expect(pairs([0, 5], 5, 2)).toEqual([
    [0, 2],
    [2, 5]
  ])
})

it('leaves no pixel without a cell, and no visible cell without its one pixel, at any window and size', () => {
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 6000}),
      fc.integer({min: 1, max: 1500}),
      fc.double({min: 0, max: 0.9, noNaN: true}),
      fc.double({min: 0.001, max: 1, noNaN: true}),
      (cells, pixels, from, share) => {
        const window: CellWindow = [from * cells, Math.min(cells, (from + share) * cells)]
        const {starts, stops} = cellSpans(window, cells, pixels)
        const wide = window[1] - window[0] <= pixels
        for (let i = 0; i < pixels; i++) {
          expect(starts[i]! >= 0 && stops[i]! <= cells && starts[i]! < stops[i]!).toBe(true)
          if (i > 0 && !wide) expect(starts[i]).toBe(stops[i - 1])
        }
        if (wide) return
        expect(starts[0]).toBe(Math.min(cells - 1, Math.max(0, Math.ceil(window[0] - 0.5))))
        expect(stops[pixels - 1]).toBe(Math.max(Math.min(cells, Math.ceil(window[1] - 0.5)), starts[pixels - 1]! + 1))
      }
    )
  )
})
