import {act} from 'react'
import {afterEach, beforeAll, expect, it, vi} from 'vitest'
import {page, userEvent} from 'vitest/browser'
import {ReaderError} from '@/lib/core/errors'
import {grid} from '@/lib/core/grid'
import type {EncoderFacts, LiveReading, LiveSample, Openable} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {EncoderInput} from '@/lib/models/encoders/description'
import type {Live} from '@/lib/state/live'
import {syntheticExplanation} from '../fixtures/explanations'
import {button, key, press, renderShell, the} from './renderShell'
import {exampleCard} from './scriptedSession'

let explanation: Explanation
let other: Explanation
beforeAll(async () => {
  explanation = await syntheticExplanation({resamples: 0, classes: 3})
  other = await syntheticExplanation({resamples: 0, layers: 24, classes: 3})
})
afterEach(() => page.viewport(1280, 800))

const inputs = {
  patches: {kind: 'patches', height: 8, width: 8, channels: 1, patch: 2, range: [0, 1]},
  waveform: {
    kind: 'waveform',
    sampleRate: 16_000,
    samples: 16_000,
    mel: {
      fft: 512,
      window: 400,
      hop: 160,
      bands: 40,
      low: 20,
      high: 7600,
      scale: 'htk',
      center: false,
      floor: 1e-6,
      mean: -5,
      deviation: 3
    },
    convolutions: []
  },
  tokens: {kind: 'tokens', tokenizer: 'tokenizer.json', tokens: 64, pad: 0}
} satisfies Record<string, EncoderInput>

function factsOf(input: EncoderInput): EncoderFacts {
  const rest = {heads: 4, norm: 'pre', activation: 'gelu', epsilon: 1e-5} as const
  const description = {
    version: 1,
    input,
    blocks: 12,
    features: 64,
    ...rest,
    states: 'mean over tokens after each block'
  }
  return {name: 'encoder.safetensors', parameters: 1, description: description as EncoderFacts['description']}
}

/** A reading in which this layer leads, and the second class. */
function readingOf(leader: number, tokens: readonly string[] | null): LiveReading {
  const {rows, cols} = explanation.axes!
  const density = grid(
    rows,
    cols,
    Float32Array.from({length: rows * cols}, (_, i) => (Math.floor(i / cols) === leader ? 0.9 : 0.1) + (i % 7) * 0.01)
  )
  const untrained = grid(rows, cols, new Float32Array(rows * cols).fill(0.4))
  const layers = explanation.layers.map((layer) => ({
    ...layer,
    interval: null,
    rankInterval: null,
    rank: layer.layer === leader ? 1 : 2 + (layer.layer < leader ? layer.layer : layer.layer - 1)
  }))
  return {density, untrained, layers, signal: explanation.signal, logits: [0, 3, 0], tokens, encoderMs: 9, modelMs: 4}
}

/** The window with the place for live inputs open; every input is answered by layer 4. */
async function tried(input: EncoderInput) {
  const samples: LiveSample[] = []
  const engine = {
    openEncoder: async () => factsOf(input),
    readLive: async (sample: LiveSample) => {
      samples.push(sample)
      return readingOf(3, sample.kind === 'text' ? sample.text.split(' ') : null)
    }
  }
  const example = {...exampleCard, encoder: 'encoder.safetensors', ...(input.kind === 'tokens' ? {texts: ['a b']} : {})}
  const shell = await renderShell({explanation, example}, engine)
  await press(the('.try-link'))
  await vi.waitFor(() => the('.try-it .try-pad, .try-it .try-sound, .try-it .try-words'))
  const read = (count: number) =>
    act(async () => {
      await vi.waitFor(() => expect(shell.live!.getState().read).toBeGreaterThanOrEqual(count), {timeout: 10_000})
    })
  return {...shell, samples, read}
}

const pointer = (type: string, x: number, y: number) =>
  act(async () => {
    const {left, top, width, height} = the('.try-paper').getBoundingClientRect()
    const place = {clientX: left + x * width, clientY: top + y * height, pointerId: 1, button: 0}
    the('.try-paper').dispatchEvent(new PointerEvent(type, {bubbles: true, ...place}))
  })

it('offers to draw, speak or write only where something can be run again', async () => {
  await renderShell({explanation, example: exampleCard}, {openEncoder: vi.fn(), readLive: vi.fn()})
  expect(document.querySelector('.try-link')).toBeNull()
})

it('beside a checkpoint of one’s own, asks for an encoder, says what one has to be, and reads with it', async () => {
  const files = {checkpoint: {kind: 'file', file: new File(['x'], 'mine.pth')}, inputs: []} as const
  const asked: Openable[] = []
  const openEncoder = async (openable: Openable) => {
    asked.push(openable)
    if (openable.kind === 'file') throw new ReaderError('No', 'notes.txt: found no description; needed one as JSON')
    return factsOf(inputs.patches)
  }
  await renderShell({explanation, files}, {openEncoder, readLive: vi.fn()})
  await press(the('.try-link'))
  expect(the('.try-link, .try-it').textContent).toContain('encoder in the metadata')
  expect(button('Open an encoder…').tabIndex).toBe(0)
  const choose = async (...given: File[]) => {
    const transfer = new DataTransfer()
    for (const file of given) transfer.items.add(file)
    const picker = the<HTMLInputElement>('.encoder-file')
    picker.files = transfer.files
    await act(async () => picker.dispatchEvent(new Event('change', {bubbles: true})))
  }
  await choose(new File(['x'], 'notes.txt'))
  await vi.waitFor(() => expect(the('.try-trouble').textContent).toContain('found no description'))
  await choose(new File(['{}'], 'tokenizer.json'), new File(['x'], 'encoder.safetensors'))
  await act(async () => void (await vi.waitFor(() => the('.try-pad'))))
  expect(asked[1]).toMatchObject({kind: 'set', name: 'encoder.safetensors'})
  expect(document.querySelector('.try-trouble')).toBeNull()
})

it('reads a drawing on every movement of the pointer: figure, finding and prediction are its own', async () => {
  // Only a real pointer can be captured.
  const held = vi.spyOn(Element.prototype, 'setPointerCapture').mockImplementation(() => {})
  const holds = vi.spyOn(Element.prototype, 'hasPointerCapture').mockReturnValue(true)
  const {samples, read, live} = await tried(inputs.patches)
  await pointer('pointerdown', 0.5, 0.1)
  await read(1)
  await pointer('pointermove', 0.5, 0.9)
  await read(2)
  expect(samples.map((sample) => sample.kind === 'picture' && sample.values.length)).toEqual([64, 64])
  expect(the('h1').textContent).toContain('This input alone: layer 4 leads')
  expect(the('.caveat b').textContent).toBe('One input’s ranking is not the checkpoint’s')
  expect(the('#figure').getAttribute('aria-label')).toContain('This input alone: layer 4 leads')
  expect(the('.prediction .best').textContent).toContain(explanation.model.classes![1]!)
  expect(the('.prediction .gloss').textContent).toBe('this drawing; 2 read, 0 skipped')
  expect(the('.try-latency').textContent).toBe('encoder 9\u00a0ms, model 4\u00a0ms')
  await press(button('Undo'))
  expect(the('h1').textContent).toBe(explanation.finding.title)
  expect(live!.getState().current).toBeNull()
  held.mockRestore()
  holds.mockRestore()
})

it('a palm beside the pen draws nothing, and what it drew before the pen came is taken back', async () => {
  const captured = vi.spyOn(Element.prototype, 'setPointerCapture').mockImplementation(() => {})
  const {live} = await tried(inputs.patches)
  const hand = (type: string, pointerId: number, pointerType: string, x: number) =>
    act(async () => {
      const {left, top, width} = the('.try-paper').getBoundingClientRect()
      const place = {clientX: left + x * width, clientY: top + 20, pointerId, pointerType}
      the('.try-paper').dispatchEvent(new PointerEvent(type, {bubbles: true, button: 0, ...place}))
    })
  const last = () => {
    const sample = given.mock.lastCall![0]
    return sample.kind === 'picture' ? [...sample.values] : []
  }
  const given = vi.fn<Live['give']>()
  live!.setState({give: given})
  await hand('pointerdown', 2, 'pen', 0.2)
  await hand('pointermove', 2, 'pen', 0.5)
  await hand('pointerup', 2, 'pen', 0.5)
  const penAlone = last()
  await press(button('Clear'))
  await hand('pointerdown', 1, 'touch', 0.9)
  await hand('pointerdown', 2, 'pen', 0.2)
  await hand('pointermove', 1, 'touch', 0.1)
  await hand('pointerdown', 3, 'touch', 0.8)
  await hand('pointerup', 3, 'touch', 0.8)
  await hand('pointermove', 2, 'pen', 0.5)
  await hand('pointerup', 2, 'pen', 0.5)
  expect(last()).toEqual(penAlone)
  expect(button('Undo').disabled).toBe(false)
  await press(button('Undo'))
  expect(button('Undo').disabled, 'it was one stroke').toBe(true)
  captured.mockRestore()
})

it('draws by keyboard: arrows move the pen, Space puts it down, Ctrl Z takes back, Delete clears', async () => {
  const {samples, read, asked, live} = await tried(inputs.patches)
  await act(async () => the('.try-paper').focus())
  await key('ArrowUp')
  expect(samples).toHaveLength(0)
  await key(' ')
  await key('ArrowDown', {shiftKey: true})
  await read(1)
  await key(' ')
  await key('z', {ctrlKey: true})
  expect(live!.getState().current).toBeNull()
  expect(asked).toEqual([])
  await key(' ')
  await key('ArrowLeft')
  await read(2)
  await key('Delete')
  expect(button('Clear').disabled).toBe(true)
})

it('leads back to the checkpoint’s inputs with Escape, after what is pinned was let go', async () => {
  const {read, lens} = await tried(inputs.patches)
  await act(async () => the('.try-paper').focus())
  await key(' ')
  await read(1)
  await act(async () => lens.getState().pin(2))
  await key('Escape')
  expect(lens.getState().pinned).toBeNull()
  expect(the('h1').textContent).toContain('This input alone')
  await key('Escape')
  expect(the('h1').textContent).toBe(explanation.finding.title)
  expect(the('.cell.inputs h2').textContent).toBe('Inputs')
})

it('reads a text as it is typed, and shows it as it was cut', async () => {
  const {samples, read} = await tried(inputs.tokens)
  await press(button(exampleCard.classes[0] ?? 'text 1'))
  await read(1)
  expect(samples).toEqual([{kind: 'text', text: 'a b'}])
  expect([...document.querySelectorAll('.try-tokens li')].map((li) => li.textContent)).toEqual(['a', 'b'])
})

/** A microphone that hears a tone; its tracks are real. */
function fakeMicrophone() {
  const context = new AudioContext()
  const {stream} = new MediaStreamAudioDestinationNode(context)
  const spy = vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockResolvedValue(stream)
  const states = () => stream.getTracks().map(({readyState}) => readyState)
  return {states, spy, done: () => Promise.all([context.close(), spy.mockRestore()])}
}

async function listening() {
  const microphone = fakeMicrophone()
  const shell = await tried(inputs.waveform)
  await press(button('Microphone'))
  await vi.waitFor(() => expect(microphone.spy).toHaveBeenCalledOnce())
  expect(microphone.states()).toEqual(['live'])
  expect(the('.try-sound .button').getAttribute('aria-pressed')).toBe('true')
  return {...shell, microphone}
}

const hide = () => {
  const spy = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
  spy.mockRestore()
}

const ways: Record<string, (shell: Awaited<ReturnType<typeof listening>>) => unknown> = {
  'its button is pressed again': () => button('Stop listening').click(),
  'the page is hidden': hide,
  'the page is left': () => dispatchEvent(new PageTransitionEvent('pagehide')),
  'the place for it is closed': () => button('Back to').click(),
  'another file is opened': ({session}) => session.setState({explanation: other}),
  'reading is paused': () => button('Pause').click()
}

for (const [when, happen] of Object.entries(ways)) {
  it(`stops using the microphone when ${when}`, async () => {
    const shell = await listening()
    await act(async () => void happen(shell))
    expect(shell.microphone.states()).toEqual(['ended'])
    await shell.microphone.done()
  })
}

const held = (type: 'keydown' | 'keyup', init: KeyboardEventInit = {}) =>
  act(async () => void the('.hold').dispatchEvent(new KeyboardEvent(type, {bubbles: true, key: ' ', ...init})))

it('reads what was said while the button was held, by Space as by a pointer, and listens no more', async () => {
  const capture = vi.spyOn(Element.prototype, 'setPointerCapture').mockImplementation(() => {})
  const {samples, read} = await tried(inputs.waveform)
  // Sound waits for a hand of the person's own.
  await userEvent.click(the('.try-it h2'))
  const press = (type: string) =>
    act(async () => void the('.hold').dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 1, button: 0})))
  const hands = [
    [() => held('keydown'), () => held('keyup')],
    [() => press('pointerdown'), () => press('pointerup')]
  ] as const
  for (const [i, [down, up]] of hands.entries()) {
    const microphone = fakeMicrophone()
    await down()
    // A key that is held says so again and again.
    await held('keydown', {repeat: true})
    await vi.waitFor(() => expect(microphone.spy).toHaveBeenCalledOnce())
    expect(the('.hold').getAttribute('aria-pressed')).toBe('true')
    await act(() => new Promise((go) => setTimeout(go, 1000)))
    expect(samples, 'nothing is read while it is held').toHaveLength(i)
    await up()
    await read(i + 1)
    expect(samples[i]).toMatchObject({kind: 'sound', values: {length: 16_000}})
    await vi.waitFor(() => expect(microphone.states()).toEqual(['ended']), {timeout: 5000})
    await vi.waitFor(() => expect(the('.hold').getAttribute('aria-pressed')).toBe('false'), {timeout: 5000})
    await microphone.done()
  }
  expect(the('.prediction .gloss').textContent).toContain('what you said')
  capture.mockRestore()
})

it('says so when it was let go before anything was heard', async () => {
  const microphone = fakeMicrophone()
  microphone.spy.mockReturnValue(new Promise(() => {}))
  await tried(inputs.waveform)
  await held('keydown')
  await held('keyup')
  await vi.waitFor(() => expect(the('.try-trouble').textContent).toContain('needed the button held while you speak'))
  expect(the('.hold').getAttribute('aria-pressed')).toBe('false')
  await microphone.done()
})

it('stops a microphone at once that was granted after it was wanted no more', async () => {
  const microphone = fakeMicrophone()
  let grant = () => {}
  const stream = await navigator.mediaDevices.getUserMedia()
  microphone.spy.mockImplementation(
    () =>
      new Promise((resolve) => {
        grant = () => resolve(stream)
      })
  )
  await tried(inputs.waveform)
  await press(button('Microphone'))
  await press(button('Back to'))
  await act(async () => grant())
  expect(microphone.states()).toEqual(['ended'])
  await microphone.done()
})

it('says so when the microphone may not be used, and is off', async () => {
  const microphone = fakeMicrophone()
  microphone.spy.mockRejectedValue(new DOMException('no', 'NotAllowedError'))
  await tried(inputs.waveform)
  await press(button('Microphone'))
  await vi.waitFor(() => expect(the('.try-trouble').textContent).toContain('Found no leave to use the microphone'))
  expect(button('Microphone').getAttribute('aria-pressed')).toBe('false')
  await microphone.done()
})

it('says why a file is no sound', async () => {
  await tried(inputs.waveform)
  const files = new DataTransfer()
  files.items.add(new File(['no sound'], 'notes.txt'))
  const picker = the<HTMLInputElement>('.sound-file')
  picker.files = files.files
  await act(async () => picker.dispatchEvent(new Event('change', {bubbles: true})))
  await vi.waitFor(async () => {
    await act(async () => {})
    expect(the('.try-trouble').textContent).toContain('Found nothing in notes.txt')
  })
})

it('docks to the bottom edge of a phone, with the prediction in a line', async () => {
  await page.viewport(375, 800)
  const {read} = await tried(inputs.patches)
  await act(async () => the('.try-paper').focus())
  await key(' ')
  await read(1)
  const {left, right, bottom} = the('.try-it').getBoundingClientRect()
  expect([left, right, bottom]).toEqual([0, 375, 800])
  expect(the('.try-it').scrollWidth).toBe(375)
  expect(the('.try-verdict').textContent).toContain(explanation.model.classes![1]!)
})
