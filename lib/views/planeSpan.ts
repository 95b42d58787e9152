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

/** A sound in seconds: how long it is, and which stretch of it the plane's way across stands for. */
export interface PlaneTime {
  readonly duration: number
  readonly stretch: readonly [from: number, to: number]
}

/** The seconds of a sound that lie under a span. */
export function spanSeconds(
  {width}: MapPlane,
  [start, stop]: PlaneSpan,
  {duration, stretch: [from, to]}: PlaneTime
): readonly [from: number, to: number] {
  const at = (column: number) => Math.max(0, Math.min(duration, from + (column / width) * (to - from)))
  return [at(start), at(stop)]
}

/** "0.25–0.50 s of 1.00 s", or "time 6 to 12 of 24" where seconds are unknown. */
export function spanText(plane: MapPlane, span: PlaneSpan, time: PlaneTime | null): string {
  const [start, stop] = span
  if (time === null) return `time ${start + 1}${stop - start > 1 ? ` to ${stop}` : ''} of ${plane.width}`
  const [from, to] = spanSeconds(plane, span, time).map((second) => second.toFixed(2))
  return `${from}–${to} s of ${time.duration.toFixed(2)} s`
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
