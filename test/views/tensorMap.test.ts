import {expect, it} from 'vitest'
import {grid} from '@/lib/core/grid'
import {mapSums} from '@/lib/core/mapSums'
import type {SlicePart, TensorSlice} from '@/lib/engine/protocol'
import {sliceCells} from '@/lib/engine/sliceCells'
import type {MapView} from '@/lib/views/cellWindow'
import {textWidth} from '@/lib/views/rowText'
import {sliceReading} from '@/lib/views/sliceReading'
import {nearEnough, partAround, tensorMap, worthReading} from '@/lib/views/tensorMap'
import {sliceOf} from './slices'

const look = {width: 300, theme: 'light', rowName: 'axis 0', colName: 'axis 1', view: {cols: null, rows: null}} as const
const all: MapView = {cols: null, rows: null}

/** A part of a slice whose element at (row, col) is `row + col / 4096`. */
function partOf(rows: number, cols: number, part: SlicePart): TensorSlice {
  const cells = sliceCells(part)
  for (let row = part.rows[0]; row < part.rows[1]; row++)
    for (let col = part.cols[0]; col < part.cols[1]; col++) cells.add(row, col, row + col / 4096)
  const read = cells.read()
  return {rows, cols, part, ...read, sums: mapSums(read.cells)}
}

it.each([
  [[-1, 2], 'diverging-light', [-2, 2]],
  [[1, 2], 'sequential-light', [1, 2]]
] as const)('a slice from %j is drawn on its own kind of scale', (extent, name, domain) => {
  const {marks} = tensorMap(sliceOf(grid(2, 2, Float32Array.of(extent[0], 1, 1, extent[1]))), look)
  expect([marks.legend?.name, marks.domain, marks.height]).toEqual([name, domain, 28])
})

it('numbers rows and columns from zero, and leaves every label room inside the picture', () => {
  const {marks, left, width} = tensorMap(sliceOf(grid(40, 768, new Float32Array(40 * 768).fill(1))), look)
  const last = marks.axis!.ticks.at(-1)!
  expect([marks.axis!.ticks[0]!.text, last.text, marks.rowTicks.at(-1)!.text]).toEqual(['0', '767', '39'])
  expect(left + last.x + textWidth(last.text, 11.5) / 2).toBeLessThanOrEqual(width)
  expect(left).toBeGreaterThan(textWidth('39', 11.5))
})

it('draws the window, with a strip for each axis that is zoomed', () => {
  const whole = partOf(100, 400, {rows: [0, 100], cols: [0, 400]})
  const {marks} = tensorMap(whole, {...look, view: {cols: [100, 200], rows: [50, 75]}})
  expect(marks.cells!.window).toEqual([100, 200])
  expect(marks.rows[0]).toMatchObject({from: 50, to: 75, y: 0, height: 200})
  expect([marks.overview!.start / marks.width, marks.rowOverview!.stop / marks.height]).toEqual([0.25, 0.75])
  const rest = tensorMap(whole, look).marks
  expect([rest.overview, rest.rowOverview]).toEqual([null, null])
})

it('reads the element under the pointer exactly, and of a pixel’s many the smallest, mean and largest', () => {
  const whole = partOf(100, 4000, {rows: [0, 100], cols: [0, 4000]})
  const near = tensorMap(whole, {...look, view: {cols: [1000, 1010], rows: [40, 50]}})
  const cell = [near.marks.width / 10, near.marks.height / 10] as const
  expect(sliceReading(near, 3.5 * cell[0], 4.5 * cell[1])).toEqual({
    title: 'Row 44, column 1,003',
    rows: [{label: 'Value', value: String(Number((44 + 1003 / 4096).toPrecision(7)))}]
  })
  const far = tensorMap(whole, look)
  const reading = sliceReading(far, 0.5, 1)!
  const many = Number(reading.rows[0]!.value)
  expect(reading.title).toBe(`Row 0, columns 0–${many - 1}`)
  expect(reading.rows.map(({label}) => label)).toEqual(['Elements', 'Smallest', 'Mean', 'Largest'])
  expect(reading.rows.slice(1).map(({value}) => Number(value))).toEqual(
    [0, (many - 1) / 2 / 4096, (many - 1) / 4096].map((value) => Number(value.toPrecision(7)))
  )
  expect(sliceReading(far, -1, 5)).toBeNull()
})

it('of a reduced slice tells how many elements share a pixel, and what they are', () => {
  const whole = partOf(1024, 4096, {rows: [0, 1024], cols: [0, 4096]})
  expect([whole.cells.rows, whole.cells.cols]).toEqual([512, 1024])
  const map = tensorMap(whole, {...look, view: {cols: [0, 64], rows: [0, 32]}})
  const reading = sliceReading(map, 1, 1)!
  expect(reading.title).toBe('Rows 0–1, columns 0–3')
  expect(reading.rows.map(({value}) => Number(value))).toEqual([8, 0, 0.5003662, 1.000732])
})

it('of a large slice the part in view is worth reading anew, with room around it, and is drawn while it holds the view', () => {
  const whole = partOf(2000, 4096, {rows: [0, 2000], cols: [0, 4096]})
  const view = {cols: [1000, 1400], rows: [500, 700]} as const
  const part = partAround(whole, view)
  expect(part).toEqual({rows: [400, 800], cols: [800, 1600]})
  expect([worthReading(whole, part), worthReading(whole, partAround(whole, all))]).toEqual([true, false])
  const detail = partOf(2000, 4096, part)
  expect(detail.spread).toBeNull()
  expect(nearEnough(detail, part, view)).toBe(true)
  expect(nearEnough(detail, part, {...view, cols: [700, 1100]})).toBe(false)
  const drawn = tensorMap(whole, {...look, view, detail})
  expect(drawn.slice).toBe(detail)
  expect(drawn.marks.cells!.window).toEqual([200, 600])
  expect(drawn.marks.domain).toEqual(tensorMap(whole, look).marks.domain)
  expect(sliceReading(drawn, 0.1, 0.1)!.title).toBe('Row 500, columns 1,000–1,001')
  expect(tensorMap(whole, {...look, view: {...view, cols: [700, 1100]}, detail}).slice).toBe(whole)
})

it('a slice that came whole is never read again', () => {
  const whole = partOf(100, 400, {rows: [0, 100], cols: [0, 400]})
  expect(worthReading(whole, partAround(whole, {cols: [0, 10], rows: null}))).toBe(false)
})
