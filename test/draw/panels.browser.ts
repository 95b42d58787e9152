import {afterEach, describe, expect, it, vi} from 'vitest'
import {rampColour, sequentialRamp} from '@/lib/core/colour'
import {at, grid} from '@/lib/core/grid'
import {drawGaussians, pointGaussian} from '@/lib/draw/gaussians'
import {drawHeatmap, pointColumn} from '@/lib/draw/heatmap'
import {loadMapZoom} from '@/lib/draw/mapZoomLater'
import {drawSignal} from '@/lib/draw/signal'
import type {Explanation} from '@/lib/explain/explanation'
import type {CellWindow} from '@/lib/views/cellWindow'
import {gaussiansPanel} from '@/lib/views/gaussians'
import {type HeatmapMarks, type HeatmapOptions, heatmapPanel} from '@/lib/views/heatmap'
import {signalPanel} from '@/lib/views/signal'
import {syntheticExplanation} from '../fixtures/explanations'
import {frameOf} from '../views/panelFrames'

await loadMapZoom()
const twelve = await syntheticExplanation({features: 12, inputs: 6, resamples: 10, trained: 3})
const bands = await syntheticExplanation({layers: 24, heads: 8, features: 140, inputs: 4, resamples: 2, trained: 3})
const large = await syntheticExplanation({layers: 40, heads: 8, features: 5120, inputs: 1, resamples: 1, classes: 2})

const boxed: Explanation = {...twelve, scaleCell: {row: 9, col: 8, moves: 0.2}}
const holes: Explanation = {
  ...twelve,
  density: grid(
    12,
    12,
    twelve.density!.values.map((v, i) => (i === 30 ? Number.NaN : v))
  )
}

const svgNamespace = 'http://www.w3.org/2000/svg'

function stage(): {canvas: HTMLCanvasElement; g: SVGGElement} {
  const canvas = document.body.appendChild(document.createElement('canvas'))
  const svg = document.body.appendChild(document.createElementNS(svgNamespace, 'svg'))
  svg.setAttribute('width', '700')
  svg.setAttribute('height', '560')
  svg.setAttribute('style', 'position: absolute; left: 0; top: 0')
  const g = svg.appendChild(document.createElementNS(svgNamespace, 'g'))
  g.setAttribute('class', 'panel')
  g.setAttribute('transform', 'translate(40,60)')
  return {canvas, g}
}

afterEach(() => document.body.replaceChildren())

const map = (explanation: Explanation, options: Partial<HeatmapOptions> = {}, look?: Parameters<typeof frameOf>[2]) =>
  heatmapPanel(explanation, frameOf(explanation, 'c', look), {map: 'density', theme: 'light', ...options})
const curves = (explanation: Explanation, difference = false, look?: Parameters<typeof frameOf>[2]) =>
  gaussiansPanel(explanation, frameOf(explanation, 'd', look), {difference})
const signal = (explanation: Explanation, look?: Parameters<typeof frameOf>[2]) =>
  signalPanel(explanation, frameOf(explanation, 'e', look), {theme: 'light'})

/** The picture as text, one element a line, coordinates to a tenth of a pixel. */
const picture = (g: SVGGElement): string =>
  g.outerHTML
    .replaceAll('><', '>\n<')
    .replaceAll(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10))

const saved: Explanation = {...twelve, density: null, signal: null, provenance: {...twelve.provenance, maps: 'saved'}}

const pictures: [name: string, draw: (stage: {canvas: HTMLCanvasElement; g: SVGGElement}) => void][] = [
  ['heatmap-12', ({canvas, g}) => drawHeatmap(canvas, g, map(boxed))],
  ['heatmap-learned', ({canvas, g}) => drawHeatmap(canvas, g, map(twelve, {map: 'learned', theme: 'dark'}))],
  ['heatmap-zoomed', ({canvas, g}) => drawHeatmap(canvas, g, map(large, {window: [1000, 1100]}))],
  ['heatmap-reduced', ({canvas, g}) => drawHeatmap(canvas, g, map(large))],
  ['heatmap-absent', ({canvas, g}) => drawHeatmap(canvas, g, map(saved))],
  ['heatmap-pending', ({canvas, g}) => drawHeatmap(canvas, g, map(saved, {pending: true}))],
  ['gaussians-12', ({g}) => drawGaussians(g, curves(twelve))],
  ['gaussians-bands', ({g}) => drawGaussians(g, curves(bands))],
  ['gaussians-difference', ({g}) => drawGaussians(g, curves(twelve, true))],
  ['gaussians-rows', ({g}) => drawGaussians(g, curves(twelve, false, {order: 'importance'}))],
  ['gaussians-enlarged', ({g}) => drawGaussians(g, curves(twelve, false, {big: true}))],
  ['signal-12', ({g}) => drawSignal(g, signal(twelve))],
  ['signal-absent', ({g}) => drawSignal(g, signal(saved))]
]

describe.each(pictures)('%s', (name, draw) => {
  it('matches its picture', async () => {
    const place = stage()
    draw(place)
    await expect(picture(place.g)).toMatchFileSnapshot(`../output/${name}.svg`)
  })

  it('drawn twice is the picture drawn once', () => {
    const place = stage()
    draw(place)
    const [once, bitmap] = [place.g.outerHTML, place.canvas.toDataURL()]
    draw(place)
    expect(place.g.outerHTML).toBe(once)
    expect(place.canvas.toDataURL()).toBe(bitmap)
  })
})

it.each([
  [
    'heatmap',
    (place, i) => drawHeatmap(place.canvas, place.g, [map(boxed), map(large, {window: [9, 90]}), map(saved)][i]!)
  ],
  [
    'gaussians',
    ({g}, i) => drawGaussians(g, [curves(twelve), curves(bands, true), curves(twelve, false, {big: true})][i]!)
  ],
  ['signal', ({g}, i) => drawSignal(g, [signal(twelve), signal(bands), signal(saved)][i]!)]
] satisfies [string, (place: ReturnType<typeof stage>, i: number) => void][])(
  '%s leaves nothing behind of what it drew before',
  (_, draw) => {
    const used = stage()
    for (const i of [0, 1, 2, 0]) draw(used, i)
    const fresh = stage()
    draw(fresh, 0)
    const parts = ({g}: ReturnType<typeof stage>) => [...g.children].map((part) => part.outerHTML).sort()
    expect(parts(used).length).toBe(parts(fresh).length)
    expect(parts(used).join() === parts(fresh).join()).toBe(true)
  }
)

describe('the canvas of the heatmap', () => {
  function pixel(canvas: HTMLCanvasElement, x: number, y: number): string {
    const ratio = window.devicePixelRatio
    const [r, g, b, a] = canvas.getContext('2d')!.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data
    return a === 0 ? 'paper' : `#${[r!, g!, b!].map((v) => v.toString(16).padStart(2, '0')).join('')}`
  }

  it('has the colour of each cell’s value, and device pixels for every pixel', () => {
    const {canvas, g} = stage()
    const marks = map(twelve)
    drawHeatmap(canvas, g, marks)
    expect(canvas.width).toBe(Math.round(marks.width * window.devicePixelRatio))
    const [low, high] = twelve.scale!
    for (const {layer, y, height} of marks.rows) {
      for (let col = 0; col < 12; col++) {
        const t = (at(twelve.density!, layer, col) - low) / (high - low)
        const x = ((col + 0.5) / 12) * marks.width
        expect(pixel(canvas, x, y + height / 2)).toBe(rampColour(sequentialRamp('light'), t))
      }
    }
  })

  it('shows paper between rows, and in a cell that is not a number only paper and hatching', () => {
    const {canvas, g} = stage()
    const marks = map(holes)
    drawHeatmap(canvas, g, marks)
    const row = marks.rows[2]!
    expect(pixel(canvas, 5, row.y + row.height + 1)).toBe('paper')
    const seen = new Set<string>()
    for (let dy = 1; dy < row.height - 1; dy++) seen.add(pixel(canvas, (6.5 / 12) * marks.width, row.y + dy))
    expect([...seen].sort()).toEqual(['#5f6973', 'paper'])
  })
})

describe('pointing', () => {
  it('draws two lines along the column with its name, and the note of the boxed cell steps back', () => {
    const {canvas, g} = stage()
    const marks = map(boxed)
    drawHeatmap(canvas, g, marks)
    pointColumn(g, marks, 3)
    const [a, b] = [...g.querySelectorAll('.crosshair line')].map((line) => Number(line.getAttribute('x1')))
    expect([a, b]).toEqual([3, 4].map((col) => Math.round((col / 12) * marks.width * 100) / 100))
    expect(g.querySelector('.crosshair text')!.textContent).toBe('feature 4')
    expect(g.querySelector('.boxed')!.classList).toContain('stepped-back')
    // A redraw knows nothing of pointing and leaves it alone.
    drawHeatmap(canvas, g, marks)
    expect(g.querySelector('.boxed')!.classList).toContain('stepped-back')
    pointColumn(g, marks, null)
    expect(g.querySelector('.crosshair')).toBeNull()
    expect(g.querySelector('.boxed')!.classList).not.toContain('stepped-back')
  })

  it('writes a column’s name whole at the sides of the panel, with its thousands apart', () => {
    const {canvas, g} = stage()
    const marks = map(large)
    drawHeatmap(canvas, g, marks)
    pointColumn(g, marks, 5119)
    const name = g.querySelector('.crosshair text')!
    expect(name.textContent).toBe('feature 5,120')
    expect(Number(name.getAttribute('x'))).toBeLessThan(marks.width - 30)
  })

  it('draws the feature’s own curve in the head of the pointed-at layer only, under the landings', () => {
    const {g} = stage()
    const marks = curves(twelve)
    drawGaussians(g, marks)
    pointGaussian(g, marks, 4, 7)
    const own = [...g.querySelectorAll('.own')].filter((o) => o.childElementCount > 0)
    expect(own).toHaveLength(1)
    expect(own[0]!.closest('svg')).toBe(g.querySelectorAll('svg.block')[1])
    expect(own[0]!.querySelector('.own-curve')!.getAttribute('d')).toBe(marks.curveOf('h1', 7))
    expect(own[0]!.nextElementSibling!.classList).toContain('landings')
    expect(g.querySelectorAll('.landing.pointed')).toHaveLength(1)
    pointGaussian(g, marks, null, null)
    expect(g.querySelectorAll('.own path, .landing.pointed')).toHaveLength(0)
  })
})

describe('zooming', () => {
  /** A heatmap that redraws itself with every window it is asked for. */
  function zoomable(start: CellWindow | null = null) {
    const place = stage()
    const asked = vi.fn()
    const draw = (window: CellWindow | null): HeatmapMarks => {
      const marks = map(large, {window})
      drawHeatmap(place.canvas, place.g, marks, {
        onZoom: ({cols}) => {
          asked(cols)
          draw(cols)
        }
      })
      return marks
    }
    const {width} = draw(start)
    const surface = place.g.querySelector<SVGRectElement>('.surface')!
    const box = () => surface.getBoundingClientRect()
    const wheel = (x: number, options: WheelEventInit) => {
      const {left, top} = box()
      const init = {bubbles: true, cancelable: true, clientX: left + x, clientY: top + 40, view: window, ...options}
      return surface.dispatchEvent(new WheelEvent('wheel', init))
    }
    return {...place, asked, surface, width, wheel, box, last: () => asked.mock.lastCall?.[0] as CellWindow | null}
  }

  const extentOf = (window: CellWindow | null) => (window === null ? 5120 : window[1] - window[0])

  it('by wheel goes towards the pointer and keeps its column in place', () => {
    const {wheel, width, last} = zoomable()
    expect(wheel(100, {deltaY: -500})).toBe(false)
    const [start, stop] = last()!
    expect(stop - start).toBeCloseTo(2560, 6)
    expect(start + ((stop - start) * 100) / width).toBeCloseTo((5120 * 100) / width, 6)
  })

  it('ends at one cell per 40 px, and out again at the whole map', () => {
    const {wheel, width, last} = zoomable()
    for (let i = 0; i < 20; i++) wheel(width / 2, {deltaY: -600})
    expect(extentOf(last())).toBeCloseTo(width / 40, 3)
    for (let i = 0; i < 20; i++) wheel(width / 2, {deltaY: 600})
    expect(last()).toBeNull()
  })

  it('leaves the wheel to the page when everything is shown and it would zoom out', () => {
    const {wheel, asked} = zoomable()
    expect(wheel(50, {deltaY: 300})).toBe(true)
    expect(asked).not.toHaveBeenCalled()
  })

  it('moves by a wheel with shift, and by one that goes sideways', () => {
    const {wheel, width, last} = zoomable([1000, 1100])
    wheel(50, {deltaY: width / 2, shiftKey: true})
    expect(last()![0]).toBeCloseTo(1050, 6)
    wheel(50, {deltaX: -width / 2})
    expect(last()![0]).toBeCloseTo(1000, 6)
  })

  it('moves by dragging the map', () => {
    const {surface, box, width, last} = zoomable([1000, 1100])
    const {left, top} = box()
    const mouse = (type: string, x: number) =>
      new MouseEvent(type, {bubbles: true, cancelable: true, clientX: left + x, clientY: top + 20, view: window})
    surface.dispatchEvent(mouse('mousedown', 100))
    window.dispatchEvent(mouse('mousemove', 100 + 111))
    window.dispatchEvent(mouse('mouseup', 100 + 111))
    expect(last()![0]).toBeCloseTo(1000 - (111 / width) * 100, 6)
    expect(extentOf(last())).toBeCloseTo(100, 6)
  })

  it('moves by dragging the overview’s window, and jumps to a press beside it', () => {
    const {g, width, last} = zoomable([1000, 1500])
    const grip = g.querySelector('.overview-grip')!
    const {left, top} = grip.getBoundingClientRect()
    // Mice move by whole pixels.
    const mouse = (type: string, x: number) =>
      new MouseEvent(type, {bubbles: true, cancelable: true, clientX: left + x, clientY: top + 10, view: window})
    const columns = (x: number) => (x / width) * 5120
    grip.dispatchEvent(mouse('mousedown', 80))
    window.dispatchEvent(mouse('mousemove', 90))
    window.dispatchEvent(mouse('mousemove', 130))
    window.dispatchEvent(mouse('mouseup', 130))
    expect(last()![0]).toBeCloseTo(1000 + columns(50), 6)
    grip.dispatchEvent(mouse('mousedown', 260))
    window.dispatchEvent(mouse('mouseup', 260))
    expect(last()![0]).toBeCloseTo(columns(260) - 250, 6)
    expect(extentOf(last())).toBeCloseTo(500, 6)
  })

  it('leaves a double click and a lone finger on the whole map to others', () => {
    const {surface, asked} = zoomable()
    surface.dispatchEvent(new MouseEvent('dblclick', {bubbles: true, cancelable: true, view: window}))
    expect(asked).not.toHaveBeenCalled()
    expect(surface.style.touchAction).toBe('pan-y')
  })
})

it('says how long 40 × 5,120 cells take', () => {
  const {canvas, g} = stage()
  const times: Record<string, number> = {}
  const time = (name: string, work: () => void) => {
    const start = performance.now()
    work()
    times[name] = Math.round((performance.now() - start) * 10) / 10
  }
  const fresh = {...large, density: grid(40, 5120, Float32Array.from(large.density!.values))}
  time('first map', () => drawHeatmap(canvas, g, map(fresh)))
  time('same map again', () => drawHeatmap(canvas, g, map(fresh)))
  time('one step of zoom', () => drawHeatmap(canvas, g, map(fresh, {window: [100, 4900]})))
  time('learned map', () => drawHeatmap(canvas, g, map(fresh, {map: 'learned'})))
  time('crosshair', () => pointColumn(g, map(fresh), 77))
  const heads = {...large, heads: large.heads.map((head) => ({...head}))}
  const other = stage()
  time('first Gaussians', () => drawGaussians(other.g, curves(heads)))
  time('Gaussians again', () => drawGaussians(other.g, curves(heads)))
  time('own curve', () => pointGaussian(other.g, curves(heads), 3, 17))
  time('signal', () => drawSignal(stage().g, signal(large)))
  console.info('ms', JSON.stringify(times))
  expect(Object.keys(times)).toHaveLength(9)
})
