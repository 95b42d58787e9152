import type {HeadBand, StreamPlot, StreamStroke} from '@/lib/views/liveStream'

/** What lines are drawn with: a canvas, or a path of SVG. */
interface Pen {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void
}

/** Draws a line through its means. Where there is no number it breaks; a number alone is a dot as wide as the pen. */
export function tracePath(pen: Pen, {x, steps}: Pick<StreamPlot, 'x' | 'steps'>, y: Float32Array): void {
  let from: readonly [number, number] | null = null
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i]!, y[i]!]
    if (!Number.isFinite(py)) {
      from = null
      continue
    }
    if (from === null) {
      pen.moveTo(px, py)
      if (!Number.isFinite(y[i + 1] ?? Number.NaN)) pen.lineTo(px + 0.01, py)
    } else if (steps && from[1] !== py) {
      // Level where it leaves and where it arrives.
      const middle = (from[0] + px) / 2
      pen.bezierCurveTo(middle, from[1], middle, py, px, py)
    } else pen.lineTo(px, py)
    from = [px, py]
  }
}

/** Draws the outline of a band: along its top, and back along its bottom. Breaks where there is no number. */
export function traceBand(pen: Pen, x: Float32Array, top: Float32Array, bottom: Float32Array): void {
  for (let start = 0; start < x.length; ) {
    let stop = start
    while (stop < x.length && Number.isFinite(top[stop]!)) stop++
    if (stop > start) {
      pen.moveTo(x[start]!, top[start]!)
      for (let i = start + 1; i < stop; i++) pen.lineTo(x[i]!, top[i]!)
      for (let i = stop - 1; i >= start; i--) pen.lineTo(x[i]!, bottom[i]!)
    }
    start = stop + 1
  }
}

const two = (value: number) => Math.round(value * 100) / 100

/** SVG path data of a stroke's means. */
export function strokePath(plot: StreamPlot, {mean}: StreamStroke): string {
  return written((pen) => tracePath(pen, plot, mean))
}

/** SVG path data of what a stroke went through, or of what the means of a head span. */
export function bandPath({x}: StreamPlot, {top, bottom}: StreamStroke | HeadBand): string {
  return written((pen) => traceBand(pen, x, top, bottom))
}

function written(trace: (pen: Pen) => void): string {
  const parts: string[] = []
  trace({
    moveTo: (x, y) => parts.push(`M${two(x)},${two(y)}`),
    lineTo: (x, y) => parts.push(`L${two(x)},${two(y)}`),
    bezierCurveTo: (...places) => parts.push(`C${places.map(two).join(',')}`)
  })
  return parts.join('')
}
