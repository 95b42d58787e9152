import {createRoot, type Root} from 'react-dom/client'
import {afterEach, beforeAll, expect, it, vi} from 'vitest'
import {page, userEvent} from 'vitest/browser'
import {Figure, type FigureProps} from '@/components/figure/Figure'
import {createLens, type LensStore} from '@/lib/state/lens'
import {syntheticExplanation} from '../fixtures/explanations'
import '@/app/styles/tokens.css'
import '@/app/styles/figure.css'
import '@/app/styles/panels.css'

const explanation = await syntheticExplanation({features: 16, inputs: 6, resamples: 20})
const wideMap = await syntheticExplanation({features: 256, inputs: 6, resamples: 20})
let root: Root
let host: HTMLElement

beforeAll(() => page.viewport(1280, 800))

afterEach(async () => {
  root.unmount()
  host.remove()
})

async function show(props: Partial<FigureProps> = {}): Promise<{lens: LensStore; figure: HTMLElement}> {
  const lens = props.lens ?? createLens()
  host = document.body.appendChild(document.createElement('div'))
  Object.assign(host.style, {display: 'flex', flexDirection: 'column', width: '1232px', height: '496px'})
  root = createRoot(host)
  root.render(<Figure explanation={explanation} theme="light" {...props} lens={lens} />)
  await vi.waitFor(() => expect(host.querySelector('.figure-picture')).not.toBeNull())
  return {lens, figure: host.querySelector<HTMLElement>('.figure')!}
}

/** Middle of a row in figure coordinates, at 1232 × 496 with 12 layers in 4 heads. */
const yOf = (layer: number) => 76 + layer * 28.5 + Math.floor(layer / 3) * 12 + 14

function pointer(figure: HTMLElement, type: string, x: number, y: number, init: PointerEventInit = {}) {
  const box = figure.getBoundingClientRect()
  figure.dispatchEvent(
    new PointerEvent(type, {bubbles: true, clientX: box.left + x, clientY: box.top + y, pointerType: 'mouse', ...init})
  )
}

const key = (target: HTMLElement, name: string, shiftKey = false) => {
  const event = new KeyboardEvent('keydown', {key: name, shiftKey, bubbles: true, cancelable: true})
  target.dispatchEvent(event)
  return event.defaultPrevented
}

it('Figure is an application with a name that the keyboard reaches', async () => {
  const {figure} = await show()
  expect(figure.getAttribute('role')).toBe('application')
  expect(figure.getAttribute('aria-label')).toContain(explanation.finding.title)
  expect(figure.tabIndex).toBe(0)
})

it('Figure at 1280 × 800 is exactly as high as its box', async () => {
  const {figure} = await show()
  expect(figure.clientHeight).toBe(496)
  expect(figure.querySelector('svg')!.getAttribute('viewBox')).toBe('0 0 1232 496')
})

it.each([
  ['a', 300],
  ['b', 470],
  ['d', 990],
  ['e', 1150],
  ['the spine', 20],
  ['a gutter', 905]
])('a pointer over %s points at the layer of its y', async (_, x) => {
  const {figure, lens} = await show()
  pointer(figure, 'pointermove', x, yOf(7))
  expect(lens.getState()).toMatchObject({layer: 7, feature: null})
  expect(figure.querySelectorAll('.band.hover')).toHaveLength(2)
  expect(figure.querySelector('.tip strong')!.textContent).toBe('Layer 8, head 3')
})

it('a pointer over c points at the feature too, and says the cell', async () => {
  const {figure, lens} = await show()
  pointer(figure, 'pointermove', 561 + (333 / 16) * 4.5, yOf(7))
  expect(lens.getState()).toMatchObject({layer: 7, feature: 4})
  expect(figure.querySelector('.crosshair text')!.textContent).toBe('feature 5')
  expect(figure.querySelector('.tip strong')!.textContent).toBe('Layer 8, feature 5')
})

it('a pointer in the gap between heads, on the axes or gone points at nothing', async () => {
  const {figure, lens} = await show()
  pointer(figure, 'pointermove', 300, yOf(7))
  pointer(figure, 'pointermove', 300, 76 + 3 * 28.5 + 6)
  expect(lens.getState().layer).toBeNull()
  pointer(figure, 'pointermove', 300, yOf(7))
  pointer(figure, 'pointerleave', 300, yOf(7))
  expect(lens.getState().layer).toBeNull()
  expect(figure.querySelector('.tip, .reader')).toBeNull()
})

it('a moving pointer does not render React again', async () => {
  const {figure} = await show()
  const marks = figure.querySelector('.row')
  const changed = vi.fn()
  const observer = new MutationObserver(changed)
  observer.observe(host, {childList: true, attributes: true})
  pointer(figure, 'pointermove', 300, yOf(7))
  await Promise.resolve()
  observer.disconnect()
  expect(changed).not.toHaveBeenCalled()
  expect(figure.querySelector('.row')).toBe(marks)
})

it('a click pins, a second click lets go, a double click singles out', async () => {
  const {figure, lens} = await show()
  pointer(figure, 'click', 300, yOf(4))
  expect(lens.getState().pinned).toBe(4)
  expect(figure.querySelector('.reader.pin .chip text')!.textContent).toBe('5')
  pointer(figure, 'click', 300, yOf(4))
  expect(lens.getState().pinned).toBeNull()
  pointer(figure, 'dblclick', 300, yOf(4))
  expect(lens.getState().solo).toBe(4)
  expect(figure.querySelectorAll('.veil')).toHaveLength(2)
})

it('hover and pin stand side by side', async () => {
  const {figure, lens} = await show()
  lens.getState().pin(4)
  pointer(figure, 'pointermove', 300, yOf(7))
  expect([...figure.querySelectorAll('.reader')].map((band) => band.getAttribute('class'))).toEqual([
    'reader hover',
    'reader pin'
  ])
})

it('a tap pins, and a finger drawn along the spine scrubs through the layers', async () => {
  const {figure, lens} = await show()
  const touch = {pointerType: 'touch', pointerId: 7}
  figure.setPointerCapture = () => {}
  pointer(figure, 'pointermove', 300, yOf(7), touch)
  expect(lens.getState().layer).toBeNull()
  pointer(figure, 'pointerdown', 20, yOf(2), touch)
  pointer(figure, 'pointermove', 20, yOf(2) + 3, touch)
  expect(lens.getState().pinned).toBeNull()
  for (const layer of [3, 4, 5]) {
    pointer(figure, 'pointermove', 20, yOf(layer), touch)
    expect(lens.getState().pinned).toBe(layer)
  }
  pointer(figure, 'click', 20, yOf(5), touch)
  expect(lens.getState().pinned).toBe(5)
  pointer(figure, 'click', 300, yOf(9), touch)
  expect(lens.getState().pinned).toBe(9)
})

it('keys walk, pin, single out, choose maps and let go', async () => {
  const {figure, lens} = await show()
  expect(key(figure, 'ArrowDown')).toBe(true)
  key(figure, 'PageDown')
  expect(lens.getState().layer).toBe(3)
  key(figure, 'ArrowRight')
  expect(lens.getState()).toMatchObject({layer: 3, feature: 0})
  key(figure, 'End')
  key(figure, 'Enter')
  expect(lens.getState()).toMatchObject({layer: 11, pinned: 11})
  key(figure, 'Enter', true)
  expect(lens.getState().solo).toBe(11)
  key(figure, '3')
  expect(lens.getState().map).toBe('learned')
  expect(figure.querySelector('[data-map="learned"]')!.getAttribute('aria-pressed')).toBe('true')
  key(figure, 'Escape')
  key(figure, 'Escape')
  expect(lens.getState()).toMatchObject({solo: null, pinned: null, layer: 11})
  key(figure, 'Escape')
  expect(lens.getState().layer).toBeNull()
  expect(key(figure, 'Escape')).toBe(false)
})

it('the keyboard’s row bears a ring and a tooltip, and the figure a focus ring', async () => {
  const {figure} = await show()
  await userEvent.keyboard('{Tab}')
  expect(document.activeElement).toBe(figure)
  expect(getComputedStyle(figure).outlineStyle).toBe('solid')
  await userEvent.keyboard('{ArrowDown}')
  expect(figure.querySelectorAll('.ring')).toHaveLength(1)
  expect(figure.querySelector('.tip strong')!.textContent).toBe('Layer 1, head 1')
  figure.blur()
  expect(figure.querySelector('.ring, .tip')).toBeNull()
})

it('the switch changes the map, and its own keys stay its own', async () => {
  const {figure, lens} = await show()
  const button = figure.querySelector<HTMLButtonElement>('[data-map="importance"]')!
  button.click()
  expect(lens.getState().map).toBe('importance')
  lens.getState().point(3)
  expect(key(button, 'Enter')).toBe(false)
  expect(key(button, 'ArrowDown')).toBe(false)
  expect(lens.getState().pinned).toBeNull()
})

it.each(['a', 'b', 'c', 'd', 'e'])('panel %s can be enlarged, and Escape brings the others back', async (letter) => {
  const {figure, lens} = await show()
  figure.querySelector<HTMLButtonElement>(`.panel-controls[data-letter="${letter}"] .enlarge`)!.click()
  expect([...figure.querySelectorAll<SVGElement>('.panel')].map((panel) => panel.dataset.letter)).toEqual([letter])
  expect(figure.querySelectorAll('.layer')).toHaveLength(12)
  key(figure.querySelector('.enlarge')!, 'Escape')
  expect(lens.getState().enlarged).toBeNull()
  expect(figure.querySelectorAll('.panel')).toHaveLength(5)
})

const order = (figure: HTMLElement) =>
  [...figure.querySelectorAll<SVGTextElement>('text.layer')]
    .sort((a, b) => Number(a.getAttribute('y')) - Number(b.getAttribute('y')))
    .map((text) => Number(text.textContent) - 1)

it('rows travel to a new order, all panels in one clock, and arrive', async () => {
  const {figure, lens} = await show()
  const ranked = [...explanation.layers].sort((a, b) => a.rank - b.rank).map(({layer}) => layer)
  lens.getState().setOrder('importance')
  expect(order(figure)).not.toEqual(ranked)
  await vi.waitFor(() => expect(order(figure)).toEqual(ranked), {timeout: 2000})
  const last = ranked.at(-1)!
  const y = (selector: string) => figure.querySelector(selector)!.getBoundingClientRect().y
  await vi.waitFor(() => {
    const bar = y(`[data-letter="a"] [data-layer="${last}"] .trained`)
    expect(bar).toBeGreaterThan(y('.hair:last-of-type') - 31.5)
    expect(bar).toBeLessThan(y('.hair:last-of-type'))
  })
})

it('rows jump for those who want stillness', async () => {
  const still = vi.spyOn(window, 'matchMedia').mockReturnValue({matches: true} as MediaQueryList)
  const {figure, lens} = await show()
  lens.getState().setOrder('importance')
  expect(order(figure)).toEqual([...explanation.layers].sort((a, b) => a.rank - b.rank).map(({layer}) => layer))
  still.mockRestore()
})

it('an empty figure has rules, letters and dotted rows, and answers no pointer', async () => {
  const {figure, lens} = await show({state: 'empty'})
  expect([...figure.querySelectorAll('.panel-letter')].map((letter) => letter.textContent).join('')).toBe('abcde')
  expect(figure.querySelectorAll('.dotted')).toHaveLength(60)
  expect(figure.querySelectorAll('button, .row')).toHaveLength(0)
  pointer(figure, 'pointermove', 300, yOf(4))
  pointer(figure, 'click', 300, yOf(4))
  expect(lens.getState()).toMatchObject({layer: null, pinned: null})
})

it('while loading the explanation so far is drawn: Gaussians at once, rows dotted until they come', async () => {
  const partial = {...explanation, density: null, nullDensity: null, importance: null, signal: null, layers: []}
  const {figure} = await show({explanation: null, partial, state: 'loading'})
  expect(
    figure.querySelectorAll('[data-letter="d"] .mean').length + figure.querySelectorAll('.means path').length
  ).toBeGreaterThan(0)
  expect(figure.querySelectorAll('[data-letter="a"] .dotted')).toHaveLength(12)
  expect(figure.querySelector('.panel-gloss')!.textContent).toBe('so far; the scale settles with the last input')
  expect(figure.querySelectorAll('.layer.waiting')).toHaveLength(12)
})

it('a map of more than 64 rows is drawn merged, and pointing speaks of its layers', async () => {
  const tall = await syntheticExplanation({layers: 160, heads: 4, features: 4, inputs: 3, resamples: 5})
  const {figure, lens} = await show({explanation: tall})
  const rows = figure.querySelectorAll('[data-letter="a"] .row').length
  expect(rows).toBeGreaterThan(30)
  expect(rows).toBeLessThanOrEqual(64)
  lens.getState().pin(100)
  const [from, to] = /(\d+)–(\d+)/.exec(tipAt(figure))!.slice(1).map(Number)
  expect(from! - 1).toBe(lens.getState().layer)
  expect(to!).toBeGreaterThan(from!)
  expect(figure.querySelectorAll('.reader.pin')).toHaveLength(1)
})

it('rows that are zoomed take map and spine along at once, and the panels beside them when they rest', async () => {
  const tall = await syntheticExplanation({layers: 160, heads: 4, features: 64, inputs: 3, resamples: 5})
  const {figure, lens} = await show({explanation: tall})
  const numbers = () => [...figure.querySelectorAll('.section text.layer')].map(({textContent}) => textContent)
  const bars = () => figure.querySelectorAll('[data-letter="a"] .row').length
  const before = bars()
  lens.getState().zoom({cols: null, rows: [40, 70]})
  expect([numbers()[0], numbers().at(-1), numbers().length]).toEqual(['41', '70', 30])
  expect([bars(), figure.classList.contains('settling')]).toEqual([before, true])
  expect(figure.querySelector('.overview-rows')).not.toBeNull()
  await vi.waitFor(() => expect([bars(), figure.classList.contains('settling')]).toEqual([30, false]))
  expect(tipAt(figure)).toMatch(/^Layer (4[1-9]|5\d|6\d|70)/)
  // Walking past the last row in view brings the next.
  figure.focus()
  lens.getState().point(69, null)
  expect(key(figure, 'ArrowDown')).toBe(true)
  expect(lens.getState()).toMatchObject({layer: 70, rowWindow: [41, 71]})
  lens.getState().zoom({cols: null, rows: null})
  await vi.waitFor(() => expect(bars()).toBe(before))
})

function tipAt(figure: HTMLElement): string {
  pointer(figure, 'pointermove', 300, 100)
  return figure.querySelector('.tip strong')!.textContent
}

it('Figure closed leaves nothing subscribed and nothing drawn', async () => {
  const lens = createLens()
  const {subscribe} = lens
  const [entered, left] = [vi.fn(), vi.fn()]
  lens.subscribe = (listener) => {
    entered()
    const leave = subscribe(listener)
    return () => {
      left()
      leave()
    }
  }
  const {figure} = await show({lens})
  root.unmount()
  await vi.waitFor(() => expect(left).toHaveBeenCalledOnce())
  expect(entered).toHaveBeenCalledOnce()
  expect(figure.childElementCount).toBe(0)
  pointer(figure, 'pointermove', 300, yOf(4))
  expect(lens.getState().layer).toBeNull()
})

it('+ and − zoom the map around the pointed-at feature, 0 shows all of it, and an arrow takes the window along', async () => {
  const {lens, figure} = await show({explanation: wideMap})
  figure.focus()
  lens.getState().point(0, 40)
  expect(key(figure, '+')).toBe(true)
  const [start, stop] = lens.getState().window!
  expect([stop - start, start <= 40 && 40 < stop]).toEqual([wideMap.axes!.cols / 2, true])
  lens.getState().point(0, stop - 1)
  key(figure, 'ArrowRight')
  expect(lens.getState()).toMatchObject({feature: stop, window: [start + 1, stop + 1]})
  key(figure, '0')
  expect(lens.getState().window).toBeNull()
})
