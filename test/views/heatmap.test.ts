import {describe, expect, it} from 'vitest'
import {rampColour, rampStep, sequentialRamp} from '@/lib/core/colour'
import {at, type Grid, grid} from '@/lib/core/grid'
import {mapSums} from '@/lib/core/mapSums'
import type {Explanation} from '@/lib/explain/explanation'
import {type Bitmap, bitmap} from '@/lib/views/bitmap'
import {cellReading} from '@/lib/views/cellReading'
import {cellSpans} from '@/lib/views/cellSpans'
import {digitsFor} from '@/lib/views/colourScale'
import {columnAt, columnEdges, type HeatmapOptions, heatmapPanel} from '@/lib/views/heatmap'
import {learnedMap} from '@/lib/views/learnedMap'
import {readBox} from '@/lib/views/shownCells'
import {syntheticExplanation} from '../fixtures/explanations'
import {frameOf} from './panelFrames'

const twelve = await syntheticExplanation({inputs: 6, resamples: 20})
const wide = await syntheticExplanation({layers: 24, heads: 8, features: 1024, inputs: 2, resamples: 2})
const density: HeatmapOptions = {map: 'density', theme: 'light'}

const panel = (explanation: Explanation, options: Partial<HeatmapOptions> = {}) =>
  heatmapPanel(explanation, frameOf(explanation, 'c'), {...density, ...options})

function withCell(map: Grid, row: number, col: number, value: number): Grid {
  const values = Float32Array.from(map.values)
  values[row * map.cols + col] = value
  return grid(map.rows, map.cols, values)
}

const ramp = sequentialRamp('light')

function pixel({rgba, width}: {rgba: Uint8ClampedArray; width: number}, x: number, y: number): string {
  const i = 4 * (Math.floor(y) * width + Math.floor(x))
  const [r, g, b, a] = rgba.slice(i, i + 4)
  return a === 0 ? 'paper' : `#${[r!, g!, b!].map((v) => v.toString(16).padStart(2, '0')).join('')}`
}

const differences = (a: Bitmap, b: Bitmap): number =>
  a.rgba.length === b.rgba.length ? a.rgba.reduce((n, v, i) => n + Number(v !== b.rgba[i]), 0) : -1

describe('heatmapPanel', () => {
  it('draws density on the scale of its own smallest and largest mean', () => {
    const marks = panel(twelve)
    expect(marks.domain).toEqual(twelve.scale)
    expect(marks.legend).toMatchObject({text: 'density', low: twelve.scale![0].toFixed(2)})
    expect(marks.axis?.title).toBe('Feature')
    expect(marks.gloss).toBe('64 features')
  })

  it('draws Importance Factor in the same colours with other numbers', () => {
    const [a, b] = [panel(twelve), panel(twelve, {map: 'importance'})]
    expect(b.legend).toMatchObject({low: '0', high: '1', text: 'Importance Factor', stops: a.legend!.stops})
    const [first, second] = [a, b].map((marks) => bitmap(marks, 1).rgba)
    // IF is affine in density: what differs is rounding to one of 256 steps.
    expect(first!.reduce((most, v, i) => Math.max(most, Math.abs(v - second![i]!)), 0)).toBeLessThanOrEqual(3)
  })

  it('draws the learned part on a symmetric scale that ends at the 99.5 % quantile', () => {
    const marks = panel(twelve, {map: 'learned'})
    const {limit} = learnedMap(twelve.density!, twelve.nullDensity)!
    expect(marks.domain).toEqual([-limit, limit])
    const beyond = twelve.density!.values.filter((v, i) => Math.abs(v - twelve.nullDensity!.values[i]!) > limit)
    expect(beyond.length).toBe(Math.ceil(0.005 * (12 * 64 - 1)))
    expect(marks.legend!.text).toBe('against untrained')
    expect(marks.legend!.low).toMatch(/^−0\.\d+$/)
    expect(marks.legend!.high).toMatch(/^\+0\.\d+$/)
  })

  it('draws one input on its own scale and says whose map it is', () => {
    const values = grid(
      12,
      64,
      twelve.density!.values.map((v) => v / 2)
    )
    const marks = panel(twelve, {own: {values, name: 'input 10'}})
    expect(marks.domain[1]).toBeCloseTo(twelve.scale![1] / 2, 6)
    expect(marks.gloss).toBe('input 10 only')
    expect(marks.boxed).toBeNull()
  })

  it('says in the axis title how many columns share a pixel', () => {
    expect(panel(wide).axis!.title).toMatch(/^Feature \(3\.\d per pixel, mean; zoom for single cells\)$/)
  })

  it('shows only the window, with an overview under the axis', () => {
    const marks = panel(wide, {window: [256, 320]})
    expect(columnAt(marks, 0)).toBe(256)
    const [low, high] = marks.domain
    const t = (at(wide.density!, 5, 256) - low) / (high - low)
    expect(pixel(bitmap(marks, 1), 1, marks.rows[5]!.y + 3)).toBe(rampColour(ramp, t))
    expect(marks.overview!.start / marks.width).toBeCloseTo(0.25)
    expect(marks.overview!.stop / marks.width).toBeCloseTo(0.3125)
    expect(marks.overview!.at).toBeGreaterThan(marks.axis!.titleY!)
    expect(panel(wide).overview).toBeNull()
  })

  it('leaves 3 px of paper between large rows, 1 px between small ones', () => {
    const gaps = (explanation: Explanation) => {
      const [a, b] = panel(explanation).rows
      return b!.y - (a!.y + a!.height)
    }
    expect(gaps(twelve)).toBeCloseTo(3)
    expect(gaps(wide)).toBeCloseTo(1)
  })

  it('follows the rows of the frame in any order', () => {
    const frame = frameOf(twelve, 'c', {order: 'importance'})
    const marks = heatmapPanel(twelve, frame, density)
    expect(marks.rows.map(({layer}) => layer)).toEqual(frame.rows.map(({layer}) => layer))
    expect(marks.rows[0]!.layer).toBe(twelve.layers.find(({rank}) => rank === 1)!.layer)
  })

  it('boxes the cell that alone sets the zero and names it', () => {
    const explanation = {...twelve, scaleCell: {row: 9, col: 55, moves: 0.2}}
    const {boxed} = panel({...explanation, density: withCell(twelve.density!, 9, 55, twelve.scale![0])})
    expect(boxed!.note!.text).toBe('layer 10, feature 56 alone sets the zero')
    expect([boxed!.layer, Math.round(boxed!.width)]).toEqual([9, Math.round(panel(twelve).width / 64)])
    const one = panel({...explanation, density: withCell(twelve.density!, 9, 55, twelve.scale![1])})
    expect(one.boxed!.note!.text).toContain('sets the one')
    expect(panel(explanation, {map: 'learned'}).boxed).toBeNull()
  })

  it('drops the note but not the box where the panel is too narrow for words', () => {
    const explanation = {...twelve, scaleCell: {row: 9, col: 55, moves: 0.2}}
    const frame = {...frameOf(twelve, 'c'), width: 120}
    const {boxed} = heatmapPanel(explanation, frame, density)
    expect([boxed!.note, boxed!.layer]).toEqual([null, 9])
  })

  it('names cells that are not finite in the axis title', () => {
    const explanation = {...twelve, density: withCell(twelve.density!, 2, 10, Number.NaN)}
    expect(panel(explanation).axis!.title).toBe('Feature (hatched: 1 not finite)')
  })

  it('says why there is no map, in words that fit the panel', () => {
    const none = panel({...twelve, density: null, importance: null})
    expect(none.absent.join(' ')).toBe('This checkpoint carries no attention maps. Add input features to compute them.')
    expect(panel({...twelve, importance: null}, {map: 'importance'}).absent.join(' ')).toContain('same density')
    expect(panel({...twelve, nullDensity: null}, {map: 'learned'}).absent.join(' ')).toContain('untrained module')
    expect(panel({...twelve, density: null}, {pending: true}).absent).toEqual([])
  })

  it('keeps the ends of a narrow scale apart', () => {
    expect([digitsFor([0.49, 0.95]), digitsFor([0.99, 0.999]), digitsFor([0.9999, 1])]).toEqual([2, 4, 5])
  })
})

describe('columns and pixels', () => {
  it('columnAt and columnEdges agree for every column', () => {
    const marks = panel(twelve)
    for (let col = 0; col < 64; col++) {
      const [x0, x1] = columnEdges(marks, col)!
      expect(columnAt(marks, (x0 + x1) / 2)).toBe(col)
    }
    expect(columnAt(marks, -1)).toBeNull()
    expect(columnAt(marks, marks.width)).toBeNull()
  })

  it('a column outside the window has no edges', () => {
    expect(columnEdges(panel(wide, {window: [256, 320]}), 10)).toBeNull()
  })

  it('a column thinner than a pixel still gets two lines that can be told apart', () => {
    const [x0, x1] = columnEdges(panel(wide), 1023)!
    expect(x1 - x0).toBeGreaterThanOrEqual(2)
  })
})

describe('bitmap', () => {
  it.each([1, 1.5, 2])('gives every cell the colour of its value at %s pixels per px', (ratio) => {
    const marks = panel(twelve)
    const picture = bitmap(marks, ratio)
    const [low, high] = twelve.scale!
    for (const {layer, y, height} of marks.rows) {
      for (let col = 0; col < 64; col++) {
        const value = at(twelve.density!, layer, col)
        const x = ((col + 0.5) / 64) * marks.width * ratio
        expect(pixel(picture, x, (y + height / 2) * ratio)).toBe(rampColour(ramp, (value - low) / (high - low)))
      }
    }
  })

  it('leaves paper between rows and between heads', () => {
    const marks = panel(twelve)
    const picture = bitmap(marks, 1)
    expect(pixel(picture, 5, marks.rows[0]!.y + marks.rows[0]!.height + 1)).toBe('paper')
  })

  it('draws the mean where columns share a pixel', () => {
    const marks = panel(wide)
    const picture = bitmap(marks, 1)
    const {starts, stops} = cellSpans([0, 1024], 1024, picture.width)
    const [low, high] = marks.domain
    const shared = {rows: [7, 8], cols: [starts[100]!, stops[100]!]} as const
    const {mean, cells} = readBox(wide.density!, shared)
    expect(cells).toBeGreaterThan(2)
    const row = marks.rows[7]!
    expect(pixel(picture, 100, row.y + 3)).toBe(rampColour(ramp, rampStep((mean - low) / (high - low)) / 255))
  })

  it('hatches a cell that is not finite and gives it no colour of the scale', () => {
    const marks = panel({...twelve, density: withCell(twelve.density!, 2, 10, Number.NaN)})
    const picture = bitmap(marks, 2)
    const row = marks.rows[2]!
    const colours = new Set<string>()
    for (let y = row.y * 2 + 1; y < (row.y + row.height) * 2 - 1; y++) {
      colours.add(pixel(picture, (10.5 / 64) * marks.width * 2, y))
    }
    expect([...colours].sort()).toEqual(['#5f6973', 'paper'])
  })

  it('gives a map of one value the middle of the scale', () => {
    const flat = grid(12, 64, new Float32Array(768).fill(0.7))
    const marks = panel({...twelve, density: flat, scale: [0.7, 0.7]})
    expect(pixel(bitmap(marks, 1), 5, marks.rows[0]!.y + 5)).toBe(rampColour(ramp, 0.5))
  })

  it('is the same picture from running sums as from the cells, at any zoom, holes and all', () => {
    const holed = {
      ...wide,
      density: withCell(withCell(wide.density!, 2, 10, Number.NaN), 5, 900, Number.NEGATIVE_INFINITY)
    }
    const sums = (map: Grid) => mapSums(map)
    const groups = Array.from({length: 6}, (_, i) => [i * 4, i * 4 + 4] as const)
    for (const options of [{}, {window: [100.3, 700.9]}, {window: [880, 910.5]}, {groups}, {map: 'learned'}] as const) {
      const [slow, fast] = [bitmap(panel(holed, options), 1), bitmap(panel(holed, {...options, sums}), 1)]
      expect(differences(fast, slow)).toBe(0)
    }
  })

  it('gives rows that share a line pixels of their own within it', () => {
    const tall = {
      ...twelve,
      density: grid(
        24,
        64,
        Float32Array.from({length: 24 * 64}, (_, i) => Math.floor(i / 64))
      )
    }
    const groups = Array.from({length: 12}, (_, i) => [i * 2, i * 2 + 2] as const)
    const marks = panel({...tall, scale: [0, 23]}, {groups})
    const row = marks.rows[3]!
    const picture = bitmap(marks, 1)
    expect(pixel(picture, 9, Math.ceil(row.y) + 1)).toBe(rampColour(ramp, 6 / 23))
    expect(pixel(picture, 9, Math.floor(row.y + row.height) - 2)).toBe(rampColour(ramp, 7 / 23))
  })

  it('painted over one of before is the picture painted fresh', () => {
    const first = bitmap(panel(wide), 1)
    const marks = panel({...wide, density: withCell(wide.density!, 2, 10, Number.NaN)}, {window: [0, 40]})
    const again = bitmap(marks, 1, first)
    expect(again.rgba).toBe(first.rgba)
    expect(differences(again, bitmap(marks, 1))).toBe(0)
    expect(bitmap(panel({...wide, density: null}), 1, again).rgba.every((v) => v === 0)).toBe(true)
  })

  it('of no map is empty', () => {
    expect(bitmap(panel({...twelve, density: null}), 1).rgba.every((v) => v === 0)).toBe(true)
  })
})

describe('cellReading', () => {
  it('reads density, untrained, learned part and IF', () => {
    const reading = cellReading(twelve, panel(twelve), 7, 30)!
    expect(reading.title).toBe('Layer 8, feature 31')
    expect(reading.rows.map(({label}) => label)).toEqual(['Density', 'Untrained', 'Learned part', 'IF'])
    expect(reading.rows[0]!.value).toBe(at(twelve.density!, 7, 30).toFixed(3))
  })

  it('adds what the pixel holds when columns share it', () => {
    const reading = cellReading(wide, panel(wide), 7, 500)!
    const shared = reading.rows.find(({label}) => /^This pixel, [34] features$/.test(label))!
    const [low, high] = shared.value.split(' to ').map(Number)
    const mean = Number(reading.rows.find(({label}) => label === 'Its mean')!.value)
    expect(low! <= mean && mean <= high!).toBe(true)
  })

  it('does not call a NaN a number', () => {
    const explanation = {...twelve, density: withCell(twelve.density!, 2, 10, Number.NaN)}
    const rows = cellReading(explanation, panel(explanation), 2, 10)!.rows
    expect(rows.filter(({value}) => value === 'not finite').map(({label}) => label)).toEqual([
      'Density',
      'Learned part'
    ])
  })

  it('reads one input against the mean', () => {
    const own = {values: twelve.nullDensity!, name: 'input 10'}
    const labels = cellReading(twelve, panel(twelve, {own}), 7, 30, own)!.rows.map(({label}) => label)
    expect(labels).toEqual(['Input 10', 'Mean density'])
  })

  it('names merged rows and says how far they lie apart', () => {
    const groups = [0, 1, 2, 3].map((i) => [i * 3, i * 3 + 3] as const)
    const reading = cellReading(twelve, panel(twelve, {groups}), 2, 30)!
    const cells = [6, 7, 8].map((row) => at(twelve.density!, row, 30))
    expect(reading.title).toBe('Layers 7–9, feature 31')
    expect(reading.rows[0]).toEqual({label: 'Mean of 3', value: (cells.reduce((a, b) => a + b) / 3).toFixed(3)})
    const ends = [Math.min(...cells), Math.max(...cells)].map((value) => value.toFixed(3))
    expect(reading.rows.at(-1)).toEqual({label: 'Here, 3 cells', value: ends.join(' to ')})
  })

  it('is null outside the map', () => {
    expect(cellReading(twelve, panel(twelve), 12, 0)).toBeNull()
    expect(cellReading(twelve, panel(twelve), 0, 64)).toBeNull()
  })
})
