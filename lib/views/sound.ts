import {extent} from '@/lib/core/statistics'
import type {MelSettings} from '@/lib/models/encoders/description'
import {frameCount, logMel} from '@/lib/models/encoders/logMel'

/** What a sound looks like: its wave, and its mel spectrogram as the encoder hears it. */
export interface SoundMarks {
  /** The path of an SVG whose view box is (columns, 2): full deflection is −1 to 1. */
  readonly wave: {readonly columns: number; readonly path: string}
  /** (height, width): bands from high to low by frames, 0 for the quietest to 255 for the loudest. */
  readonly mel: {readonly count: 1; readonly width: number; readonly height: number; readonly values: Uint8Array}
}

const waveColumns = 150

/** The wave and mel spectrogram of a sound. `values` −1 to 1. */
export function soundMarks(values: Float32Array, sampleRate: number, settings: MelSettings): SoundMarks {
  return {wave: {columns: waveColumns, path: wavePath(values)}, mel: melPicture(values, sampleRate, settings)}
}

// From the smallest to the largest sample of each column, so that no peak is lost.
function wavePath(values: Float32Array): string {
  const columns = Array.from({length: waveColumns}, (_, column) => {
    const at = (edge: number) => Math.floor((edge / waveColumns) * values.length)
    const part = values.subarray(at(column), at(column + 1))
    const [low, high] = part.length > 0 ? extent(part) : [0, 0]
    // A line without length would not be seen.
    return `M${column + 0.5} ${place(1 - high)}V${place(1 - low + 0.02)}`
  })
  return columns.join('')
}

const place = (y: number) => Number(Math.max(0, Math.min(2, y)).toFixed(3))

function melPicture(values: Float32Array, sampleRate: number, settings: MelSettings): SoundMarks['mel'] {
  const {bands} = settings
  const frames = frameCount(values.length, settings)
  const energies = logMel(values, sampleRate, settings)
  const [low, high] = energies.length > 0 ? extent(energies) : [0, 1]
  const picture = new Uint8Array(frames * bands)
  for (const [i, energy] of energies.entries()) {
    const [frame, band] = [Math.floor(i / bands), i % bands]
    picture[(bands - 1 - band) * frames + frame] = high > low ? ((energy - low) / (high - low)) * 255 : 0
  }
  return {count: 1, width: frames, height: bands, values: picture}
}
