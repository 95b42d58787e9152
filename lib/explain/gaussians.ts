import {mean} from '@/lib/core/statistics'
import type {HeadParameters, MapAxes} from '@/lib/models/family'
import {reachOf} from './accumulate'
import type {HeadGaussians} from './explanation'

/**
 * The learned Gaussians of the heads, with their offsets also in z where `deviation` (heads, cols) says what one
 * deviation of the inputs is: per feature, or for a block's components over all columns.
 */
export function headGaussians(
  heads: readonly HeadParameters[],
  axes: MapAxes | null,
  deviation: Float64Array | null
): HeadGaussians[] {
  return heads.map((head, index): HeadGaussians => {
    const rows = axes?.headRows[index] ?? null
    const own = axes && deviation?.subarray(index * axes.cols, (index + 1) * axes.cols)
    const unit = own && own.length > 0 && own.every(Number.isFinite) ? own : null
    return {
      head: head.head,
      rows,
      kind: head.kind,
      offset: head.offset,
      spread: head.spread,
      variance: head.variance,
      offsetZ: unit && offsetInZ(head, unit),
      effective: head.effective && {
        ...head.effective,
        offsetZ: unit && head.effective.offset / mean(unit)
      },
      reach: rows && reachIn(head, rows[1] - rows[0]),
      initialVariance: initialVariance(head),
      ...(head.mixture ? {heights: head.mixture.heights, initialHeight: head.mixture.initial.height} : {})
    }
  })
}

function offsetInZ({kind, offset}: HeadParameters, deviation: Float64Array): Float32Array {
  if (kind !== 'feature') return offset.map((delta) => delta / mean(deviation))
  return offset.map((delta, feature) => delta / deviation[feature]!)
}

// A block divides by the unbiased variance (Gaussian-Adaptive-Attention, GaussianBlock), which keeps |z| a little
// further in.
const reachIn = ({kind, mixture}: HeadParameters, chunk: number): number =>
  kind === 'feature' || mixture?.biased
    ? reachOf(chunk)
    : reachOf(chunk) * Math.sqrt(Math.max(0, chunk - 1) / Math.max(1, chunk))

// A layer-density head starts at c = 2, which is its variance. Each of a block's K components starts at c = exp(N(0,
// 1)), of median 1; the product of K Gaussians of variance 1 has variance 1 / K.
const initialVariance = ({kind, spread, mixture}: HeadParameters): number =>
  mixture?.initial.variance ?? (kind === 'feature' ? 2 : 1 / spread.length)
