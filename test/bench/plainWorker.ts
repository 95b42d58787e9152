import type {Quadratic} from './quadratic'

/** Rows start..stop of x, each of `heads.length` chunks of `items`, weighted into output. */
export interface Share {
  readonly x: Float32Array
  readonly output: Float32Array
  readonly heads: readonly Quadratic[]
  readonly items: number
  readonly start: number
  readonly stop: number
}

const epsilon = 1e-8
let share: Share | null = null

self.onmessage = ({data}: MessageEvent<Share | null>) => {
  if (data) share = data
  else if (share) weigh(share)
  self.postMessage(null)
}

function weigh({x, output, heads, items, start, stop}: Share): void {
  const width = heads.length * items
  for (let row = start; row < stop; row++) {
    for (let head = 0; head < heads.length; head++) {
      chunk(x, output, row * width + head * items, items, heads[head]!)
    }
  }
}

// The quadratic form. Written as one would for speed: locals, no closures, no temporary arrays.
function chunk(x: Float32Array, output: Float32Array, at: number, items: number, head: Quadratic): void {
  const end = at + items
  let mean = 0
  for (let i = at; i < end; i++) mean += x[i]!
  mean /= items
  let squares = 0
  for (let i = at; i < end; i++) {
    const d = x[i]! - mean
    squares += d * d
  }
  const inverse = 1 / (squares / (items - 1) + epsilon)
  const a = head.square * inverse
  const b = head.linear * inverse
  const c = head.logPeak - head.constant * inverse
  let sum = 0
  for (let i = at; i < end; i++) {
    const d = x[i]! - mean
    const weight = Math.exp((b - a * d) * d + c)
    output[i] = weight
    sum += weight
  }
  const scale = 1 / Math.max(sum, epsilon)
  for (let i = at; i < end; i++) output[i] = x[i]! * output[i]! * scale
}
