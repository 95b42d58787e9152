import {fixed} from '@/lib/core/number'
import {extent} from '@/lib/core/statistics'
import type {HeadGaussians} from '@/lib/explain/explanation'
import type {Axis} from '@/lib/views/axis'
import type {HeadBlock, PanelFrame} from '@/lib/views/frame'
import {linear} from '@/lib/views/linear'
import {signedTicks} from '@/lib/views/signedTicks'

/** A small plot of offset (across) against spread (up): a dot per curve, and a cross where training began. */
export interface SpreadScatter {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** SVG path data, one zero-length stroke per dot. */
  readonly dots: string
  readonly initial: {readonly x: number; readonly y: number}
  /** Smallest, initial and largest spread, written to the left. */
  readonly labels: readonly {readonly y: number; readonly text: string}[]
}

/** Where the scatters of all heads stand, on scales that they share. */
export interface ScatterPlace {
  readonly scatterOf: (head: HeadGaussians, block: HeadBlock) => SpreadScatter
  readonly axis: Axis
}

/** Scatters from `left` to the right edge of the frame, at most 340 px wide. */
export function scatterPlace(heads: readonly HeadGaussians[], left: number, frame: PanelFrame): ScatterPlace {
  const width = Math.min(340, frame.width - left)
  const offsets = heads.flatMap((head) => extentOf(head.offsetZ ?? head.offset))
  const reach = Math.max(0.05, ...offsets.map(Math.abs)) * 1.1
  const [low, high] = extentOf(heads.flatMap((head) => [...extentOf(head.spread), initialSpread(head)]))
  const air = Math.max(0.02, (high - low) * 0.08)
  const x = linear([-reach, reach], [left, left + width])
  const inZ = heads.every(({offsetZ}) => offsetZ !== null)
  return {
    axis: {
      x0: left,
      x1: left + width,
      y: frame.axisY,
      ticks: signedTicks(reach, 4).map(({value, text}) => ({x: x(value), text})),
      title: inZ ? 'offset, in z, against spread' : 'offset, in raw units, against spread'
    },
    scatterOf: (head, block) => {
      const y = linear([low - air, high + air], [block.y + block.height - 2, block.y + 2])
      const initial = initialSpread(head)
      const written = block.height > 46 ? [low, initial, high] : [initial]
      return {
        x: left,
        y: block.y,
        width,
        height: block.height,
        dots: dotsOf(head, x, y),
        initial: {x: x(0), y: y(initial)},
        labels: apart(written.map((spread) => ({y: y(spread) + 4, text: fixed(spread, 2)})))
      }
    }
  }
}

// The stored spread of an untrained head: c itself, or where c enters squared the square root of its variance.
const initialSpread = ({kind, initialVariance}: HeadGaussians): number =>
  kind === 'feature' ? initialVariance : Math.sqrt(initialVariance)

function extentOf(values: Iterable<number>): [number, number] {
  const finite = Array.from(values).filter(Number.isFinite)
  return finite.length > 0 ? extent(finite) : [0, 0]
}

// Dots that would cover one another to half a pixel are drawn once.
function dotsOf(head: HeadGaussians, x: (offset: number) => number, y: (spread: number) => number): string {
  const offsets = head.offsetZ ?? head.offset
  const places = new Set<string>()
  head.spread.forEach((spread, i) => {
    const [px, py] = [x(offsets[i]!), y(spread)]
    if (Number.isFinite(px) && Number.isFinite(py)) places.add(`M${half(px)},${half(py)}h0`)
  })
  return [...places].join('')
}

const half = (px: number): number => Math.round(px * 2) / 2

function apart<T extends {readonly y: number}>(labels: readonly T[]): T[] {
  return labels.filter(({y}, i) => labels.every((other, k) => k <= i || Math.abs(other.y - y) >= 12))
}
