import {describe, expect, it} from 'vitest'
import type {MelSettings} from '@/lib/models/encoders/description'
import {frameCount, logMel} from '@/lib/models/encoders/logMel'
import mel from '../../fixtures/encoders/mel.json' with {type: 'json'}
import conventions from '../../fixtures/sounds/mel.json' with {type: 'json'}
import {expectClose, type Packed, unpack} from '../fixtures'

interface MelFixture {
  readonly name: string
  readonly sampleRate: number
  readonly settings: MelSettings
  readonly wave: Packed
  readonly frames: Packed
}

describe('log mel frames are torchaudio’s and librosa’s', () => {
  for (const {name, sampleRate, settings, wave, frames} of [...mel, ...conventions] as unknown as MelFixture[])
    it(name, () => {
      expectClose('frames', logMel(unpack(wave), sampleRate, settings), frames)
      expect(frameCount(wave.shape[0]!, settings)).toBe(frames.shape[0])
    })

  it('a sound too short for a frame has none', () => {
    const [{settings}] = mel as unknown as [MelFixture]
    expect(logMel(new Float32Array(settings.fft - 1), 8000, settings)).toHaveLength(0)
  })
})
