import '@/app/styles/tokens.css'
import '@/app/styles/base.css'
import '@/app/styles/livePlot.css'
import {act} from 'react'
import {createRoot} from 'react-dom/client'
import {afterEach, describe, expect, it, onTestFinished, vi} from 'vitest'
import {page} from 'vitest/browser'
import {LivePlot} from '@/components/live/LivePlot'
import {StoresProvider} from '@/components/stores'
import {createLens} from '@/lib/state/lens'
import {createLiveStream} from '@/lib/state/liveStream'
import {layersOf} from '../views/streamSample'
import {button, key, press, the} from './renderShell'
import {scriptedSession} from './scriptedSession'

/** Twelve layers in four heads over 50 s; layer 5 jumps once, and layers 2 and 8 change places. */
function importanceAt(i: number): number[] {
  return Array.from({length: 12}, (_, layer) => {
    const base = layer % 3 === 1 ? 0.84 : 0.46 + 0.01 * layer
    const trade = layer === 1 ? 0.06 * Math.sin(i / 60) : layer === 7 ? 0.05 * Math.cos(i / 40) : 0
    return layer === 4 && i === 300 ? 0.99 : base + trade + 0.004 * Math.sin(i * (layer + 1))
  })
}

async function renderPlot(samples = 500) {
  const {session} = scriptedSession()
  const lens = createLens()
  const stream = createLiveStream({now: () => samples * 100})
  stream.getState().begin('digits.pth')
  for (let i = 0; i < samples; i++) {
    const importance = importanceAt(i)
    const learned = importance.map((value, layer) => (value - 0.6) * 0.02 * (layer % 2 ? 1 : -1))
    stream.getState().append({at: i * 100, source: 'pad', kind: 'input', layers: layersOf(importance, 3, learned)})
  }
  const host = document.body.appendChild(document.createElement('div'))
  host.className = 'live-dock'
  const root = createRoot(host)
  await act(async () =>
    root.render(
      <StoresProvider session={session} lens={lens}>
        <LivePlot stream={stream} />
      </StoresProvider>
    )
  )
  await vi.waitFor(() => the('.stream-names text'))
  onTestFinished(async () => {
    await act(async () => root.unmount())
    host.remove()
  })
  return {
    stream,
    lens,
    give: (i: number) =>
      stream.getState().append({at: i * 100, source: 'pad', kind: 'input', layers: layersOf(importanceAt(i))})
  }
}

afterEach(async () => {
  delete document.documentElement.dataset.theme
  await page.viewport(1280, 800)
})

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))
const focused = async () => act(async () => the('.plot-picture').focus())

describe('the live plot', () => {
  it('is drawn with every line named, and says what it shows and what it left out', async () => {
    await renderPlot()
    expect(document.querySelectorAll('.stream-names text')).toHaveLength(12)
    expect(the('.plot-counts').textContent).toBe('500 samples, 1 picture, 499 without one of their own')
    expect(the('#live-plot-said').textContent).toMatch(
      /^Importance of 12 layers from 0:00 to 0:50\. .* layer 5 moved most, between 0\.8\d and 0\.99\.$/
    )
  })

  it('draws at most ten pictures a second of a thousand samples, and counts the others', async () => {
    const {give, stream} = await renderPlot()
    const start = performance.now()
    await act(async () => {
      for (let i = 500; i < 1500; i += 10) {
        for (let j = i; j < i + 10; j++) give(j)
        await pause(8)
      }
      await pause(250)
    })
    const seconds = (performance.now() - start) / 1000
    const {received, drawn, dropped} = stream.getState()
    expect(received).toBe(1500)
    expect(drawn).toBeLessThanOrEqual(2 + 10 * seconds)
    expect(drawn).toBeGreaterThan(3)
    expect(drawn + dropped).toBe(1500)
    expect(the('.plot-counts').textContent).toContain(`1,500 samples, ${drawn} pictures`)
  })

  it('stands on Space while samples go on coming, and says how many', async () => {
    const {stream, give} = await renderPlot()
    await focused()
    await key(' ')
    expect(button('Resume').ariaLabel).toBe('Resume the plot')
    const standing = the<HTMLCanvasElement>('.plot-picture canvas').toDataURL()
    await act(async () => {
      for (let i = 500; i < 520; i++) give(i)
      await pause(250)
    })
    expect(the<HTMLCanvasElement>('.plot-picture canvas').toDataURL()).toBe(standing)
    expect(the('.plot-counts').textContent).toContain('20 more since it stands')
    await key(' ')
    await act(() => pause(250))
    expect(stream.getState().view).toBeNull()
    expect(the<HTMLCanvasElement>('.plot-picture canvas').toDataURL()).not.toBe(standing)
    expect(the('.plot-counts').textContent).not.toContain('since it stands')
    expect(document.querySelectorAll('.stream-stood rect')).toHaveLength(1)
  })

  it('goes back in time by arrow keys, closer by +, and to the newest by End', async () => {
    const {stream} = await renderPlot(1000)
    await focused()
    const seen = () => stream.getState().record().seen!.map(Math.round)
    expect(seen()).toEqual([39_900, 99_900])
    await key('ArrowLeft')
    expect(seen()).toEqual([33_900, 93_900])
    await key('ArrowLeft', {shiftKey: true})
    expect(seen()).toEqual([3900, 63_900])
    await key('+')
    expect(seen()).toEqual([33_900, 63_900])
    await key('Home')
    expect(seen()).toEqual([0, 30_000])
    await key('End')
    expect(stream.getState().view).toBeNull()
  })

  it('goes back in time by dragging the window on the strip', async () => {
    const {stream} = await renderPlot(1000)
    const strip = the<HTMLCanvasElement>('.plot-strip')
    const {left, top, width} = strip.getBoundingClientRect()
    const pointer = (type: string, share: number) => {
      // No real pointer can be captured here.
      strip.setPointerCapture = () => {}
      strip.dispatchEvent(
        new PointerEvent(type, {
          clientX: left + share * width,
          clientY: top + 5,
          pointerId: 1,
          button: 0,
          bubbles: true
        })
      )
    }
    await act(async () => {
      pointer('pointerdown', 0.7)
      pointer('pointermove', 0.5)
      pointer('pointerup', 0.5)
    })
    const [from, to] = stream.getState().record().seen!
    expect(from).toBeCloseTo(19_920, -2)
    expect(to - from).toBeCloseTo(60_000, -2)
    await act(async () => {
      pointer('pointerdown', 0.9)
      pointer('pointermove', 0.95)
      pointer('pointerup', 0.95)
    })
    const drawn = stream.getState().record().seen!
    expect(drawn[0]).toBeCloseTo(89_910, -2)
    expect(drawn[1]).toBeCloseTo(94_905, -2)
  })

  it('marks by M, and lets the mark be named among the numbers', async () => {
    const {stream} = await renderPlot()
    await focused()
    await key('m')
    await press(button('Numbers'))
    expect(the<HTMLInputElement>('.plot-marks input').value).toBe('Mark 1')
    expect(document.querySelectorAll('.plot-numbers tbody tr')).toHaveLength(12)
    const greatest = document.querySelectorAll('.plot-numbers tbody tr')[4]!.querySelectorAll('td')[4]!
    expect(greatest.textContent).toBe('0.990')
    await act(async () => stream.getState().rename(1, 'a seven'))
    await vi.waitFor(() => expect(the('.stream-flags').textContent).toBe('a seven'))
    await press(button('Remove'))
    await vi.waitFor(() => expect(the('.stream-flags').textContent).toBe(''))
  })

  it('shows a layer that is pointed at elsewhere, and points back', async () => {
    const {lens} = await renderPlot()
    await act(async () => lens.getState().point(4))
    expect(the('.stream-names .pointed').textContent).toBe('5')
    await focused()
    await key('ArrowDown')
    expect(lens.getState().layer).toBe(5)
    await key('Enter')
    expect(lens.getState().pinned).toBe(5)
    const name = [...document.querySelectorAll('.stream-names g')].find(({textContent}) => textContent === '12')!
    const end = Number(/^M2,([\d.]+)/.exec(name.querySelector('path')!.getAttribute('d')!)![1])
    const {right, top} = the('.plot-picture canvas').getBoundingClientRect()
    await act(async () => {
      const at = {clientX: right - 2, clientY: top + end, bubbles: true}
      the('.plot-picture').dispatchEvent(new PointerEvent('pointermove', at))
    })
    expect(lens.getState().layer).toBe(11)
  })

  it('switches to learned part and rank, by key as by press', async () => {
    const {stream} = await renderPlot()
    await focused()
    await key('2')
    await vi.waitFor(() => expect(the('.stream-title').textContent).toBe('learned part, density'))
    await key('3')
    await vi.waitFor(() => expect(the('.stream-title').textContent).toBe('rank, 1 = most important'))
    expect(the<HTMLInputElement>('.live-plot .choice input:checked').parentElement!.textContent).toBe('Rank')
    expect(stream.getState().view).toBeNull()
  })

  it('saves all there is as a file', async () => {
    await renderPlot()
    const saved: Promise<string>[] = []
    const make = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      saved.push((blob as Blob).text())
      return 'blob:none'
    })
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
    onTestFinished(() => {
      make.mockRestore()
      click.mockRestore()
    })
    await press(button('CSV'))
    await press(button('JSON'))
    const [csv, json] = await Promise.all(saved)
    expect(csv!.split('\n')[0]).toContain('importance_max')
    expect(JSON.parse(json!)).toMatchObject({name: 'digits.pth', received: 500})
  })

  it.each([1280, 375])('has nothing that stands out of a window of %i px', async (width) => {
    await page.viewport(width, 800)
    await renderPlot()
    await act(() => pause(150))
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
    const names = [...document.querySelectorAll('.stream-names text')].map((text) => text.getBoundingClientRect())
    expect(names.every(({right}) => right <= width)).toBe(true)
  })
})
