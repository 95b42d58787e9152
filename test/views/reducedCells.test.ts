import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {at, grid} from '@/lib/core/grid'
import {columnTicks} from '@/lib/views/columnTicks'
import type {ColumnWindow} from '@/lib/views/columnWindow'
import {reducedCells} from '@/lib/views/reducedCells'
import {textWidth} from '@/lib/views/rowText'

const wave = (rows: number, cols: number) =>
  grid(
    rows,
    cols,
    Float32Array.from({length: rows * cols}, (_, i) => Math.sin(i * 12.9898) * 0.5)
  )

describe('reducedCells', () => {
  it('keeps every cell to itself while there is a pixel for each', () => {
    const map = wave(3, 64)
    const cells = reducedCells(map, [0, 64], 320)
    expect(cells.mean.values).toEqual(map.values)
    expect(cells.min.values).toEqual(map.values)
    expect(cells.perPixel).toBe(0.2)
    expect([cells.edges[0], cells.edges[1], cells.edges[64]]).toEqual([0, 5, 320])
  })

  it('keeps the smallest, the largest and the mean of the cells that share a pixel', () => {
    const map = grid(1, 6, Float32Array.of(1, 2, 6, 0.5, 0.25, 0.75))
    const {mean, min, max, perPixel} = reducedCells(map, [0, 6], 2)
    expect([...mean.values]).toEqual([3, 0.5])
    expect([...min.values]).toEqual([1, 0.25])
    expect([...max.values]).toEqual([6, 0.75])
    expect(perPixel).toBe(3)
  })

  it('counts cells that are not finite and leaves them out of the rest', () => {
    const map = grid(1, 4, Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, Number.NaN))
    const {mean, notFinite} = reducedCells(map, [0, 4], 2)
    expect([...notFinite.values]).toEqual([1, 2])
    expect([...mean.values]).toEqual([1, Number.NaN])
  })

  it('puts every column of the window into exactly one bin, and the extremes survive, for any size', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 2, max: 3000}),
        fc.integer({min: 1, max: 700}),
        fc.double({min: 0, max: 0.9, noNaN: true}),
        fc.double({min: 0.05, max: 1, noNaN: true}),
        (cols, width, from, share) => {
          const window: ColumnWindow = [from * cols, Math.min(cols, (from + share) * cols)]
          const map = wave(2, cols)
          const {mean, min, max, binOf} = reducedCells(map, window, width)
          for (let col = Math.ceil(window[0]); col < Math.floor(window[1]); col++) {
            const bin = binOf(col)
            expect(bin >= 0 && bin < mean.cols).toBe(true)
            const value = at(map, 1, col)
            expect(at(min, 1, bin) <= value && value <= at(max, 1, bin)).toBe(true)
          }
          expect(mean.values.some(Number.isNaN)).toBe(false)
        }
      ),
      {numRuns: 60}
    )
  })

  it('is not counted again for the same window', () => {
    const map = wave(2, 500)
    expect(reducedCells(map, [0, 500], 100)).toBe(reducedCells(map, [0, 500], 100))
  })
})

describe('columnTicks', () => {
  const texts = (window: ColumnWindow, cols: number, width: number) =>
    columnTicks(window, cols, width).map((t) => t.text)

  it('counts features in round numbers, of two where their count is one', () => {
    expect(texts([0, 64], 64, 333)).toEqual(['1', '16', '32', '48', '64'])
    expect(texts([0, 1024], 1024, 333)).toEqual(['1', '256', '512', '768', '1,024'])
    expect(texts([0, 5120], 5120, 333)).toEqual(['1', '1,024', '2,048', '3,072', '4,096', '5,120'])
    expect(texts([0, 100], 100, 333)).toEqual(['1', '20', '40', '60', '80', '100'])
  })

  it('names single columns when few are left', () => {
    expect(texts([40, 48], 1024, 320)).toEqual(['42', '44', '46', '48'])
  })

  it('marks the middle of a column', () => {
    expect(columnTicks([0, 4], 4, 400)[0]).toEqual({x: 50, text: '1'})
  })

  it('never lets two labels touch, at any width and zoom', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 5120}),
        fc.integer({min: 60, max: 1300}),
        fc.double({min: 0, max: 0.95, noNaN: true}),
        (cols, width, from) => {
          const ticks = columnTicks([from * cols, cols], cols, width)
          for (let i = 1; i < ticks.length; i++) {
            const room = (textWidth(ticks[i]!.text, 11.5) + textWidth(ticks[i - 1]!.text, 11.5)) / 2
            expect(ticks[i]!.x - ticks[i - 1]!.x).toBeGreaterThanOrEqual(room)
          }
        }
      )
    )
  })
})
