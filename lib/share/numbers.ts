import {FormatError} from '@/lib/core/errors'
import type {ByteReader} from './byteReader'
import type {ByteWriter} from './byteWriter'

/** Bits per number: `f32` keeps every one, `u16` and `u8` keep the nearest of 65,536 or 256 steps from min to max. */
export type Precision = 'f32' | 'u16' | 'u8'

export interface ReadNumbers {
  readonly values: Float32Array
  readonly precision: Precision
  /** The largest distance between a value and what it was, as the writer measured it; 0 when nothing was lost. */
  readonly error: number
}

const kinds = {f32: 0, u16: 1, u8: 2} as const
/** Steps are kept as differences from the row above: smooth maps pack better. */
const rowDelta = 16

export interface NumberOptions {
  readonly precision: Precision
  /** Keep differences from the number this many places before. */
  readonly delta?: number | null
}

/**
 * Writes numbers with their smallest and largest, and the error that the rounding has made. What is not finite is kept
 * as float32, all of it. Returns the error.
 */
export function writeNumbers(to: ByteWriter, values: Float32Array, {precision, delta = null}: NumberOptions): number {
  const [min, max] = rangeOf(values)
  if (precision === 'f32' || !(max > min)) {
    writeSingles(to, values)
    return 0
  }
  const stepped = steps(values, min, max, stepsOf(precision))
  const restored = unstepped(stepped, min, max, stepsOf(precision))
  const error = roundedUp(values.reduce((most, value, i) => Math.max(most, Math.abs(value - restored[i]!)), 0))
  to.u8(kinds[precision] + (delta === null ? 0 : rowDelta))
  to.varint(values.length)
  to.f32(min)
  to.f32(max)
  to.f32(error)
  if (delta !== null) to.varint(delta)
  const kept = delta === null ? stepped : differences(stepped, delta, stepsOf(precision))
  to.bytes(precision === 'u8' ? Uint8Array.from(kept) : planes(kept))
  return error
}

/** Reads numbers back. Throws FormatError for a kind that is not known, a range that is none, or too few bytes. */
export function readNumbers(from: ByteReader): ReadNumbers {
  const head = from.u8()
  const count = from.varint()
  const kind = head & ~rowDelta
  if (kind === kinds.f32) return {values: readSingles(from, count), precision: 'f32', error: 0}
  if (kind !== kinds.u8 && kind !== kinds.u16) throw new FormatError(`share: found numbers of kind ${head}; needed 0–2`)
  const precision = kind === kinds.u8 ? 'u8' : 'u16'
  const [min, max, error] = [from.f32(), from.f32(), from.f32()]
  if (!(Number.isFinite(min) && Number.isFinite(max) && max >= min && error >= 0 && Number.isFinite(error))) {
    throw new FormatError(`share: found numbers from ${min} to ${max} with error ${error}; needed finite ones`)
  }
  const delta = head & rowDelta ? from.varint() : null
  const bytes = from.bytes(count * (precision === 'u8' ? 1 : 2))
  const kept = precision === 'u8' ? Uint16Array.from(bytes) : unplaned(bytes)
  const stepped = delta === null ? kept : sums(kept, delta, stepsOf(precision))
  return {values: unstepped(stepped, min, max, stepsOf(precision)), precision, error}
}

const stepsOf = (precision: 'u16' | 'u8') => (precision === 'u8' ? 255 : 65535)

function rangeOf(values: Float32Array): [number, number] {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (!Number.isFinite(value)) return [Number.NaN, Number.NaN]
    if (value < min) min = value
    if (value > max) max = value
  }
  return [min, max]
}

function writeSingles(to: ByteWriter, values: Float32Array) {
  to.u8(kinds.f32)
  to.varint(values.length)
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true)
  })
  to.bytes(bytes)
}

function readSingles(from: ByteReader, count: number): Float32Array {
  const bytes = from.bytes(4 * count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({length: count}, (_, i) => view.getFloat32(4 * i, true))
}

const steps = (values: Float32Array, min: number, max: number, most: number): Uint16Array =>
  Uint16Array.from(values, (value) => Math.round(((value - min) / (max - min)) * most))

const unstepped = (stepped: Uint16Array, min: number, max: number, most: number): Float32Array =>
  Float32Array.from(stepped, (step) => min + (step / most) * (max - min))

const differences = (stepped: Uint16Array, delta: number, mask: number): Uint16Array =>
  stepped.map((step, i) => (i < delta ? step : (step - stepped[i - delta]!) & mask))

function sums(kept: Uint16Array, delta: number, mask: number): Uint16Array {
  if (delta === 0) throw new FormatError('share: found differences from a row of no columns; needed at least one')
  for (let i = delta; i < kept.length; i++) kept[i] = (kept[i]! + kept[i - delta]!) & mask
  return kept
}

// The high bytes of neighbours resemble each other, the low ones do not: apart they pack better.
function planes(values: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(2 * values.length)
  values.forEach((value, i) => {
    bytes[i] = value >> 8
    bytes[values.length + i] = value & 255
  })
  return bytes
}

const unplaned = (bytes: Uint8Array): Uint16Array =>
  Uint16Array.from({length: bytes.length / 2}, (_, i) => (bytes[i]! << 8) | bytes[bytes.length / 2 + i]!)

/** The nearest float32 that is not below: an error is never understated. */
function roundedUp(error: number): number {
  const single = Math.fround(error)
  return single >= error ? single : Math.fround(single * (1 + 2 ** -22) + 2 ** -149)
}
