import {quickExp} from './quickExp'

/** The least variance, as the authors have it. */
export const leastVariance = 1e-6

export interface GateAttributes {
  readonly channelsFirst: boolean
  readonly guard: number
  readonly masked: boolean
}

export interface GateShape {
  readonly n: number
  readonly positions: number
  readonly channels: number
}

/** The axes of x, which are two ways round. */
export function gateShape(
  [n = 0, second = 0, third = 0]: readonly number[],
  {channelsFirst}: GateAttributes
): GateShape {
  return channelsFirst ? {n, positions: third, channels: second} : {n, positions: second, channels: third}
}

type Arrays<Name extends string> = Readonly<Record<Name, Float32Array>>

/** The gate on arrays, in float64 between. */
export function gateFormOnArrays(
  {x, projection, components, mask}: Arrays<'x' | 'projection' | 'components' | 'mask'>,
  to: Arrays<'gate' | 'standardised' | 'deviation'>,
  shape: GateShape,
  {channelsFirst, guard, masked}: GateAttributes
): void {
  const {n, positions} = shape
  const project = channelsFirst ? projectedFirst : projectedLast
  for (let sample = 0; sample < n; sample++) {
    const p = project(x, projection, shape, sample)
    const counts = (at: number) => !masked || mask[sample * positions + at] !== 0
    const {mean, deviation} = statisticsOf(p, counts)
    to.deviation[sample] = deviation
    for (let at = 0; at < positions; at++) {
      const off = p[at]! - mean
      to.standardised[sample * positions + at] = off / deviation
      to.gate[sample * positions + at] = curves(off, deviation, components, guard)
    }
  }
}

// The bias and whatever all positions share cancel, so they are taken away first and cost no digits.

function projectedLast(x: Float32Array, w: Float32Array, {positions, channels}: GateShape, sample: number) {
  const first = sample * positions * channels
  return Float64Array.from({length: positions}, (_, at) => {
    let sum = 0
    for (let c = 0; c < channels; c++) sum += (x[first + at * channels + c]! - x[first + c]!) * w[c]!
    return sum
  })
}

function projectedFirst(x: Float32Array, w: Float32Array, {positions, channels}: GateShape, sample: number) {
  const sums = new Float64Array(positions)
  for (let c = 0; c < channels; c++) {
    const first = (sample * channels + c) * positions
    for (let at = 0; at < positions; at++) sums[at]! += (x[first + at]! - x[first]!) * w[c]!
  }
  return sums
}

function statisticsOf(p: Float64Array, counts: (at: number) => boolean) {
  let count = 0
  let sum = 0
  for (const [at, value] of p.entries())
    if (counts(at)) {
      count += 1
      sum += value
    }
  const many = Math.max(count, 1)
  const mean = sum / many
  let squares = 0
  for (const [at, value] of p.entries()) if (counts(at)) squares += (value - mean) ** 2
  return {mean, deviation: Math.sqrt(Math.max(squares / many, leastVariance))}
}

function curves(off: number, deviation: number, components: Float32Array, guard: number): number {
  let sum = 0
  for (let k = 0; k < components.length; k += 3) {
    const z = (off - components[k]!) / (deviation * components[k + 1]! + guard)
    sum += quickExp(-0.5 * z * z) * components[k + 2]!
  }
  return sum
}
