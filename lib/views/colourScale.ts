import {divergingRamp, type Ramp, rampColour, sequentialRamp, type Theme} from '@/lib/core/colour'
import type {Grid} from '@/lib/core/grid'
import {fixed, signed} from '@/lib/core/number'
import type {Interval} from '@/lib/explain/explanation'
import type {PanelFrame} from '@/lib/views/frame'
import {textWidth} from '@/lib/views/rowText'

/** Which number gets which colour, and how both ends are written. */
export interface ColourScale {
  readonly ramp: Ramp
  /** Unlike that of any scale with other colours. */
  readonly name: string
  readonly domain: Interval
  readonly low: string
  readonly high: string
  readonly text: string
}

/** The colour scale with both ends; y is the middle of its line. */
export interface ColourLegend {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly low: string
  readonly high: string
  /** What the numbers are: `density`, `Importance Factor`, `against untrained`. */
  readonly text: string
  /** Colours at equal distances, low to high. */
  readonly stops: readonly string[]
  readonly name: string
}

/** Density and Importance Factor: low recedes into the page. */
export const sequentialScale = (domain: Interval, text: string, theme: Theme): ColourScale => {
  const digits = digitsFor(domain)
  return {
    ramp: sequentialRamp(theme),
    name: `sequential-${theme}`,
    domain,
    low: fixed(domain[0], digits),
    high: fixed(domain[1], digits),
    text
  }
}

/** Differences from zero, up to `limit` both ways. */
export const divergingScale = (limit: number, theme: Theme): ColourScale => {
  const digits = digitsFor([-limit, limit])
  return {
    ramp: divergingRamp(theme),
    name: `diverging-${theme}`,
    domain: [-limit, limit],
    low: signed(-limit, digits),
    high: signed(limit, digits),
    text: 'against untrained'
  }
}

/** Decimals that keep the ends of a range apart: two, or as many as the range's own second figure needs. */
export function digitsFor([low, high]: Interval): number {
  const range = high - low
  return range > 0 ? Math.max(2, Math.min(8, Math.ceil(1 - Math.log10(range) - 1e-9))) : 3
}

/** The smallest and largest finite value; null when none is finite. */
export function finiteExtent({values}: Grid): Interval | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return low <= high ? [low, high] : null
}

/** The legend of a scale, on the frame's line for it. */
export function legendOf({low, high, text, ramp, name}: ColourScale, frame: PanelFrame): ColourLegend {
  const x = textWidth(low, 11.5) + 7
  return {
    x,
    y: frame.keyY,
    width: Math.max(40, Math.min(150, frame.width * 0.4)),
    low,
    high,
    text,
    name,
    stops: Array.from({length: 17}, (_, i) => rampColour(ramp, i / 16))
  }
}
