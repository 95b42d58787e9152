import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {CellWindow} from '@/lib/views/cellWindow'
import {columnTicks, rowTicks} from '@/lib/views/columnTicks'
import {textWidth} from '@/lib/views/rowText'

describe('columnTicks', () => {
  const texts = (window: CellWindow, cols: number, width: number) => columnTicks(window, cols, width).map((t) => t.text)

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

  it('counts from zero where Python does', () => {
    expect(columnTicks([0, 768], 768, 500, 0).map(({text}) => text)).toEqual([
      '0',
      '128',
      '256',
      '384',
      '512',
      '640',
      '767'
    ])
    expect(columnTicks([0, 4], 4, 400, 0)[0]).toEqual({x: 50, text: '0'})
  })
})

describe('rowTicks', () => {
  it('names the first and the last row in view and round numbers between, a line apart', () => {
    expect(rowTicks([0, 1500], 1500, 240).map(({text}) => text)).toEqual([
      '0',
      '200',
      '400',
      '600',
      '800',
      '1,000',
      '1,200',
      '1,499'
    ])
    expect(rowTicks([100, 106], 1500, 240).map(({text}) => text)).toEqual(['100', '101', '102', '103', '104', '105'])
    for (const rows of [1, 3, 17, 128, 1500]) {
      const ticks = rowTicks([0, rows], rows, Math.min(240, rows * 14))
      for (let i = 1; i < ticks.length; i++) expect(ticks[i]!.x - ticks[i - 1]!.x).toBeGreaterThanOrEqual(14)
    }
  })
})
