/** Which cells each pixel of an axis covers: from `starts[i]` to `stops[i]`, exclusive; none where both are equal. */
export interface PixelSpans {
  readonly starts: Int32Array
  readonly stops: Int32Array
}

export interface MapSpans {
  readonly rows: PixelSpans
  readonly cols: PixelSpans
}

/** How numbers become colours. Colours are four bytes, red the lowest. */
export interface Colouring {
  readonly low: number
  readonly high: number
  /** (256) */
  readonly colours: Uint32Array
  /** Where a cell is not finite. */
  readonly missing: number
  /** Where there is no cell. */
  readonly outside: number
}

export interface ReducedArrays {
  readonly least: Float32Array
  readonly greatest: Float32Array
  readonly mean: Float32Array
}

type Pixel = (at: number, cells: number, least: number, greatest: number, mean: number) => void

/** `reducedMap` on arrays: values (rows, cols), results (height, width), sums in float64. */
export function reduceOnArrays(values: Float32Array, cols: number, spans: MapSpans): ReducedArrays {
  const pixels = spans.rows.starts.length * spans.cols.starts.length
  const result = {
    least: new Float32Array(pixels),
    greatest: new Float32Array(pixels),
    mean: new Float32Array(pixels)
  }
  forEachPixel(values, cols, spans, (at, _, least, greatest, mean) => {
    result.least[at] = least
    result.greatest[at] = greatest
    result.mean[at] = mean
  })
  return result
}

/** `colouredMap` on arrays. */
export function colourOnArrays(
  values: Float32Array,
  cols: number,
  spans: MapSpans,
  {colours, missing, outside, ...range}: Colouring
): Uint32Array {
  const result = new Uint32Array(spans.rows.starts.length * spans.cols.starts.length)
  const {low, factor, offset} = scaleOf(range)
  forEachPixel(values, cols, spans, (at, cells, _, __, mean) => {
    if (cells === 0) result[at] = outside
    else if (Number.isNaN(mean)) result[at] = missing
    else result[at] = colours[(Math.max(0, Math.min(255, (mean - low) * factor + offset)) + 0.5) | 0]!
  })
  return result
}

/** What turns a number into a step on the scale; a range of one value alone takes the middle. */
export function scaleOf({low, high}: Pick<Colouring, 'low' | 'high'>) {
  const factor = high > low ? Math.min(255 / (high - low), 3.4e38) : 0
  return {low, factor, offset: high > low ? 0 : 127.5}
}

function forEachPixel(values: Float32Array, cols: number, spans: MapSpans, visit: Pixel): void {
  const width = spans.cols.starts.length
  for (let y = 0; y < spans.rows.starts.length; y++) {
    const [top, bottom] = [spans.rows.starts[y]!, spans.rows.stops[y]!]
    for (let x = 0; x < width; x++) {
      const [left, right] = [spans.cols.starts[x]!, spans.cols.stops[x]!]
      let least = Number.POSITIVE_INFINITY
      let greatest = Number.NEGATIVE_INFINITY
      let sum = 0
      let finite = true
      for (let row = top; row < bottom; row++)
        for (let at = row * cols + left; at < row * cols + right; at++) {
          const value = values[at]!
          // The difference of two infinities, and of NaN with anything, is not zero.
          if (value - value !== 0) finite = false
          if (value < least) least = value
          if (value > greatest) greatest = value
          sum += value
        }
      const cells = Math.max(0, (bottom - top) * (right - left))
      const known = finite && cells > 0
      visit(y * width + x, cells, known ? least : NaN, known ? greatest : NaN, known ? sum / cells : NaN)
    }
  }
}
