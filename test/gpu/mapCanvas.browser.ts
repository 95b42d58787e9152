import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {type Grid, grid} from '@/lib/core/grid'
import {openBackend} from '@/lib/models/backend'
import {type MapCanvas, mapCanvas} from '@/lib/models/mapCanvas'
import {bitmap} from '@/lib/views/bitmap'
import type {RowGroup} from '@/lib/views/cellRow'
import {type HeatmapMarks, type HeatmapOptions, heatmapPanel} from '@/lib/views/heatmap'
import {mapPicture} from '@/lib/views/mapPicture'
import {syntheticExplanation} from '../fixtures/explanations'
import {frameOf} from '../views/panelFrames'

const explanation = await syntheticExplanation({inputs: 4, resamples: 2})
const frame = frameOf(explanation, 'c')

const wave = (rows: number, cols: number, holes: readonly number[] = []): Grid => {
  const values = Float32Array.from({length: rows * cols}, (_, i) => Math.sin(i * 12.9898) * Math.cos(i * 0.01))
  for (const hole of holes) values[hole] = hole % 2 ? Number.NaN : Number.POSITIVE_INFINITY
  return grid(rows, cols, values)
}

const marksOf = (values: Grid, options: Partial<HeatmapOptions> = {}): HeatmapMarks =>
  heatmapPanel({...explanation, axes: {...explanation.axes!, rows: values.rows, cols: values.cols}}, frame, {
    map: 'density',
    theme: 'light',
    own: {values, name: 'input 1'},
    ...options
  })

const merged = (rows: number): readonly RowGroup[] =>
  Array.from({length: 12}, (_, i) => [Math.round((i * rows) / 12), Math.round(((i + 1) * rows) / 12)] as const)

/** Counts the pixels that differ, and by how many steps of the ramp at most; a pixel in no step differs by 1,000. */
function compared(drawn: Uint8ClampedArray, marks: HeatmapMarks, ratio: number): {pixels: number; steps: number} {
  const {rgba} = bitmap(marks, ratio)
  const {rgb} = marks.ramp
  const stepsOf = new Map<number, number[]>()
  for (let i = 0; i < 256; i++) {
    const key = (rgb[3 * i]! << 16) | (rgb[3 * i + 1]! << 8) | rgb[3 * i + 2]!
    stepsOf.set(key, [...(stepsOf.get(key) ?? []), i])
  }
  const at = (pixels: Uint8ClampedArray, i: number) => (pixels[i]! << 16) | (pixels[i + 1]! << 8) | pixels[i + 2]!
  let [pixels, steps] = [0, 0]
  for (let i = 0; i < rgba.length; i += 4) {
    if (at(rgba, i) === at(drawn, i) && rgba[i + 3] === drawn[i + 3]) continue
    pixels++
    const [a, b] = [stepsOf.get(at(rgba, i)), stepsOf.get(at(drawn, i))]
    const apart = a && b ? Math.min(...a.flatMap((x) => b.map((y) => Math.abs(x - y)))) : 1000
    steps = Math.max(steps, rgba[i + 3] === drawn[i + 3] ? apart : 1000)
  }
  return {pixels, steps}
}

describe('a canvas that the device draws on', () => {
  const place = new OffscreenCanvas(1, 1)
  let canvas: MapCanvas
  beforeAll(async () => {
    await openBackend('webgpu')
    canvas = mapCanvas(place)
  })
  afterAll(() => canvas.dispose())

  async function drawn(marks: HeatmapMarks, ratio: number): Promise<Uint8ClampedArray> {
    canvas.hold(marks.cells!.map)
    await canvas.draw(mapPicture(marks, ratio)!)
    const shown = place.transferToImageBitmap()
    const reader = new OffscreenCanvas(shown.width, shown.height).getContext('2d')!
    reader.drawImage(shown, 0, 0)
    return reader.getImageData(0, 0, shown.width, shown.height).data
  }

  it.each([
    ['a small map', wave(12, 64), {}, 1],
    ['more columns than pixels', wave(12, 5120), {}, 1],
    ['a window on it, in finer pixels', wave(12, 5120), {window: [100.4, 160.9]}, 2],
    ['more rows than lines', wave(1500, 1024), {groups: merged(1500)}, 1],
    ['the dark theme', wave(12, 700), {theme: 'dark'}, 1],
    ['cells that are not numbers', wave(12, 640, [70, 71, 2000, 2001, 2002]), {}, 1]
  ] as const)('shows what a 2D canvas shows, at most one colour step apart: %s', async (_, values, options, ratio) => {
    const marks = marksOf(values, options as Partial<HeatmapOptions>)
    const pixels = await drawn(marks, ratio)
    expect(pixels.length).toBe(bitmap(marks, ratio).rgba.length)
    // A canvas that stayed blank would be bare everywhere.
    expect(pixels.some((value) => value > 0)).toBe(true)
    const {steps} = compared(pixels, marks, ratio)
    expect(steps).toBeLessThanOrEqual(1)
  })

  it('draws the map that is held last, however often it is asked', async () => {
    const [first, second] = [marksOf(wave(12, 64)), marksOf(wave(12, 100))]
    await drawn(first, 1)
    expect(compared(await drawn(second, 1), second, 1).steps).toBeLessThanOrEqual(1)
    expect(compared(await drawn(second, 1), second, 1).steps).toBeLessThanOrEqual(1)
  })

  it('says what is missing before it can draw', async () => {
    const empty = mapCanvas(new OffscreenCanvas(4, 4))
    const picture = mapPicture(marksOf(wave(12, 64)), 1)!
    await expect(empty.draw(picture)).rejects.toThrow('map canvas: found no map; needed both to draw')
  })
})
