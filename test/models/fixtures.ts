import {expect} from 'vitest'
import type {TensorValues} from '@/lib/formats/archive'
import type {Settings} from '@/lib/models/family'
import {type MemoryTensor, memoryArchive, tensor} from '../fixtures/memoryArchive'

/** An array as test/reference/make_models.py wrote it: little-endian float32 in base64. */
export interface Packed {
  readonly shape: readonly number[]
  readonly values: string
}

/** One small model, an input, and the answers in float64, rounded once. */
export interface ModelFixture {
  readonly name: string
  readonly parameters: Readonly<Record<string, Packed>>
  readonly settings: Settings
  readonly input: Packed
  readonly expected: {
    readonly density: Packed
    readonly standardised?: Packed
    readonly deviation?: Packed
    readonly untrained?: Packed
    readonly logits?: Packed
    readonly output?: Packed
    readonly attention?: readonly Packed[]
    /** By name, for families beyond the first two. */
    readonly details?: Readonly<Record<string, Packed>>
    /** The map that needs no input. */
    readonly weights?: Packed
  }
}

export function unpack({values}: Packed): Float32Array {
  const bytes = Uint8Array.from(atob(values), (character) => character.charCodeAt(0))
  return new Float32Array(bytes.buffer)
}

const unpackTensor = (packed: Packed): MemoryTensor => tensor(packed.shape, unpack(packed))

export const inputOf = ({input}: ModelFixture): TensorValues => ({
  dtype: 'f32',
  shape: input.shape,
  values: unpack(input)
})

/** The checkpoint as a training script would save it. */
export const archiveOf = ({parameters}: ModelFixture) =>
  memoryArchive({
    epoch: 1,
    state_dict: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, unpackTensor(value)]))
  })

const ABSOLUTE = 1e-5
const RELATIVE = 1e-4

/** Every number within 1e-5, or within 1e-4 of its size; NaN and infinity in the same places. */
export function expectClose(what: string, actual: Float32Array | null | undefined, expected: Packed): void {
  const wanted = unpack(expected)
  expect(actual?.length, `${what}: how many numbers`).toBe(wanted.length)
  let worst = {excess: 0, text: ''}
  for (const [i, want] of wanted.entries()) {
    const got = actual![i]!
    if (Object.is(got, want) || got === want) continue
    const error = Math.abs(got - want)
    const excess = error / Math.max(ABSOLUTE, RELATIVE * Math.abs(want))
    if (!(excess <= Math.max(worst.excess, 1))) {
      worst = {excess, text: `${what}[${i}] is ${got}, ${want} was expected`}
      if (Number.isNaN(excess)) break
    }
  }
  expect(worst.text).toBe('')
}
