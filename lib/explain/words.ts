import {fixed} from '@/lib/core/number'

/** `0.81–0.83`; with an end below zero `−0.02 to 0.01`, since a dash before a minus cannot be read. */
export function range([low, high]: readonly [number, number], places: number): string {
  const [from, to] = [fixed(low, places), fixed(high, places)]
  return /[1-9]/.test(from + to) && low < 0 ? `${from} to ${to}` : `${from}–${to}`
}

/** `1, 2 and 5`; of more than `most` the first, and `9 more`. */
export function list(items: readonly (string | number)[], most = 6): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

/** Ascending numbers, neighbours joined: `1 to 3 and 6`. */
export function runs(numbers: readonly number[]): string {
  const groups: number[][] = []
  for (const n of numbers) {
    if (groups.at(-1)?.at(-1) === n - 1) groups.at(-1)!.push(n)
    else groups.push([n])
  }
  const said = groups.flatMap((group) => (group.length > 2 ? `${group[0]} to ${group.at(-1)}` : group.map(String)))
  return list(said)
}

/** The same word at the head of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
