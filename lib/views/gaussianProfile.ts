import type {HeadGaussians} from '@/lib/explain/explanation'
import {isDrawable} from '@/lib/views/gaussianCurve'

/** What all features' curves of a head come to, z by z. */
export interface GaussianProfile {
  readonly z: Float64Array
  /** Mean over the curves; of a mixture their sum. */
  readonly mean: Float64Array
  /** 2, 25, 75 and 98 % of the curves lie below these. */
  readonly quantiles: readonly [Float64Array, Float64Array, Float64Array, Float64Array]
  /** Curves that could not be drawn: no positive spread. */
  readonly undrawable: number
}

const steps = 48
const shares = [0.02, 0.25, 0.75, 0.98] as const

/** The profile from −limit to +limit. Offsets that are unknown in z count as 0. */
export function gaussianProfile(head: HeadGaussians, limit: number): GaussianProfile {
  const known = latest.get(head)
  if (known?.limit === limit) return known.profile
  const profile = profileOf(head, limit)
  latest.set(head, {limit, profile})
  return profile
}

// 5,120 features × 49 places: too much for every step of a journey from one order to another.
const latest = new WeakMap<HeadGaussians, {limit: number; profile: GaussianProfile}>()

function profileOf({variance, offsetZ, heights}: HeadGaussians, limit: number): GaussianProfile {
  const drawn = Array.from(variance.keys()).filter((i) => isDrawable(offsetZ?.[i] ?? 0, variance[i]!))
  const z = Float64Array.from({length: steps + 1}, (_, i) => ((2 * i) / steps - 1) * limit)
  const mean = new Float64Array(z.length)
  const quantiles = [0, 1, 2, 3].map(() => new Float64Array(z.length))
  const values = new Float64Array(drawn.length)
  z.forEach((at, i) => {
    drawn.forEach((feature, k) => {
      const height = heights?.[feature] ?? 1
      values[k] = height * Math.exp(-((at - (offsetZ?.[feature] ?? 0)) ** 2) / (2 * variance[feature]!))
    })
    const total = values.reduce((sum, value) => sum + value, 0)
    // Curves that are added have their sum in place of a mean.
    mean[i] = heights ? total : total / values.length
    quantilesOf(values, shares).forEach((value, k) => {
      quantiles[k]![i] = value
    })
  })
  const [q2, q25, q75, q98] = quantiles
  return {z, mean, quantiles: [q2!, q25!, q75!, q98!], undrawable: variance.length - drawn.length}
}

const levels = 8192
const counts = new Uint32Array(levels)

// Quantiles of values in 0..1 by counting: exact to 1/8192, far below a pixel, and many times faster than sorting.
function quantilesOf(values: Float64Array, wanted: readonly number[]): number[] {
  counts.fill(0)
  for (const value of values) counts[Math.min(levels - 1, Math.floor(value * levels))]! += 1
  let level = 0
  let below = 0
  return wanted.map((share) => {
    const rank = share * (values.length - 1)
    while (level < levels - 1 && below + counts[level]! <= rank) below += counts[level++]!
    return (level + (rank - below + 0.5) / Math.max(1, counts[level]!)) / levels
  })
}
