import type {Explanation} from '@/lib/explain/explanation'

// Zero-width, direction and control characters: they can make a text read as another one.
const deceptive = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu

/** Words of a stranger as one line of visible characters. */
export const visibleLine = (text: string): string => text.replace(/\s+/gu, ' ').replace(deceptive, '').trim()

/** The same explanation with every text of it, names and sentences alike, as visible characters. */
export const visible = (explanation: Explanation): Explanation => visibleIn(explanation) as Explanation

function visibleIn(value: unknown): unknown {
  if (typeof value === 'string') return visibleLine(value)
  if (Array.isArray(value)) return value.map(visibleIn)
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visibleIn(inner)]))
}
