import type {MelSettings} from './description'
import {fourier} from './fourier'

/**
 * Log mel frames (frames, bands) of a waveform, row-major, as torchaudio's MelSpectrogram and librosa's melspectrogram
 * (power 2, a periodic Hann window) give them, then the natural logarithm, then standardised. In float64; a waveform
 * too short for one frame gives none.
 */
export function logMel(wave: Float32Array, sampleRate: number, settings: MelSettings): Float32Array {
  const {fft, hop, bands, floor, mean, deviation} = settings
  const frames = frameCount(wave.length, settings)
  const filters = melFilters(sampleRate, settings)
  const window = hann(settings)
  const transform = fourier(fft)
  const start = settings.center ? -Math.floor(fft / 2) : 0
  const sample = settings.ends === 'zeros' ? (at: number) => wave[at] ?? 0 : (at: number) => mirrored(wave, at)
  const real = new Float64Array(fft)
  const imaginary = new Float64Array(fft)
  const found = new Float32Array(frames * bands)
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < fft; i++) real[i] = window[i]! * sample(start + frame * hop + i)
    imaginary.fill(0)
    transform(real, imaginary)
    for (const [band, {first, weights}] of filters.entries()) {
      let power = 0
      for (const [i, weight] of weights.entries()) {
        const bin = first + i
        power += weight * (real[bin]! ** 2 + imaginary[bin]! ** 2)
      }
      found[frame * bands + band] = (Math.log(Math.max(power, floor)) - mean) / deviation
    }
  }
  return found
}

/** How many frames a waveform of so many samples has. */
export function frameCount(samples: number, {fft, hop, center, ends}: MelSettings): number {
  // A sound cannot be mirrored further than it reaches.
  const least = ends === 'zeros' ? 0 : Math.floor(fft / 2)
  if (center) return samples > least ? 1 + Math.floor(samples / hop) : 0
  return samples < fft ? 0 : 1 + Math.floor((samples - fft) / hop)
}

// Reflected about the first and the last sample, as frames centred on the ends need.
function mirrored(wave: Float32Array, at: number): number {
  const last = wave.length - 1
  const inside = at < 0 ? -at : at > last ? 2 * last - at : at
  return wave[inside] ?? 0
}

/** Periodic Hann window, centred in the transform with zeros around it. */
function hann({fft, window}: MelSettings): Float64Array {
  const padded = new Float64Array(fft)
  const left = Math.floor((fft - window) / 2)
  for (let i = 0; i < window; i++) padded[left + i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window)
  return padded
}

interface Filter {
  readonly first: number
  readonly weights: Float64Array
}

/** One triangle for each band, as torchaudio's melscale_fbanks, without the zeros around it. */
function melFilters(sampleRate: number, {fft, bands, low, high, scale, norm}: MelSettings): Filter[] {
  const {toMel, toHertz} = scales[scale]
  const [from, to] = [toMel(low), toMel(high)]
  const edges = Array.from({length: bands + 2}, (_, i) => toHertz(from + ((to - from) * i) / (bands + 1)))
  const bins = Math.floor(fft / 2) + 1
  return Array.from({length: bands}, (_, band) => {
    const [left, peak, right] = edges.slice(band, band + 3) as [number, number, number]
    const tall = norm === 'slaney' ? 2 / (right - left) : 1
    const weights = Float64Array.from({length: bins}, (_, bin) => {
      const hertz = (bin * sampleRate) / fft
      return tall * Math.max(0, Math.min((hertz - left) / (peak - left), (right - hertz) / (right - peak)))
    })
    const first = weights.findIndex((weight) => weight > 0)
    return first < 0
      ? {first: 0, weights: new Float64Array(0)}
      : {first, weights: weights.slice(first, 1 + weights.findLastIndex((weight) => weight > 0))}
  })
}

const slaneyStep = 200 / 3
const slaneyBend = Math.log(6.4) / 27

/** Mel by the two usual formulas: HTK's, and the Auditory Toolbox's (linear below 1 kHz). */
const scales = {
  htk: {
    toMel: (hertz: number) => 2595 * Math.log10(1 + hertz / 700),
    toHertz: (mel: number) => 700 * (10 ** (mel / 2595) - 1)
  },
  slaney: {
    toMel: (hertz: number) => (hertz < 1000 ? hertz / slaneyStep : 15 + Math.log(hertz / 1000) / slaneyBend),
    toHertz: (mel: number) => (mel < 15 ? mel * slaneyStep : 1000 * Math.exp((mel - 15) * slaneyBend))
  }
} as const
