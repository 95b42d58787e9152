import '@/app/styles/tokens.css'
import {afterEach, describe, expect, it} from 'vitest'
import {headHues} from '@/lib/core/colour'
import {drawStream, pointStream} from '@/lib/draw/liveStream'
import {drawStrip} from '@/lib/draw/streamStrip'
import {createLiveStream} from '@/lib/state/liveStream'
import {streamPlot} from '@/lib/views/liveStream'
import {streamOverview} from '@/lib/views/streamOverview'
import {layersOf} from '../views/streamSample'

/** Two heads of two layers for 20 s, a thousand samples a second; sample 5,000 of layer 3 alone jumps to 0.9. */
function recorded() {
  const stream = createLiveStream({now: () => 0})
  for (let at = 0; at < 20_000; at++) {
    const importance = [0.2, 0.3, at === 5000 ? 0.9 : 0.4, 0.5]
    stream.getState().append({at, source: 'pad', kind: 'input', layers: layersOf(importance, 2)})
  }
  stream.getState().mark('a spike', 5000)
  return stream.getState().record()
}

const record = recorded()
const plot = streamPlot(record, {width: 494, height: 270, measure: 'importance', rowName: 'layer'})

function stage() {
  const canvas = document.body.appendChild(document.createElement('canvas'))
  canvas.style.position = 'absolute'
  const svg = document.body.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))
  return {canvas, svg}
}

afterEach(() => document.body.replaceChildren())

/** Pixels of a column, top down, that are nearer to a colour than to paper. */
function inked(canvas: HTMLCanvasElement, x: number, hex: string): number[] {
  const scale = canvas.width / plot.area.width
  const {data} = canvas.getContext('2d')!.getImageData(Math.round(x * scale), 0, 1, canvas.height)
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [
    number,
    number,
    number
  ]
  const found: number[] = []
  for (let y = 0; y < canvas.height; y++) {
    const [r, g, b, alpha] = data.subarray(4 * y, 4 * y + 4) as unknown as [number, number, number, number]
    if (alpha > 40 && Math.hypot(r - red, g - green, b - blue) < 60) found.push(y / scale)
  }
  return found
}

describe('the drawing of a live plot', () => {
  it('twice is the same as once', () => {
    const {canvas, svg} = stage()
    drawStream(canvas, svg, plot, 'light')
    pointStream(canvas, svg, plot, 2)
    const once = [svg.outerHTML, canvas.toDataURL(), canvas.getAttribute('style'), canvas.className]
    drawStream(canvas, svg, plot, 'light')
    pointStream(canvas, svg, plot, 2)
    expect([svg.outerHTML, canvas.toDataURL(), canvas.getAttribute('style'), canvas.className]).toEqual(once)
  })

  it('shows one sample in 20,000 as ink up to its height, in the hue of its head', () => {
    const {canvas, svg} = stage()
    drawStream(canvas, svg, plot, 'light')
    const spike = plot.strokes[2]!
    const column = spike.top.indexOf(Math.min(...spike.top))
    const height = spike.top[column]!
    expect(inked(canvas, plot.x[column]!, headHues.light[1]!)[0]).toBeLessThanOrEqual(height + 6)
    // Elsewhere the line lies low.
    expect(inked(canvas, plot.x[column]! + 60, headHues.light[1]!)[0]).toBeGreaterThan(height + 60)
  })

  it('lets one line stand out with the band of its head, and lets go again', () => {
    const {canvas, svg} = stage()
    drawStream(canvas, svg, plot, 'light')
    const rest = svg.outerHTML
    pointStream(canvas, svg, plot, 2)
    expect(canvas.classList.contains('stepped-back')).toBe(true)
    const pointed = svg.querySelectorAll<SVGPathElement>('.stream-pointed path')
    expect([...pointed].map((path) => path.classList[0])).toEqual(['head', 'band', 'casing', 'line'])
    expect([...pointed].every((path) => path.getBBox().width > 300)).toBe(true)
    expect(svg.querySelector('.stream-names .pointed text')!.textContent).toBe('3')
    pointStream(canvas, svg, plot, null)
    expect(svg.outerHTML.replaceAll(' class=""', '')).toBe(rest.replaceAll(' class=""', ''))
    expect(canvas.classList.contains('stepped-back')).toBe(false)
  })

  it('draws the strip the same twice, with the spike in it', () => {
    const {canvas} = stage()
    const overview = streamOverview(record, 'importance', 400, 30)
    drawStrip(canvas, overview)
    const once = canvas.toDataURL()
    drawStrip(canvas, overview)
    expect(canvas.toDataURL()).toBe(once)
    expect(Math.min(...overview.top)).toBeCloseTo(3, 0)
  })
})
