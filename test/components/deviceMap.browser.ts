import {afterEach, expect, it, vi} from 'vitest'
import type {MapDevice} from '@/components/figure/deviceMap'
import {openFigure} from '@/components/figure/openFigure'
import type {Explanation} from '@/lib/explain/explanation'
import {createLens} from '@/lib/state/lens'
import {syntheticExplanation} from '../fixtures/explanations'

const small = await syntheticExplanation({inputs: 2, resamples: 1})
/** Twelve rows so wide that a device draws them. */
const cols = 100_000
const wide: Explanation = {
  ...small,
  axes: {...small.axes!, cols},
  density: {rows: 12, cols, values: new Float32Array(12 * cols).fill(0.5)},
  nullDensity: null,
  importance: null,
  scaleCell: null
}
const values = Float32Array.from({length: 12 * cols}, (_, i) => Math.sin(i))

function figureOf(device: MapDevice | null) {
  const root = document.body.appendChild(document.createElement('div'))
  const lens = createLens()
  const figure = openFigure(root, lens)
  figure.show({
    explanation: wide,
    partial: false,
    theme: 'light',
    sampleMap: {sample: 1, rows: 12, cols, values},
    sumUp: null,
    device,
    size: {width: 1232, height: 496}
  })
  lens.getState().selectSample(1)
  const canvasOf = (selector: string) => root.querySelector<HTMLCanvasElement>(selector)
  const own = () => canvasOf('.figure-map:not(.device-map)')!
  return {lens, figure, own, other: () => canvasOf('.device-map')}
}

afterEach(() => document.body.replaceChildren())

it('a large map of one input is drawn by the device, once it has: until then, and for any other map, by the page', async () => {
  let arrived = () => {}
  const drawSample = vi.fn((_: number, __: unknown) => new Promise<void>((resolve) => (arrived = resolve)))
  const {lens, own, other} = figureOf({takeCanvas: async () => {}, drawSample})
  expect(other()).toBeNull()
  lens.getState().showSampleMap(true)
  await vi.waitFor(() => expect(drawSample).toHaveBeenCalledOnce())
  expect([own().style.visibility, other()!.hidden]).toEqual(['', true])
  arrived()
  await vi.waitFor(() => expect([own().style.visibility, other()!.hidden]).toEqual(['hidden', false]))
  expect(other()!.style.width).toBe(own().style.width)
  const painted = vi.spyOn(CanvasRenderingContext2D.prototype, 'putImageData')
  lens.getState().zoom({cols: [100, 5000], rows: null})
  lens.getState().zoom({cols: [200, 5100], rows: null})
  lens.getState().zoom({cols: [300, 5200], rows: null})
  await vi.waitFor(() => expect(drawSample).toHaveBeenCalledTimes(2))
  arrived()
  await vi.waitFor(() => expect(drawSample).toHaveBeenCalledTimes(3))
  // What was asked for while one was drawn is skipped but for the last.
  expect(drawSample.mock.lastCall).toMatchObject([1, {spans: {cols: {starts: expect.any(Int32Array)}}}])
  expect((drawSample.mock.lastCall![1] as {spans: {cols: {starts: Int32Array}}}).spans.cols.starts[0]).toBe(300)
  expect(painted).not.toHaveBeenCalled()
  painted.mockRestore()
  lens.getState().showSampleMap(false)
  expect([own().style.visibility, other()!.hidden]).toEqual(['', true])
})

it('a device that refuses is not asked again, and the page draws', async () => {
  const drawSample = vi.fn(async () => {
    throw new Error('the GPU was lost')
  })
  const {lens, own, other} = figureOf({takeCanvas: async () => {}, drawSample})
  lens.getState().showSampleMap(true)
  await vi.waitFor(() => expect(drawSample).toHaveBeenCalledOnce())
  await vi.waitFor(() => expect([own().style.visibility, other()!.hidden]).toEqual(['', true]))
  const painted = vi.spyOn(CanvasRenderingContext2D.prototype, 'putImageData')
  lens.getState().zoom({cols: [100, 5000], rows: null})
  expect(painted).toHaveBeenCalled()
  expect(drawSample).toHaveBeenCalledOnce()
  painted.mockRestore()
})
