import {expect, it} from 'vitest'
import type {MelSettings} from '@/lib/models/encoders/description'
import {melText} from '@/lib/views/melText'

const mel: MelSettings = {
  fft: 512,
  window: 400,
  hop: 160,
  bands: 64,
  low: 20,
  high: 7600,
  scale: 'htk',
  center: false,
  floor: 1e-6,
  mean: 0,
  deviation: 1
}
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

it('says rate, window, hop, transform, bands, scale and ends of a mel spectrogram', () => {
  expect(plain(melText({sampleRate: 16_000, mel}))).toBe(
    '16 kHz, Hann windows of 25 ms every 10 ms (FFT 512), 64 HTK mels from 20 to 7,600 Hz, not centred'
  )
})

it('says librosa’s conventions, and names no transform that is as long as the window', () => {
  const librosa: MelSettings = {...mel, fft: 2048, window: 2048, hop: 512, bands: 128, low: 0, high: 11_025}
  const text = melText({
    sampleRate: 22_050,
    mel: {...librosa, scale: 'slaney', norm: 'slaney', center: true, ends: 'zeros'}
  })
  expect(plain(text)).toBe(
    '22.05 kHz, Hann windows of 92.88 ms every 23.22 ms, 128 Slaney mels of area 1 from 0 to 11,025 Hz, centred, ends in silence'
  )
})

it('says of a centred sound without more that it is mirrored', () => {
  expect(melText({sampleRate: 8000, mel: {...mel, center: true}})).toMatch(/centred, ends mirrored$/)
})
