import type {MapPlane} from '@/lib/models/family'
import type {PlaneBox, PlaneFrame} from '@/lib/views/planeCells'

/** Columns of a plane, first inclusive, last exclusive. */
export type PlaneSpan = readonly [start: number, stop: number]

/** Whether the plane's way across is time, so that a span of it can be heard. */
export const hasTime = ({acrossName}: MapPlane): boolean => acrossName === 'time'

/** The band that a brushed span covers. */
export function spanBox({plane, width, height}: PlaneFrame, [start, stop]: PlaneSpan): PlaneBox {
  return {x: (start / plane.width) * width, y: 0, width: ((stop - start) / plane.width) * width, height}
}

/** The span between two columns, whichever was first. */
export const spanBetween = (a: number, b: number): PlaneSpan => [Math.min(a, b), Math.max(a, b) + 1]

/** A sound's samples from the span's share of it. */
export const spanSamples = ({width}: MapPlane, [start, stop]: PlaneSpan, samples: number): PlaneSpan => [
  Math.floor((start / width) * samples),
  Math.ceil((stop / width) * samples)
]

/** "0.25–0.50 s of 1.00 s", or "time 6 to 12 of 24" where seconds are unknown. */
export function spanText({width}: MapPlane, [start, stop]: PlaneSpan, seconds: number | null): string {
  if (seconds === null) return `time ${start + 1}${stop - start > 1 ? ` to ${stop}` : ''} of ${width}`
  const at = (column: number) => ((column / width) * seconds).toFixed(2)
  return `${at(start)}–${at(stop)} s of ${seconds.toFixed(2)} s`
}

/** The share of a row's attention that lies in a span, all frequencies together. */
export function shareInSpan({height, width}: MapPlane, row: Float32Array, [start, stop]: PlaneSpan): number {
  let [within, all] = [0, 0]
  for (let i = 0; i < height * width; i++) {
    all += row[i]!
    if (i % width >= start && i % width < stop) within += row[i]!
  }
  return within / all
}
