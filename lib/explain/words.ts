// How numbers are written in sentences: true minus, en dash in ranges, no-break space before %.

const minus = '\u2212'
const noBreak = '\u00a0'

/** `places` digits after the point; what rounds to zero has no sign. */
export function fixed(value: number, places: number): string {
  const digits = Math.abs(value).toFixed(places)
  return value < 0 && Number(digits) !== 0 ? minus + digits : digits
}

/** The same with a plus where the value is above zero. */
export function signed(value: number, places: number): string {
  const text = fixed(value, places)
  return value > 0 && Number(text) !== 0 ? `+${text}` : text
}

/** 0.093 as `9.3 %`. */
export const percent = (fraction: number, places = 1): string => `${fixed(fraction * 100, places)}${noBreak}%`

/** `0.81–0.83`; with a negative end `−0.02 to 0.01`, since a dash before a minus cannot be read. */
export function range([low, high]: readonly [number, number], places: number): string {
  const [from, to] = [fixed(low, places), fixed(high, places)]
  return from.startsWith(minus) || to.startsWith(minus) ? `${from} to ${to}` : `${from}–${to}`
}

/** 1st, 2nd, 3rd, 4th, 11th. */
export function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13
  return `${n}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`
}

/** 5,120 */
export const whole = (n: number): string => Math.round(n).toLocaleString('en-US')

/** `1 input`, `30 inputs` */
export const counted = (n: number, noun: string): string => `${whole(n)} ${n === 1 ? noun : `${noun}s`}`

/** `1, 2 and 5`; after `most` of them `1, 2, 3 and 9 more`. */
export function list(items: readonly (string | number)[], most = 6): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

/** Neighbouring numbers joined: `1 to 3 and 6`. */
export function runs(numbers: readonly number[]): string {
  const groups: number[][] = []
  for (const n of numbers) {
    if (groups.at(-1)?.at(-1) === n - 1) groups.at(-1)!.push(n)
    else groups.push([n])
  }
  const said = groups.flatMap((group) => (group.length > 2 ? `${group[0]} to ${group.at(-1)}` : group.map(String)))
  return list(said, Number.POSITIVE_INFINITY)
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
