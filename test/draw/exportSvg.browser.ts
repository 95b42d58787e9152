import '@/app/styles/tokens.css'
import '@/app/styles/base.css'
import '@/app/styles/figure.css'
import '@/app/styles/panels.css'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {largestScale, pngOfSvg} from '@/lib/draw/exportPng'
import {figureSvg} from '@/lib/draw/exportSvg'
import type {Explanation} from '@/lib/explain/explanation'
import {exportLabel} from '@/lib/share/exportLabel'
import {type ExportView, exportFigure} from '@/lib/views/exportFigure'
import {exportPlane} from '@/lib/views/exportPlane'
import type {ExportPlaneAsked} from '@/lib/views/exportPlaneAsked'
import {exportSheet} from '@/lib/views/exportSheet'
import {planeAxes, planeScene} from '@/lib/views/plane'
import {atRest} from '../fixtures/atRest'
import {syntheticExplanation} from '../fixtures/explanations'
import {boards, points, spectrograms, strokes} from '../fixtures/planes'

const twelve = await syntheticExplanation({features: 12, inputs: 6, resamples: 40, trained: 3})
const date = new Date('2026-01-02T10:00:00Z')

function exported(explanation: Explanation, view: Partial<ExportView> = {}, {mapScale = 2, fonts = ''} = {}) {
  const label = exportLabel(explanation, {date})
  const {marks, reader} = exportFigure(explanation, {...atRest, ...view})
  const sheet = exportSheet(label, marks.layout)
  return {svg: figureSvg(document, {marks, reader, label, sheet, mapScale, fonts}), sheet, label}
}

const parsed = (svg: string) => new DOMParser().parseFromString(svg, 'image/svg+xml')
const textsOf = (svg: string) => [...parsed(svg).querySelectorAll('text')].map(({textContent}) => textContent)

beforeEach(() => {
  document.documentElement.dataset.theme = 'light'
})
afterEach(() => {
  delete document.documentElement.dataset.theme
})

describe('a figure as an SVG file', () => {
  it('matches its picture', async () => {
    const {svg} = exported(twelve, {pinned: 4})
    const text = svg
      .replace(/href="data:image\/png;base64,[^"]*"/, 'href="…"')
      .replaceAll('><', '>\n<')
      .replaceAll(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10))
    await expect(text).toMatchFileSnapshot('../output/export-12.svg')
  })

  it('is well formed, needs no style sheet and no other file', () => {
    const {svg} = exported(twelve)
    const root = parsed(svg).documentElement
    expect(root.localName).toBe('svg')
    expect(root.querySelectorAll('[class], [style], script, foreignObject')).toHaveLength(0)
    expect(svg).not.toContain('var(--')
    const addresses = [...svg.matchAll(/(?:href="|url\()([^")]*)/g)].map(([, address]) => address!)
    expect(addresses.length).toBeGreaterThan(1)
    for (const address of addresses) expect(address).toMatch(/^(#|data:image\/png;base64,)/)
  })

  it('has its words as text, and finding, caveats and files in its title and description', () => {
    const {svg, label} = exported(twelve)
    const texts = textsOf(svg)
    for (const {rank} of twelve.layers) expect(texts).toContain(String(rank))
    expect(texts).toContain(label.title)
    expect(texts.join(' ').replaceAll('  ', ' ')).toContain(`SHA-256 ${'ab'.repeat(32)}`)
    const root = parsed(svg)
    expect(root.querySelector('title')!.textContent).toBe(label.title)
    for (const text of [label.caveat, ...label.caveats, 'Exported: 2026-01-02'])
      expect(root.querySelector('desc')!.textContent).toContain(text)
  })

  it('shows every gradient that it names', () => {
    const root = parsed(exported(twelve).svg)
    const named = [...root.querySelectorAll('[fill^="url("]')].map((element) =>
      element.getAttribute('fill')!.slice(5, -1)
    )
    expect(named.length).toBeGreaterThan(0)
    for (const name of named)
      expect(root.querySelectorAll(`linearGradient[id="${name}"] stop`).length).toBeGreaterThan(1)
    for (const gradient of root.querySelectorAll('linearGradient[id^="signal"]'))
      expect(gradient.getAttribute('gradientUnits')).toBe('userSpaceOnUse')
  })

  it('is the same from a dark page, and leaves nothing behind in it', () => {
    const light = exported(twelve, {pinned: 4}).svg
    document.documentElement.dataset.theme = 'dark'
    const before = document.body.innerHTML
    expect(exported(twelve, {pinned: 4}).svg).toBe(light)
    expect(document.body.innerHTML).toBe(before)
  })

  it('shows what the reader holds and how rows are ordered', () => {
    const {svg} = exported(twelve, {pinned: 4, order: 'importance'})
    expect(parsed(svg).querySelectorAll('#figure [fill="#ffdf5c"]').length).toBeGreaterThan(0)
    expect(exported(twelve).svg).not.toContain('#ffdf5c')
  })

  it.each(['</svg><script>alert(1)</script>', 'a\u0000\u0008b', '\u202Egnp.exe', '\ud800', ']]>&amp;'])(
    'stays a picture whatever its axes are called: %j',
    (hostile) => {
      const {svg} = exported({...twelve, axes: {...twelve.axes!, rowName: hostile, colName: hostile}})
      const root = parsed(svg)
      expect(root.querySelector('parsererror')).toBeNull()
      expect(root.querySelector('script')).toBeNull()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      expect(svg).not.toMatch(/[\u0000\u0008\u202E]/)
    }
  )

  it('is drawn without a map where there is none', () => {
    const bare = {...twelve, density: null, nullDensity: null, importance: null, scale: null, layers: []}
    expect(parsed(exported(bare).svg).querySelector('image')).toBeNull()
  })
})

describe('attention on the input in an SVG file', () => {
  async function drawn(explanation: Explanation, asked: Partial<ExportPlaneAsked> = {}, pictured = false) {
    const picture = pictured ? strokes(1, 24, 24) : null
    const scene = planeScene(planeAxes(explanation)!, explanation.density!, {theme: 'light', picture})!
    const nothing = {column: null, own: null, pictured: null, points: null, question: null}
    const label = exportLabel(explanation, {date})
    const {marks, reader} = exportFigure(explanation, atRest)
    const plane = exportPlane(scene, {row: 1, inputs: 8, ...nothing, ...asked}, marks.layout.width)
    const sheet = exportSheet(label, marks.layout, plane)
    return {svg: figureSvg(document, {marks, reader, label, sheet, plane, mapScale: 2}), sheet, plane}
  }

  it('is one picture for each tile, with axes, legend, outline and words as shapes and text', async () => {
    const {svg, plane} = await drawn(await boards(), {pictured: 'input 1', question: 'is 7 above 9'}, true)
    const group = parsed(svg).querySelector('#on-the-input')!
    expect(group.querySelectorAll('image')).toHaveLength(4)
    const texts = [...group.querySelectorAll('text')].map(({textContent}) => textContent)
    expect(texts).toEqual(expect.arrayContaining(['Input 1', 'Hop 3', 'row', 'column', 'above', plane.legend.low]))
    expect(group.querySelector(`[fill="url(#plane-ramp)"]`)).not.toBeNull()
    expect(parsed(svg).querySelectorAll('[class], [style], script, foreignObject')).toHaveLength(0)
    for (const image of group.querySelectorAll('image')) expect(image.getAttribute('href')).toMatch(/^data:image\/png/)
  })

  it('has every sampling point as a circle where it moved to, hollow beyond the edge, and says what they are', async () => {
    const {svg, plane} = await drawn(await spectrograms(), {points, own: 'input 1', pictured: 'input 1'}, true)
    const group = parsed(svg).querySelector('#sampling-points')!
    const moved = [...group.querySelectorAll('circle[stroke]')]
    expect(moved.map((circle) => [Number(circle.getAttribute('cx')), circle.getAttribute('fill')])).toEqual([
      [expect.closeTo(plane.points!.points[0]!.x, 1), '#ffdf5c'],
      [expect.closeTo(plane.points!.points[1]!.x, 1), 'none']
    ])
    expect(group.querySelectorAll('path')).toHaveLength(2)
    expect(group.querySelector('title')!.textContent).toContain('This cell looks at 2 points')
  })

  it('stands between the figure and its notes, and makes room for itself', async () => {
    const explanation = await spectrograms()
    const {sheet, plane} = await drawn(explanation)
    const without = exportSheet(exportLabel(explanation, {date}), exportFigure(explanation, atRest).marks.layout)
    expect(without.plane).toBeNull()
    expect(sheet.height - without.height).toBe(Math.ceil(plane.height) + 22)
    expect(sheet.rules[0]!.y).toBeGreaterThanOrEqual(sheet.plane!.y + plane.height)
  })

  it.each(['</svg><script>alert(1)</script>', '\u202Egnp.exe'])(
    'stays a picture whatever it asks: %j',
    async (hostile) => {
      const {svg} = await drawn(await boards(), {question: hostile, pictured: hostile}, true)
      expect(parsed(svg).querySelector('parsererror, script')).toBeNull()
      expect(svg).not.toContain('\u202E')
    }
  )
})

describe('a figure as a PNG file', () => {
  const sizeOf = async (blob: Blob) => {
    const {width, height} = await createImageBitmap(blob)
    return [width, height]
  }

  it('has as many pixels as it was asked for, at whole scales and others', async () => {
    const {svg, sheet} = exported(twelve)
    for (const scale of [1, 2, 0.35]) {
      const png = await pngOfSvg(document, svg, sheet, {scale})
      expect(png.type).toBe('image/png')
      expect(await sizeOf(png)).toEqual([Math.round(sheet.width * scale), Math.round(sheet.height * scale)])
    }
  })

  it('shows the heatmap in its own colours, and paper around it', async () => {
    const {svg, sheet} = exported(twelve)
    const picture = await createImageBitmap(await pngOfSvg(document, svg, sheet, {scale: 1}))
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    const context = canvas.getContext('2d')!
    context.drawImage(picture, 0, 0)
    const colourAt = (x: number, y: number) => [...context.getImageData(x, y, 1, 1).data]
    expect(colourAt(2, 2)).toEqual([255, 255, 255, 255])
    const [red, , blue] = colourAt(24 + 561 + 160, sheet.figure.y + 76 + 14)
    expect(blue! - red!).toBeGreaterThan(30)
  })

  it('is refused beyond what a canvas holds, with the scale that would do', async () => {
    const {svg, sheet} = exported(twelve)
    const most = largestScale(sheet)
    expect(most).toBeGreaterThan(8)
    await expect(pngOfSvg(document, svg, sheet, {scale: 400})).rejects.toThrow(
      new RegExp(`are more than a canvas of this browser holds; needed a scale of at most ${most.toFixed(1)}\\.$`)
    )
    await expect(pngOfSvg(document, svg, sheet, {scale: 0})).rejects.toThrow('0 is no scale for a picture')
    await expect(pngOfSvg(document, svg, sheet, {scale: Number.NaN})).rejects.toThrow('NaN is no scale')
  })

  it('is not given once it is no longer wanted', async () => {
    const {svg, sheet} = exported(twelve)
    await expect(pngOfSvg(document, svg, sheet, {scale: 1, signal: AbortSignal.abort()})).rejects.toThrow('abort')
  })
})
