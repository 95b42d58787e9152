import {act} from 'react'
import {expect, it, onTestFinished, vi} from 'vitest'
import {page} from 'vitest/browser'
import {ReaderError} from '@/lib/core/errors'
import {grid} from '@/lib/core/grid'
import type {EncoderFacts, LiveReading, LiveSample} from '@/lib/engine/protocol'
import type {FramesDescription} from '@/lib/models/encoders/description'
import type {SamplingPoints} from '@/lib/models/family'
import {pointsInside, spectrograms, strokes} from '../fixtures/planes'
import {button, key, press, renderShell, the} from './renderShell'
import {exampleCard} from './scriptedSession'

const sound = await spectrograms()
const description: FramesDescription = {
  version: 1,
  input: {
    kind: 'waveform',
    sampleRate: 16_000,
    samples: 16_000,
    mel: {
      fft: 512,
      window: 400,
      hop: 160,
      bands: 64,
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
  blocks: 0,
  frames: 96,
  states: 'log mel frames'
}
const facts: EncoderFacts = {name: 'front.safetensors', description, parameters: 0}

/** All attention of each block on the last cell. */
function reading(): LiveReading {
  const {rows, cols} = sound.axes!
  const density = grid(rows, cols, new Float32Array(rows * cols).fill(0.1))
  for (let row = 0; row < rows; row++) density.values[(row + 1) * cols - 1] = 9
  const {layers, signal} = sound
  const picture = {width: 96, height: 64, values: new Uint8Array(96 * 64)}
  return {density, untrained: density, layers, signal, logits: [0, 3], tokens: null, picture, encoderMs: 9, modelMs: 4}
}

async function tried() {
  const samples: LiveSample[] = []
  const asked: [rows: readonly number[], column: number][] = []
  const engine = {
    openEncoder: async () => facts,
    readLive: async (sample: LiveSample) => {
      samples.push(sample)
      if (sample.kind === 'sound' && sample.values.every((value) => value === 0))
        throw new ReaderError('Silence', 'Found silence; needed a sound.')
      return reading()
    },
    livePoints: async (rows: readonly number[], column: number) => {
      asked.push([rows, column])
      return rows.map((row) => (row % 2 === 1 ? points : null))
    }
  }
  const example = {...exampleCard, encoder: 'front.safetensors', clips: ['/examples/speech/yes.wav']}
  const files = {checkpoint: {kind: 'address', name: 'plane.pth', url: '/plane.pth'}, inputs: []} as const
  const shell = await renderShell({explanation: sound, example, files, pictures: strokes(8, 24, 24)}, engine)
  await act(async () => shell.lens.getState().selectSample(0))
  await press(the('.try-link'))
  await act(async () => void (await vi.waitFor(() => the('.try-sound'))))
  const read = (count: number) =>
    act(async () => {
      await vi.waitFor(() => expect(shell.live!.getState().read).toBe(count), {timeout: 10_000})
    })
  return {...shell, samples, asked, read}
}

const points: SamplingPoints = {...pointsInside, grid: [10, 12]}

const rest = () => act(async () => new Promise((resolve) => setTimeout(resolve, 150)))

async function pick(name: string) {
  const bytes = await (await fetch(new URL(`../fixtures/sounds/${name}`, import.meta.url))).arrayBuffer()
  const files = new DataTransfer()
  files.items.add(new File([bytes], name))
  const picker = the<HTMLInputElement>('.sound-file')
  picker.files = files.files
  await act(async () => picker.dispatchEvent(new Event('change', {bubbles: true})))
}

it('says by which mel parameters a sound is read and where they are from, on a phone too', async () => {
  await tried()
  expect(the('.try-mel').textContent!.replaceAll('\u00a0', ' ')).toBe(
    '16 kHz, Hann windows of 25 ms every 10 ms (FFT 512), 64 HTK mels from 20 to 7,600 Hz, not centred: front.safetensors'
  )
  await page.viewport(375, 800)
  expect(getComputedStyle(the('.try-mel')).display).toBe('block')
  expect(the('.try-mel').getBoundingClientRect().right).toBeLessThanOrEqual(375)
  expect(the('.try-it').scrollWidth).toBeLessThanOrEqual(375)
  await page.viewport(1280, 800)
})

it('reads WAV, FLAC, MP3 and Ogg files at the encoder’s rate and length', async () => {
  const {samples, read} = await tried()
  for (const [i, kind] of ['wav', 'flac', 'mp3', 'ogg'].entries()) {
    await pick(`sound.${kind}`)
    await read(i + 1)
    const {values} = samples[i] as LiveSample & {kind: 'sound'}
    expect(values).toHaveLength(16_000)
    expect(Math.max(...values)).toBeGreaterThan(0.5)
  }
})

it('shows attention to a live sound on its own spectrogram, and the selected input’s again once it is left', async () => {
  const {live, read} = await tried()
  const names = () => [...document.querySelectorAll('.plane-tiles figcaption b')].map(({textContent}) => textContent)
  const gloss = () => the('.plane-panel .gloss').textContent
  const sentence = () => the('.plane-says .sentence').textContent
  expect(names()[0]).toBe('Input 1')
  expect(gloss()).toBe('where each block attends, mean over 8 inputs')
  // A clip is named for its word, wherever it lies.
  await press(
    [...document.querySelectorAll('.clips button')].find(({textContent}) => textContent === 'yes') as HTMLElement
  )
  await read(1)
  await vi.waitFor(() => expect(names()[0]).toBe('yes.wav'))
  expect(gloss()).toBe('where each block attends, of this input alone')
  expect(sentence()).toContain('9.00')
  await act(async () => live!.getState().leave())
  await vi.waitFor(() => expect(names()[0]).toBe('Input 1'))
  expect(sentence()).not.toContain('9.00')
})

it('shows where the pointed-at place looks in a live sound, and comes with the next one’s', async () => {
  const {asked, lens, read} = await tried()
  await pick('sound.wav')
  await read(1)
  await press(the('input[aria-label="Where the pointed-at cell samples"]'))
  await act(async () => lens.getState().point(1, 17))
  await rest()
  expect(asked).toEqual([[[1], 17]])
  expect(document.querySelectorAll('.plane-focus .plane-to')).toHaveLength(2)
  await pick('sound.flac')
  await read(2)
  expect(asked).toHaveLength(2)
  expect(document.querySelectorAll('.plane-focus .plane-to')).toHaveLength(2)
  await press(the('input[aria-label="Density of all points that its stage samples"]'))
  await rest()
  expect(asked.at(-1)).toEqual([[0, 1], 0])
  expect(the('.plane-focus figcaption b').textContent).toBe('Stage 1, all points')
})

it('a silent sound leaves figure and picture as they were, with why it was not read', async () => {
  const {live} = await tried()
  const drawn = () => [
    the('h1').textContent,
    the('.try-seen path').getAttribute('d'),
    the<HTMLCanvasElement>('.try-seen canvas').toDataURL(),
    the<HTMLCanvasElement>('.plane-focus canvas').toDataURL(),
    the('.prediction .gloss').textContent
  ]
  await pick('sound.wav')
  await act(async () => void (await vi.waitFor(() => the('.try-seen canvas'), {timeout: 10_000})))
  const before = drawn()
  await act(async () => live!.getState().give({kind: 'sound', values: new Float32Array(16_000)}, 'quiet.wav'))
  expect(the('.try-trouble').textContent).toBe('Found silence; needed a sound.')
  expect(drawn()).toEqual(before)
})

it('plays the brushed span of a live sound, and Escape lets go of it before the sound', async () => {
  for (const name of ['start', 'stop'] as const)
    vi.spyOn(AudioBufferSourceNode.prototype, name).mockImplementation(() => {})
  onTestFinished(() => void vi.restoreAllMocks())
  const {read, lens} = await tried()
  await pick('sound.wav')
  await read(1)
  the('.plane-focus').focus()
  await act(async () => lens.getState().point(3, 2))
  await key('ArrowRight', {shiftKey: true})
  // Columns of eight frames of 10 ms, which lie around the middle of their windows: 11 ms into the sound.
  expect(the('.plane-span-line').textContent).toContain('0.17–0.33 s of 1.00 s')
  await press(button('Play'))
  expect(the('.plane-span-line button').textContent).toBe('Stop')
  await pick('sound.flac')
  await read(2)
  expect(document.querySelector('.plane-span-line'), 'another sound').toBeNull()
  await key('ArrowRight', {shiftKey: true})
  await press(button('Play'))
  the('.plane-focus').focus()
  await key('Escape')
  expect(document.querySelector('.plane-span-line')).toBeNull()
  expect(document.querySelector('.try-it')).not.toBeNull()
  await key('Escape')
  expect(document.querySelector('.try-it')).toBeNull()
})
