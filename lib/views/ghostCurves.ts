import type {Explanation, HeadGaussians} from '@/lib/explain/explanation'
import type {FigureMarks} from '@/lib/views/figure'
import {type CurvePlace, curvePath, gaussianCurve, isDrawable} from '@/lib/views/gaussianCurve'
import type {GaussianHandle} from '@/lib/views/gaussianHandles'
import {gaussianProfile} from '@/lib/views/gaussianProfile'
import {monotone, smoothLine} from '@/lib/views/smooth'

/** What handles stand on, as it is now and as the checkpoint has it, in one block of panel d. Paths are SVG data. */
export interface GhostCurve {
  readonly block: string
  readonly head: number
  /** The mean of a set of features, which no other curve shows; null where one does. */
  readonly now: string | null
  /** Null while nothing of it is edited. */
  readonly ghost: string | null
}

/** The curves beside handles: of a set its mean, and of all that is edited what it was before. */
export function ghostCurves(
  marks: FigureMarks,
  handles: readonly GaussianHandle[],
  {heads}: Explanation,
  original: Explanation | null
): GhostCurve[] {
  return handles
    .filter(({kind}) => kind === 'offset')
    .flatMap(({key, moved: {head, only}}) => {
      const block = key.split(' ')[0]!
      const place = marks.gaussians?.placeIn(block)
      const now = heads.find((one) => one.head === head)
      const was = original?.heads.find((one) => one.head === head)
      if (!place || !now) return []
      const edited = was !== undefined && differ(now, was, only)
      const own = only !== null && only.length > 1 ? curveOf(now, only, place) : null
      return own || edited ? [{block, head, now: own, ghost: edited ? curveOf(was, only, place) : null}] : []
    })
}

function differ(now: HeadGaussians, was: HeadGaussians, only: readonly number[] | null): boolean {
  const some = only ?? [...now.variance.keys()]
  return some.some((i) => now.variance[i] !== was.variance[i] || now.offset[i] !== was.offset[i])
}

// Of many features their mean, of a block as a whole the one Gaussian that its components make.
function curveOf(head: HeadGaussians, only: readonly number[] | null, place: CurvePlace): string | null {
  const {effective, offsetZ, variance} = head
  const one =
    only === null && effective
      ? {peak: effective.offsetZ ?? 0, variance: effective.variance}
      : only?.length === 1
        ? {peak: offsetZ?.[only[0]!] ?? 0, variance: variance[only[0]!] ?? Number.NaN}
        : null
  if (one) return isDrawable(one.peak, one.variance) ? curvePath(gaussianCurve(one.peak, one.variance), place) : null
  const {z, mean} = gaussianProfile(only === null ? head : partOf(head, only), place.limit)
  if (!Number.isFinite(mean[0])) return null
  return smoothLine(
    Array.from(z, (at, i) => [place.x(at), place.y(mean[i]!)] as const),
    monotone
  )
}

function partOf(head: HeadGaussians, only: readonly number[]): HeadGaussians {
  const part = (values: Float32Array) => Float32Array.from(only, (i) => values[i]!)
  return {...head, variance: part(head.variance), offsetZ: head.offsetZ && part(head.offsetZ)}
}
