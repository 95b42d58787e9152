import {count} from '@/lib/core/number'
import type {SoundInput} from '@/lib/models/encoders/description'

/** How a sound becomes what the encoder hears, in a line: rate, window, hop, bands, scale, ends. */
export function melText({sampleRate, mel}: Pick<SoundInput, 'sampleRate' | 'mel'>): string {
  const {fft, window, hop, bands, low, high, scale, norm, center, ends} = mel
  const ms = (samples: number) => `${short((samples / sampleRate) * 1000)}${noBreak}ms`
  const scales = {htk: 'HTK', slaney: 'Slaney'}
  return [
    `${short(sampleRate / 1000)}${noBreak}kHz`,
    `Hann windows of ${ms(window)} every ${ms(hop)}${fft === window ? '' : ` (FFT ${count(fft)})`}`,
    `${bands} ${scales[scale]} mels${norm ? ' of area 1' : ''} from ${short(low)}${noBreak}to${noBreak}${short(high)}${noBreak}Hz`,
    center ? `centred, ends ${ends === 'zeros' ? 'in silence' : 'mirrored'}` : 'not centred'
  ].join(', ')
}

const noBreak = '\u00a0'
const decimal = new Intl.NumberFormat('en', {maximumFractionDigits: 2})
const short = (value: number) => decimal.format(value)
