import {describe, expect, it} from 'vitest'
import {soundOf} from '@/components/live/soundFile'
import type {SoundInput} from '@/lib/models/encoders/description'
import {logMel} from '@/lib/models/encoders/logMel'
import decoded from '../fixtures/sounds/decoded.json' with {type: 'json'}
import {unpack} from '../models/fixtures'

// By librosa, and the files by libsndfile: test/reference/make_mel.py. All are one sound of 0.24 s at 22,050 Hz.
const plain = {floor: 1e-6, mean: 0, deviation: 1} as const
const own: SoundInput = {
  kind: 'waveform',
  sampleRate: 22_050,
  samples: 5292,
  mel: {
    fft: 2048,
    window: 2048,
    hop: 512,
    bands: 128,
    low: 0,
    high: 11_025,
    scale: 'slaney',
    norm: 'slaney',
    center: true,
    ends: 'zeros',
    ...plain
  },
  convolutions: []
}
const bands = 64
const another: SoundInput = {
  kind: 'waveform',
  sampleRate: 16_000,
  samples: 3840,
  mel: {
    fft: 512,
    window: 400,
    hop: 160,
    bands,
    low: 20,
    high: 7600,
    scale: 'htk',
    center: false,
    ...plain
  },
  convolutions: []
}

const fixture = async (name: string) =>
  (await fetch(new URL(`../fixtures/sounds/${name}`, import.meta.url))).arrayBuffer()
const framesOf = async (name: string, input: SoundInput) =>
  logMel(await soundOf(name, await fixture(name), input), input.sampleRate, input.mel)

/** A sound moved to where it is most like another: what is shorter by a little was put in the middle. */
function alongside(found: Float32Array, wanted: Float32Array): Float32Array {
  const moved = (by: number) => wanted.map((_, i) => found[i + by] ?? 0)
  const likeness = (by: number) => moved(by).reduce((sum, value, i) => sum + value * wanted[i]!, 0)
  const lags = Array.from({length: 401}, (_, i) => i - 200)
  return moved(lags.reduce((best, lag) => (likeness(lag) > likeness(best) ? lag : best)))
}

/** Natural logarithms by which frames stand apart. */
function apart(found: Float32Array, wanted: Float32Array) {
  expect(found).toHaveLength(wanted.length)
  const all = found.map((value, i) => Math.abs(value - wanted[i]!)).toSorted()
  return {
    mean: all.reduce((sum, value) => sum + value, 0) / all.length,
    ninetyFive: all[Math.floor(all.length * 0.95)]!,
    most: all.at(-1)!
  }
}

describe('a sound file in the browser', () => {
  it('has librosa’s frames within 1e-3 at its own rate, as WAV and as FLAC', async () => {
    const wanted = unpack(decoded.own)
    expect(apart(await framesOf('sound.wav', own), wanted).most).toBeLessThan(1e-3)
    expect(apart(await framesOf('sound.flac', own), wanted).most).toBeLessThan(1e-3)
  })

  it('has the frames of librosa’s resampling at the encoder’s rate, but where the filters of both end', async () => {
    const [found, wanted] = [await framesOf('sound.wav', another), unpack(decoded.resampled)]
    // Bands below 5 kHz: near 8 kHz every resampler rolls off in its own way.
    const below = (frames: Float32Array) => frames.filter((_, i) => i % bands < 50)
    const {mean, most} = apart(below(found), below(wanted))
    expect(mean).toBeLessThan(1e-3)
    expect(most).toBeLessThan(0.03)
  })

  it.each([['mp3'], ['ogg']])(
    'as %s, which loses some, stays within 0.2 on average and 0.5 for 95 of 100',
    async (kind) => {
      const whole = await soundOf('sound.wav', await fixture('sound.wav'), another)
      const lossy = alongside(await soundOf(`sound.${kind}`, await fixture(`sound.${kind}`), another), whole)
      // Without the last three frames: of Ogg Vorbis a browser may leave out the end of the last block.
      const [found, wanted] = [lossy, whole].map((wave) => logMel(wave, 16_000, another.mel).slice(0, -3 * bands))
      const {mean, ninetyFive} = apart(found!, wanted!)
      expect(mean).toBeGreaterThan(0)
      expect(mean).toBeLessThan(0.2)
      expect(ninetyFive).toBeLessThan(0.5)
    }
  )

  it('shorter than a window says so', async () => {
    const header = (await fixture('sound.wav')).slice(0, 44)
    const short = new Uint8Array(44 + 200)
    short.set(new Uint8Array(header))
    const view = new DataView(short.buffer)
    view.setUint32(4, 36 + 200, true)
    view.setUint32(40, 200, true)
    await expect(soundOf('click.wav', short.buffer, another)).rejects.toThrow(
      'Found 3 ms of sound in click.wav; needed 25 ms, one window of the spectrogram.'
    )
  })

  it.each([
    ['without a sample', 44],
    ['cut short in its header', 20]
  ])('%s says so', async (_, length) => {
    const cut = (await fixture('sound.wav')).slice(0, length)
    await expect(soundOf('cut.wav', cut, another)).rejects.toThrow(/^Found (nothing|0 ms of sound) in cut\.wav/)
  })

  it('that is no sound says so', async () => {
    await expect(soundOf('notes.txt', new TextEncoder().encode('no sound').buffer, another)).rejects.toThrow(
      'Found nothing in notes.txt that this browser decodes; needed a sound, as WAV, FLAC, MP3 or Ogg.'
    )
  })
})
