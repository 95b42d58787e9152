import {fixed} from '@/lib/core/number'

/** Milliseconds as minutes and seconds: 65,000 → `1:05`; with `digits` after the point, `1:05.2`. */
export function timeText(ms: number, digits = 0): string {
  // Rounded first, or 59.99 s would be sixty.
  const seconds = Number((ms / 1000).toFixed(digits))
  const minutes = Math.floor(seconds / 60)
  return `${minutes}:${fixed(seconds - 60 * minutes, digits).padStart(digits > 0 ? digits + 3 : 2, '0')}`
}

const steps = [
  10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
  1_800_000, 3_600_000
]

/** Round times within [from, to] ms, at most `most` of them, and how they are written. */
export function timeTicks([from, to]: readonly [number, number], most: number): {value: number; text: string}[] {
  const hours = Math.ceil((to - from) / most / 3_600_000)
  const step = steps.find((one) => (to - from) / one <= most) ?? hours * 3_600_000
  const digits = step < 100 ? 2 : step < 1000 ? 1 : 0
  const ticks = []
  for (let tick = Math.ceil(from / step); tick * step <= to; tick++) ticks.push(tick * step)
  return ticks.map((value) => ({value, text: timeText(value, digits)}))
}
