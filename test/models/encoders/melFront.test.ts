import {describe, expect, it} from 'vitest'
import type {MelSettings} from '@/lib/models/encoders/description'
import {loadEncoder} from '@/lib/models/encoders/encoder'
import {logMel} from '@/lib/models/encoders/logMel'
import {memoryArchive} from '../../fixtures/memoryArchive'
import conventions from '../../fixtures/sounds/mel.json' with {type: 'json'}
import {type Packed, unpack} from '../fixtures'

const {
  sampleRate,
  settings,
  wave: packed
} = conventions[0] as unknown as {
  readonly sampleRate: number
  readonly settings: MelSettings
  readonly wave: Packed
}
const wave = unpack(packed)
const input = {kind: 'waveform', sampleRate, samples: wave.length, mel: settings, convolutions: [] as object[]}
const description = {version: 1, input, blocks: 0, frames: 12, states: 'log mel frames'}
const front = (changes: object = {}) =>
  loadEncoder(memoryArchive({__metadata__: {encoder: JSON.stringify({...description, ...changes})}}))

describe('an encoder of no layers', () => {
  it('gives the frames themselves, bands down and frames across, the first frames where there are more', async () => {
    const encoder = await front()
    const values = await encoder.states([{values: wave}, {values: wave}])
    const frames = logMel(wave, sampleRate, settings)
    expect(frames).toHaveLength(13 * 128)
    expect(encoder.stateShape).toEqual([1, 128, 12])
    expect(values).toHaveLength(2 * 128 * 12)
    for (const [band, frame] of [
      [0, 0],
      [5, 3],
      [127, 11]
    ] as const)
      expect(values[128 * 12 + band * 12 + frame]).toBe(frames[frame * 128 + band])
  })

  it('fills with silence where there are fewer', async () => {
    const encoder = await front({frames: 20, input: {...input, mel: {...settings, mean: -4, deviation: 2}}})
    const values = await encoder.states([{values: wave}])
    for (const band of [40, 127]) {
      expect(values[band * 20 + 12]).not.toBe(values[band * 20 + 13])
      expect(values[band * 20 + 13]).toBeCloseTo((Math.log(settings.floor) + 4) / 2, 5)
      expect(values[band * 20 + 19]).toBe(values[band * 20 + 13])
    }
  })

  it.each([
    ['blocks', {blocks: 2}, 'found blocks 2; needed 0 where log mel frames come out'],
    ['no count of frames', {frames: 0}, 'found frames 0; needed a count up to 65,536'],
    [
      'convolutions',
      {input: {...input, convolutions: [{stride: 2, padding: 1}]}},
      'needed a waveform with its sizes and no convolutions'
    ],
    ['a convention nobody knows', {input: {...input, mel: {...settings, norm: 'l1'}}}, 'needed a waveform']
  ])('is refused with %s', async (_, changes, sentence) => {
    await expect(front(changes)).rejects.toThrow(sentence)
  })

  it.each([
    ['silence', new Float32Array(wave.length), 'Found silence: no band of any of the 13 frames holds more than'],
    [
      'what is no number',
      wave.with(7, Number.NaN),
      'Found NaN at sample 8 of 2,400; needed a sound of finite numbers.'
    ],
    ['another length', wave.slice(1), 'takes a sound of 2400 samples at 16000 Hz; found 2399 values']
  ])('refuses %s in a sentence', async (_, values, sentence) => {
    await expect((await front()).states([{values}])).rejects.toThrow(sentence)
  })
})
