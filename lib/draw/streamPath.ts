import type {HeadBand, StreamPlot, StreamStroke} from '@/lib/views/liveStream'

/** What lines are drawn with: a canvas, or a path of SVG. */
interface Pen {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void
}

type Place = readonly [x: number, y: number]

// A step is level where it leaves and where it arrives.
function draw(pen: Pen, [x0, y0]: Place, [x, y]: Place, steps: boolean): void {
  const middle = (x0 + x) / 2
  if (steps && y0 !== y) pen.bezierCurveTo(middle, y0, middle, y, x, y)
  else pen.lineTo(x, y)
}

/** Draws a line through its means. Where there is no number it breaks; a number alone is a dot as wide as the pen. */
export function tracePath(pen: Pen, {x, steps}: Pick<StreamPlot, 'x' | 'steps'>, y: Float32Array): void {
  let from: Place | null = null
  for (let i = 0; i < x.length; i++) {
    const to: Place = [x[i]!, y[i]!]
    if (!Number.isFinite(to[1])) {
      from = null
      continue
    }
    if (from) draw(pen, from, to, steps)
    else {
      pen.moveTo(...to)
      if (!Number.isFinite(y[i + 1] ?? Number.NaN)) pen.lineTo(to[0] + 0.01, to[1])
    }
    from = to
  }
}

/** Draws the outline of a band: along its top, and back along its bottom. Breaks where there is no number. */
export function traceBand(
  pen: Pen,
  {x, steps}: Pick<StreamPlot, 'x' | 'steps'>,
  top: Float32Array,
  bottom: Float32Array
): void {
  for (let start = 0; start < x.length; ) {
    let stop = start
    while (stop < x.length && Number.isFinite(top[stop]!)) stop++
    if (stop > start) {
      const way: Place[] = []
      for (let i = start; i < stop; i++) way.push([x[i]!, top[i]!])
      for (let i = stop - 1; i >= start; i--) way.push([x[i]!, bottom[i]!])
      pen.moveTo(...way[0]!)
      for (let i = 1; i < way.length; i++) draw(pen, way[i - 1]!, way[i]!, steps)
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
export function bandPath(plot: StreamPlot, {top, bottom}: StreamStroke | HeadBand): string {
  return written((pen) => traceBand(pen, plot, top, bottom))
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
