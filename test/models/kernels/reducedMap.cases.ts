import {tensor2d, tidy} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import {expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {type BackendName, onBackend} from '@/lib/models/backend'
import {
  type Colouring,
  colouredMap,
  colourOnArrays,
  type PixelSpans,
  reducedMap,
  reduceOnArrays
} from '@/lib/models/kernels/reducedMap'
import {readBack} from '@/lib/models/readBack'
import {type Bench, kernelCases} from './onEveryBackend'
import {worstError} from './worstError'

interface Case {
  readonly values: Float32Array
  readonly rows: number
  readonly cols: number
  readonly height: number
  readonly width: number
}

/** A map at the size of a screen, held to float64 and to its twin on arrays. */
export function reducedMapCases(backend: BackendName, bench: Bench = {}): void {
  const {poison, path, runs = 30} = bench
  kernelCases('a map reduced', backend, bench, () => {
    it.each([
      ['to fewer pixels than cells', 24, 1000, 10, 64],
      ['to more pixels than cells', 5, 7, 20, 31],
      ['to one pixel', 90, 111, 1, 1],
      ['over one axis', 3, 801, 3, 2]
    ])('%s', async (_, rows, cols, height, width) => {
      await check({values: numbers(rows * cols, 1), rows, cols, height, width})
    })

    it('of any shape to any size', async () => {
      const size = (max: number) => fc.integer({min: 1, max})
      const shapes = fc.record({rows: size(20), cols: size(50), height: size(12), width: size(30)})
      await fc.assert(
        fc.asyncProperty(shapes, (shape) => check({...shape, values: numbers(shape.rows * shape.cols, 2)})),
        {numRuns: runs, seed: 21}
      )
    })

    it('marks pixels over cells that are not finite, and pixels over none', async () => {
      const values = numbers(6 * 9, 3)
      values[0] = Number.NaN
      values[2 * 9 + 4] = Number.POSITIVE_INFINITY
      values[5 * 9 + 8] = Number.NEGATIVE_INFINITY
      const given = {values, rows: 6, cols: 9, height: 3, width: 3}
      const {rows, cols} = spansOf(given)
      // The middle line of pixels covers nothing.
      rows.stops[1] = rows.starts[1]!
      const {mean, least, greatest} = await reduce(given, {rows, cols})
      const missing = [true, false, false, true, true, true, false, false, true]
      for (const reduced of [mean, least, greatest]) expect([...reduced].map(Number.isNaN)).toEqual(missing)
      const coloured = await colour(given, {rows, cols}, colouring)
      expect([...coloured.subarray(3, 6)]).toEqual(Array(3).fill(colouring.outside))
      expect([coloured[0], coloured[8]]).toEqual([colouring.missing, colouring.missing])
      expect(coloured).toEqual(colourOnArrays(values, 9, {rows, cols}, colouring))
    })

    it('in the middle colour where the range is one value alone', async () => {
      const given = {values: numbers(12, 4), rows: 3, cols: 4, height: 3, width: 4}
      const flat = await colour(given, spansOf(given), {...colouring, low: 0.5, high: 0.5})
      expect([...flat]).toEqual(Array(12).fill(colouring.colours[128]))
    })
  })

  async function check(given: Case): Promise<void> {
    const {values, cols} = given
    const spans = spansOf(given)
    const wanted = oracle(given, spans)
    for (const round of poison ? [0, 1] : [0]) {
      if (round) poison?.()
      const result = await reduce(given, spans)
      expect(result.least).toEqual(Float32Array.from(wanted.least))
      expect(result.greatest).toEqual(Float32Array.from(wanted.greatest))
      expect(worstError(result.mean, wanted.mean, 1)).toBeLessThan(2e-6)
      const coloured = await colour(given, spans, colouring)
      for (const [i, packed] of coloured.entries()) {
        const step = Math.max(0, Math.min(255, ((wanted.mean[i]! + 1) / 3) * 255))
        // Halfway between two colours either is right.
        expect(Math.abs(colouring.colours.indexOf(packed) - step)).toBeLessThan(0.501)
      }
    }
    const twin = reduceOnArrays(values, cols, spans)
    expect(worstError(twin.mean, wanted.mean)).toBeLessThan(1e-7)
  }

  const reduce = ({values, rows, cols}: Case, spans: Spans) =>
    onBackend(() => readBack(tidy(() => reducedMap(tensor2d(values, [rows, cols]), spans, path))))

  async function colour({values, rows, cols}: Case, spans: Spans, how: Colouring): Promise<Uint32Array> {
    const {pixels} = await onBackend(() =>
      readBack(tidy(() => ({pixels: colouredMap(tensor2d(values, [rows, cols]), spans, how, path)})))
    )
    return Uint32Array.from(pixels)
  }
}

interface Spans {
  readonly rows: PixelSpans
  readonly cols: PixelSpans
}

const colouring: Colouring = {
  low: -1,
  high: 2,
  colours: Uint32Array.from({length: 256}, (_, i) => ((255 << 24) | (i << 8) | 7) >>> 0),
  missing: 0x80112233,
  outside: 0
}

// As the figure covers its cells: each falls under one pixel, or pixels share one.
const spansOf = ({rows, cols, height, width}: Case): Spans => ({rows: evenly(rows, height), cols: evenly(cols, width)})

function evenly(cells: number, pixels: number): PixelSpans {
  const starts = Int32Array.from({length: pixels}, (_, i) => Math.floor((i * cells) / pixels))
  const stops = Int32Array.from(starts, (start, i) => Math.max(start + 1, Math.floor(((i + 1) * cells) / pixels)))
  return {starts, stops}
}

function oracle({values, cols, width}: Case, spans: Spans) {
  const boxes = [...spans.rows.starts].flatMap((top, y) =>
    [...spans.cols.starts].map((left, x) => {
      const inside = []
      for (let row = top; row < spans.rows.stops[y]!; row++)
        inside.push(...values.subarray(row * cols + left, row * cols + spans.cols.stops[x]!))
      return inside
    })
  )
  expect(boxes.length).toBe(spans.rows.starts.length * width)
  return {
    least: boxes.map((box) => Math.min(...box)),
    greatest: boxes.map((box) => Math.max(...box)),
    mean: boxes.map((box) => box.reduce((sum, value) => sum + value, 0) / box.length)
  }
}

function numbers(length: number, seed: number): Float32Array {
  const draws = random(seed)
  return Float32Array.from({length}, () => 0.5 + draws.normal())
}
