import {readFileSync} from 'node:fs'
import {expect, it} from 'vitest'
import {soundMarks} from '@/lib/views/sound'

const mel = {
  fft: 512,
  window: 400,
  hop: 160,
  bands: 40,
  low: 20,
  high: 7600,
  scale: 'htk',
  center: false,
  floor: 1e-6,
  mean: 0,
  deviation: 1
} as const
const tone = (hertz: number) =>
  Float32Array.from({length: 16_000}, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / 16_000))

/** The row of the picture that is brightest on the whole. */
function brightest({width, height, values}: ReturnType<typeof soundMarks>['mel']) {
  const rows = Array.from({length: height}, (_, row) =>
    values.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value, 0)
  )
  return rows.indexOf(Math.max(...rows))
}

it('draws low tones at the bottom of the mel spectrogram and high ones at its top', () => {
  const [low, high] = [soundMarks(tone(200), 16_000, mel).mel, soundMarks(tone(5000), 16_000, mel).mel]
  expect([low.width, low.height]).toEqual([97, 40])
  expect(brightest(low)).toBeGreaterThan(34)
  expect(brightest(high)).toBeLessThan(8)
})

it('draws the wave from its smallest to its largest sample, so that a click is not lost', () => {
  const click = new Float32Array(16_000)
  click[8000] = 1
  const {path, columns} = soundMarks(click, 16_000, mel).wave
  const lines = path.split('M').slice(1)
  expect(lines).toHaveLength(columns)
  expect(lines[75]).toBe('75.5 0V1.02')
  expect(lines[10]).toBe('10.5 1V1.02')
})

it('draws silence without any ink, and a shipped word with all of it', () => {
  const silence = soundMarks(new Float32Array(16_000), 16_000, mel)
  expect(silence.mel.values.some(Boolean)).toBe(false)
  const bytes = readFileSync('public/examples/speech/yes.wav')
  const word = Float32Array.from({length: 16_000}, (_, i) => bytes.readInt16LE(44 + 2 * i) / 32_768)
  expect(Math.max(...soundMarks(word, 16_000, mel).mel.values)).toBe(255)
})
