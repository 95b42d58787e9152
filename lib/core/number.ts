// How numbers are written for a reader: tabular figures, a true minus, no-break spaces before units.
const minus = '\u2212'
const noBreak = '\u00a0'

/** 1085 → `1,085`. */
export const count = (n: number): string => whole.format(n)

// Made once: a map that is zoomed writes its axis sixty times a second.
const whole = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0})

/** 0.8312 → `0.83`; a value that rounds to zero carries no sign, and what is not finite is a dash. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '–'
  const text = Math.abs(value).toFixed(digits)
  return value < 0 && Number(text) !== 0 ? minus + text : text
}

/** −0.0174 → `−0.017`, 0.0174 → `+0.017`, nothing left of it → `0.000`. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits)
  return value > 0 && Number(text) !== 0 ? `+${text}` : text
}

/** 0.946 → `94.6 %`. */
export const percent = (share: number, digits = 1): string => `${fixed(share * 100, digits)}${noBreak}%`

/** 312 480 → `0.3 MB`. Decimal units, as file managers of most systems count. */
export function bytes(size: number): string {
  if (size < 1000) return `${size}${noBreak}B`
  if (size < 100_000) return `${fixed(size / 1e3, 1)}${noBreak}KB`
  if (size < 1e9) return `${fixed(size / 1e6, 1)}${noBreak}MB`
  return `${fixed(size / 1e9, 1)}${noBreak}GB`
}

/** 3 → `3rd`. */
export function ordinal(n: number): string {
  const tens = n % 100
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}

/** (1, `layer`) → `1 layer`, (12, `layer`) → `12 layers`. */
export const plural = (n: number, noun: string, many = `${noun}s`): string => `${count(n)} ${n === 1 ? noun : many}`
