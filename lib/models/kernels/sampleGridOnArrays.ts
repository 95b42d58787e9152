export interface MapShape {
  readonly n: number
  /** n, or 1 where all share one. */
  readonly maps: number
  readonly rows: number
  readonly cols: number
  readonly channels: number
  readonly groups: number
  readonly points: number
}

/** One of the four cells around a point, that is on the map. */
interface Corner {
  /** Where its channels begin. */
  readonly first: number
  readonly weight: number
  /** How the weight changes while the point moves a cell down, and a cell across. */
  readonly down: number
  readonly across: number
}

/** Bilinear reading on arrays, in float64 between. */
export function sampleOnArrays(x: Float32Array, points: Float32Array, y: Float32Array, shape: MapShape): void {
  eachPoint(points, shape, ({corners, channel, own, flow, missing}) => {
    for (let c = 0; c < own; c++) {
      let sum = missing ? Number.NaN : 0
      for (const {first, weight} of corners) sum += weight * x[first + channel + c]!
      y[flow + c] = sum
    }
  })
}

/** Its gradient to the map: what each point read flows back to the four cells it was read from. */
export function scatterOnArrays(flowing: Float32Array, points: Float32Array, x: Float32Array, shape: MapShape): void {
  const sums = new Float64Array(x.length)
  eachPoint(points, shape, ({corners, channel, own, flow}) => {
    for (const {first, weight} of corners)
      for (let c = 0; c < own; c++) sums[first + channel + c]! += weight * flowing[flow + c]!
  })
  x.set(sums)
}

/** Its gradient to the points: how what was read changes on the way to the next row and to the next column. */
export function pointGradientOnArrays(
  flowing: Float32Array,
  points: Float32Array,
  x: Float32Array,
  back: Float32Array,
  shape: MapShape
): void {
  eachPoint(points, shape, ({corners, channel, own, flow, at}) => {
    let [toDown, toAcross] = [0, 0]
    for (const {first, down, across} of corners) {
      let sum = 0
      for (let c = 0; c < own; c++) sum += flowing[flow + c]! * x[first + channel + c]!
      toDown += sum * down
      toAcross += sum * across
    }
    back[at] = (toDown * (shape.rows - 1)) / 2
    back[at + 1] = (toAcross * (shape.cols - 1)) / 2
  })
}

interface Reading {
  readonly corners: readonly Corner[]
  /** The first channel of the point's group, and how many it has. */
  readonly channel: number
  readonly own: number
  /** Where what it reads is written, and where its coordinates stand. */
  readonly flow: number
  readonly at: number
  /** Whether it lies nowhere. */
  readonly missing: boolean
}

function eachPoint(points: Float32Array, shape: MapShape, read: (reading: Reading) => void): void {
  const {n, channels, groups, points: count} = shape
  const own = channels / groups
  for (let sample = 0; sample < n; sample++)
    for (let group = 0; group < groups; group++)
      for (let point = 0; point < count; point++) {
        const at = ((sample * groups + group) * count + point) * 2
        const channel = group * own
        const corners = cornersOf(points[at]!, points[at + 1]!, shape, sample)
        const missing = Number.isNaN(points[at]! + points[at + 1]!)
        read({corners, channel, own, flow: (sample * count + point) * channels + channel, at, missing})
      }
}

function cornersOf(y: number, x: number, {maps, rows, cols, channels}: MapShape, sample: number): Corner[] {
  const [down, across] = [((y + 1) / 2) * (rows - 1), ((x + 1) / 2) * (cols - 1)]
  const [top, left] = [Math.floor(down), Math.floor(across)]
  const start = maps === 1 ? 0 : sample * rows * cols
  const corners: Corner[] = []
  for (const below of [0, 1])
    for (const right of [0, 1]) {
      const [row, col] = [top + below, left + right]
      if (!(row >= 0 && row < rows && col >= 0 && col < cols)) continue
      const tall = below ? down - top : 1 - (down - top)
      const wide = right ? across - left : 1 - (across - left)
      corners.push({
        first: (start + row * cols + col) * channels,
        weight: tall * wide,
        down: (below ? 1 : -1) * wide,
        across: (right ? 1 : -1) * tall
      })
    }
  return corners
}
