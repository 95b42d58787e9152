import {fixed} from '@/lib/core/number'
import {tickStep, ticks} from '@/lib/views/ticks'

/** Round values from −limit to +limit, about `wanted` of them, written with a true minus and no needless zeros. */
export function signedTicks(limit: number, wanted: number): {readonly value: number; readonly text: string}[] {
  const step = tickStep(-limit, limit, wanted)
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  return ticks(-limit, limit, wanted).map((value) => ({value, text: value === 0 ? '0' : fixed(value, digits)}))
}
