import {count} from '@/lib/core/number'
import type {Tick} from '@/lib/views/axis'
import type {CellWindow} from '@/lib/views/cellWindow'
import {textWidth} from '@/lib/views/rowText'

const fontSize = 11.5
const air = 10

/**
 * Ticks for numbered columns, counted from `first`: round numbers at about six steps, the first and last column when
 * they are in view, and never two labels that touch.
 */
export function columnTicks([start, stop]: CellWindow, cols: number, width: number, first: 0 | 1 = 1): Tick[] {
  const extent = stop - start
  const x = (number: number): number => ((number - first + 0.5 - start) / extent) * width
  const labelRoom = textWidth(count(Math.ceil(stop)), fontSize) + air
  const step = roundStep(Math.max(extent / 6, (labelRoom / width) * extent), cols)
  const inner: number[] = []
  const [low, high] = [start - 0.5 + first, stop - 0.5 + first]
  for (let n = Math.ceil(low / step) * step; n <= high; n += step) if (n >= first && n < cols + first) inner.push(n)
  const ends = [start < 1 ? first : null, stop > cols - 1 ? cols - 1 + first : null].filter((n) => n !== null)
  return keepApart([...ends, ...inner], x)
    .sort((a, b) => a - b)
    .map((number) => ({x: x(number), text: count(number)}))
}

/** The same down an axis of rows counted from zero: there a label is as high as a line, and `x` is the way down. */
export function rowTicks([start, stop]: CellWindow, rows: number, height: number): Tick[] {
  const extent = stop - start
  const line = 16
  const step = roundStep(Math.max(extent / 8, (line / height) * extent), rows)
  const y = (row: number) => ((row + 0.5 - start) / extent) * height
  const inner: number[] = []
  for (let n = Math.ceil((start - 0.5) / step) * step; n <= stop - 0.5; n += step) if (n >= 0 && n < rows) inner.push(n)
  const ends = [start < 1 ? 0 : null, stop > rows - 1 ? rows - 1 : null].filter((n) => n !== null)
  const kept: number[] = []
  for (const n of [...ends, ...inner])
    if (kept.every((other) => other !== n && Math.abs(y(other) - y(n)) >= line)) kept.push(n)
  return kept.sort((a, b) => a - b).map((n) => ({x: y(n), text: count(n)}))
}

// Feature counts are often multiples of powers of two, and then so are their round numbers.
function roundStep(least: number, cols: number): number {
  if (cols % 16 === 0 && least > 5) return 2 ** Math.ceil(Math.log2(least))
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)))
  return Math.max(1, [1, 2, 5, 10].map((m) => m * power).find((s) => s >= least)!)
}

// Earlier numbers take precedence: the ends come before what lies between them.
function keepApart(numbers: readonly number[], x: (number: number) => number): number[] {
  const kept: number[] = []
  for (const number of numbers) {
    const room = (other: number) => (textWidth(count(number), fontSize) + textWidth(count(other), fontSize)) / 2 + air
    if (kept.every((other) => other !== number && Math.abs(x(other) - x(number)) >= room(other))) kept.push(number)
  }
  return kept
}
