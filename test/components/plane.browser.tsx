import {act} from 'react'
import {expect, it, onTestFinished, vi} from 'vitest'
import {at, grid} from '@/lib/core/grid'
import {boards, pointsInside, spectrograms, strokes} from '../fixtures/planes'
import {button, key, press, renderShell, the} from './renderShell'
import {exampleCard} from './scriptedSession'

const files = {
  checkpoint: {kind: 'address', name: 'plane.pth', url: '/plane.pth'},
  inputs: []
} as const
const [board, sound] = [await boards(), await spectrograms()]

/** One input's own map: all attention of every hop on the last region. */
const own = grid(3, 15, new Float32Array(45).fill(0.1))
for (const row of [0, 1, 2]) own.values[row * 15 + 8] = 8

const settle = () => act(async () => new Promise((resolve) => setTimeout(resolve, 150)))
const sentence = () => the('.plane-says .sentence').textContent
const tile = (row: number) => the(`.plane-tiles > [data-row="${row}"]`)

/** A pointer over the middle of a place, at shares of a tile's picture. */
async function over(target: HTMLElement, across: number, down: number, type = 'pointermove') {
  const picture = target.querySelector('.plane-picture')!
  const {left, top, width, height} = picture.getBoundingClientRect()
  const at = {clientX: left + across * width, clientY: top + down * height, bubbles: true, button: 0, pointerId: 1}
  await act(async () => picture.dispatchEvent(new PointerEvent(type, at)))
}

it('is there for maps that lie on the input, with a tile for the picture and each row', async () => {
  const {lens} = await renderShell({explanation: board, pictures: strokes(8, 24, 24)})
  await act(async () => lens.getState().selectSample(0))
  expect([...document.querySelectorAll('.plane-tiles figcaption b')].map(({textContent}) => textContent)).toEqual([
    'Input 1',
    'Hop 1',
    'Hop 2',
    'Hop 3'
  ])
  expect(the('.plane-panel .gloss').textContent).toBe('where each hop attends, mean over 8 inputs')
})

it('is not there for maps whose columns are features', async () => {
  const {plane: _, ...axes} = board.axes!
  await renderShell({explanation: {...board, axes}})
  expect(document.querySelector('.plane-panel')).toBeNull()
})

it('points both ways: a place at its column, a column at its place in every tile', async () => {
  const {lens} = await renderShell({explanation: board})
  await over(tile(1), 0.5, 0.9)
  expect(lens.getState()).toMatchObject({layer: 1, feature: 7})
  expect(sentence()).toMatch(/^Hop 2, row 3, column 2: density /)
  await act(async () => lens.getState().point(2, 0))
  expect(document.querySelectorAll('.plane-tiles rect.plane-cell')).toHaveLength(3)
  expect(the('.plane-focus figcaption b').textContent).toBe('Hop 3')
  expect(sentence()).toContain(`density ${at(board.density!, 2, 0).toFixed(2)}`)
  await press(tile(0))
  expect(lens.getState().pinned).toBe(0)
})

it('is walked by keys: arrows to places, Page Down to rows, Enter pins, Escape lets go', async () => {
  const {lens} = await renderShell({explanation: board})
  the('.plane-focus').focus()
  await act(async () => lens.getState().point(0, 4))
  await key('ArrowLeft')
  expect(lens.getState()).toMatchObject({layer: 0, feature: 3})
  await key('ArrowUp')
  await key('PageDown')
  expect(lens.getState()).toMatchObject({layer: 1, feature: 0})
  await key('Enter')
  expect(lens.getState().pinned).toBe(1)
  await key('Escape')
  expect(lens.getState().pinned).toBeNull()
})

it('draws the selected input’s own attention once the engine has it, the mean on request, and its own again', async () => {
  const {lens} = await renderShell({explanation: board, files, sampleMapOf: async () => own})
  await act(async () => lens.getState().selectSample(2))
  await settle()
  expect(the('.plane-panel .gloss').textContent).toBe('where each hop attends, of this input alone')
  await act(async () => lens.getState().point(1, 8))
  expect(sentence()).toContain('density 8.00')
  await press(the('.plane-panel .choice label:nth-child(2) input'))
  await settle()
  expect(the('.plane-panel .gloss').textContent).toContain('mean over 8 inputs')
  await press(the('.plane-panel .choice label:nth-child(1) input'))
  expect(the('.plane-panel .gloss').textContent).toBe('where each hop attends, of this input alone')
})

it('shows the words of a question with the attention they get, where the card tells them', async () => {
  const example = {...exampleCard, questions: ['is the digit left even ?']}
  const {lens} = await renderShell({explanation: board, example})
  await act(async () => lens.getState().selectSample(0))
  const words = [...document.querySelectorAll<HTMLElement>('.plane-words > span')]
  expect(words.map(({textContent}) => textContent)).toEqual(['is', 'the', 'digit', 'left', 'even', '?'])
  expect(words.every(({style}) => parseFloat(style.borderBottomWidth) >= 1)).toBe(true)
  await act(async () => words[3]!.dispatchEvent(new PointerEvent('pointermove', {bubbles: true})))
  expect(lens.getState().feature).toBe(12)
  expect(sentence()).toContain('word 4 “left”')
})

it('asks where the pointed-at place samples, and for all points of its stage', async () => {
  const asked: number[][] = []
  const samplingPoints = async (...question: [number, number, number]) => {
    asked.push(question)
    return question[1] % 2 === 1 ? pointsInside : null
  }
  const {lens} = await renderShell({explanation: sound, files, samplingPoints, sampleMapOf: async () => sound.density!})
  await act(async () => lens.getState().selectSample(4))
  await press(the('input[aria-label="Where the pointed-at cell samples"]'))
  await act(async () => lens.getState().point(1, 17))
  await settle()
  expect(asked).toEqual([[4, 1, 17]])
  expect(document.querySelectorAll('.plane-focus .plane-to')).toHaveLength(2)
  await act(async () => lens.getState().point(0, 17))
  await settle()
  expect(document.querySelector('.plane-focus .plane-to')).toBeNull()
  await press(the('input[aria-label="Density of all points that its stage samples"]'))
  await settle()
  expect(asked.slice(2)).toEqual([
    [4, 0, 0],
    [4, 1, 0]
  ])
  expect(the('.plane-focus figcaption b').textContent).toBe('Stage 1, all points')
})

it('reads a brushed span of time, and offers no play-back of what has no sound', async () => {
  await renderShell({explanation: sound})
  const focus = the('.plane-focus')
  await over(focus, 0.3, 0.5, 'pointerdown')
  await over(focus, 0.7, 0.5)
  await over(focus, 0.7, 0.5, 'pointerup')
  expect(the('.plane-span-line').textContent).toMatch(/^time 4 to 9 of 12, [\d.]+\s% of its attention$/)
  expect(document.querySelectorAll('.plane-span').length).toBe(5)
  expect(document.querySelector('.plane-span-line button')).toBeNull()
  focus.focus()
  await key('Escape')
  expect(document.querySelector('.plane-span-line')).toBeNull()
})

it('plays the brushed span of an input that came with its sound, in seconds of it', async () => {
  neverEnding()
  const asked: string[] = []
  const {fetch} = globalThis
  onTestFinished(() => {
    globalThis.fetch = fetch
  })
  globalThis.fetch = async (address) => {
    asked.push(String(address))
    return new Response(halfSecond())
  }
  const example = {...exampleCard, id: 'words', sounds: ['a.wav', 'b.wav']}
  const {lens} = await renderShell({explanation: sound, example})
  await act(async () => lens.getState().selectSample(1))
  const focus = the('.plane-focus')
  focus.focus()
  await act(async () => lens.getState().point(3, 2))
  await key('ArrowRight', {shiftKey: true})
  await key('ArrowRight', {shiftKey: true})
  await settle()
  expect(asked).toEqual(['/examples/words/b.wav'])
  expect(the('.plane-span-line').textContent).toContain('0.08–0.21 s of 0.50 s')
  await press(button('Play'))
  expect(the('.plane-span-line button').getAttribute('aria-pressed')).toBe('true')
  await press(button('Stop'))
  expect(the('.plane-span-line button').textContent).toBe('Play')

  const playing = async () => {
    await press(button('Play'))
    expect(the('.plane-span-line button').textContent).toBe('Stop')
  }
  await playing()
  const across = Number(the('.plane-focus .plane-span').getAttribute('width'))
  const [moving] = the('.plane-focus .plane-head').getAnimations()
  expect(moving!.effect!.getComputedTiming().duration, 'it runs as long as is heard').toBeCloseTo(125, 0)
  moving!.finish()
  expect(getComputedStyle(the('.plane-focus .plane-head')).transform).toBe(`matrix(1, 0, 0, 1, ${across}, 0)`)
  focus.focus()
  await key('ArrowRight', {shiftKey: true})
  expect(document.querySelector('.plane-head')).toBeNull()
  expect(the('.plane-span-line button').textContent, 'another span').toBe('Play')
  await playing()
  await act(async () => hide())
  expect(the('.plane-span-line button').textContent, 'the page is hidden').toBe('Play')
  await playing()
  the('.plane-span-line button').focus()
  await key('Escape')
  expect(document.querySelector('.plane-span-line'), 'Escape lets go of both').toBeNull()
  expect(document.activeElement).toBe(focus)
  await key('ArrowRight', {shiftKey: true})
  expect(the('.plane-span-line').textContent, 'and what is brushed next begins anew').toContain('0.21–0.29 s')
})

/** Sounds that no clock ends: they are heard in the tests of the built app. */
function neverEnding() {
  for (const name of ['start', 'stop'] as const)
    vi.spyOn(AudioBufferSourceNode.prototype, name).mockImplementation(() => {})
  onTestFinished(() => void vi.restoreAllMocks())
}

const hide = () => {
  const spy = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
  spy.mockRestore()
}

/** A WAV file of 4,000 samples of silence at 8,000 a second. */
function halfSecond(): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(44 + 8000))
  const text = (at: number, word: string) => {
    for (const [i, letter] of [...word].entries()) view.setUint8(at + i, letter.charCodeAt(0))
  }
  text(0, 'RIFF')
  view.setUint32(4, 36 + 8000, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, 8000, true)
  view.setUint32(28, 16_000, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, 8000, true)
  return view.buffer
}
