import {fixed, plural, signed} from '@/lib/core/number'
import {mean} from '@/lib/core/statistics'
import type {HeadGaussians} from '@/lib/explain/explanation'
import type {Caption} from '@/lib/views/caption'
import type {HeadBlock} from '@/lib/views/frame'
import type {CurvePlace} from '@/lib/views/gaussianCurve'
import {gaussianProfile} from '@/lib/views/gaussianProfile'
import {largest} from '@/lib/views/largest'
import {textWidth} from '@/lib/views/rowText'

/** What the numbers under a head's curves are: how far its spreads and offsets reach. */
export function gaussianNotes(head: HeadGaussians, block: HeadBlock, {x}: CurvePlace): Caption[] {
  const lines = head.kind === 'component' ? componentLines(head) : featureLines(head)
  const step = block.height / Math.max(1, block.rows.length) > 34 ? 14 : 12.5
  const bottom = block.y + block.height - 5
  // At three tenths of its height a Gaussian is 1.55 standard deviations wide either way.
  const variance = head.effective?.variance ?? (meanOf(head.variance) || 0)
  const room = x(1.55 * Math.sqrt(Math.max(0, variance))) - x(0)
  const under = lines.every((line) => textWidth(line, 11.5) / 2 <= room)
  return lines.map((text, i) =>
    under
      ? {x: x(0), y: bottom - (lines.length - 1 - i) * step, text, anchor: 'middle'}
      : {x: 3, y: block.y + 11 + i * step, text, anchor: 'start'}
  )
}

function featureLines({spread, offset, offsetZ}: HeadGaussians): string[] {
  const spreads = `spread ${rangeText(spread, (v) => fixed(v, 2))}`
  if (offsetZ === null) return [spreads, 'offset in raw units', rangeText(offset, (v) => signed(v, digitsOf(offset)))]
  return [spreads, `offset ${rangeText(offsetZ, (v) => signed(v, digitsOf(offsetZ)))}`]
}

function componentLines({variance, effective}: HeadGaussians): string[] {
  if (!effective) return [`${variance.length} components`]
  const offset = effective.offsetZ ?? effective.offset
  return [
    `spread ${fixed(Math.sqrt(effective.variance), 2)}`,
    `offset ${signed(offset, digitsOf([offset]))}${effective.offsetZ === null ? ', raw' : ''}`
  ]
}

const digitsOf = (offsets: ArrayLike<number>): number => (largest(Array.from(offsets, Math.abs), 0) >= 0.1 ? 1 : 2)

// What is not a number has no part in it.
const meanOf = (values: Float32Array): number => mean(values.filter((value) => !Number.isNaN(value)))

function rangeText(values: Float32Array, write: (value: number) => string): string {
  const finite = Array.from(values).filter(Number.isFinite)
  if (finite.length === 0) return 'not finite'
  const [low, high] = [Math.min(...finite), Math.max(...finite)].map(write)
  return low === high ? `${low}` : `${low} to ${high}`
}

/** What must be said beside the picture, or null: in sentences, and in a few words. `limit` is the z of the curves. */
export function gaussianRemark(
  heads: readonly HeadGaussians[],
  limit: number
): {readonly full: string; readonly short: string} | null {
  const added = largest(
    heads.map((h) => (h.kind === 'mixture' ? h.variance.length : 0)),
    0
  )
  const components = largest(
    heads.map((h) => (h.kind === 'component' ? h.variance.length : 0)),
    0
  )
  const broken = heads.reduce((total, head) => total + gaussianProfile(head, limit).undrawable, 0)
  const remarks = [
    components > 1 && {
      full: `The ${components} components of a head cannot be identified: only their product acts, the thick curve.`,
      short: 'thin: not identifiable'
    },
    added > 1 && {
      full: `The ${added} curves of a head are added, each with its own height: the thick curve is their sum.`,
      short: 'thick: their sum'
    },
    broken > 0 && {
      full: `${plural(broken, 'curve')} without a positive spread cannot be drawn.`,
      short: `${plural(broken, 'curve')} not drawn`
    }
  ].filter((remark) => remark !== false)
  const [first] = remarks
  return first ? {full: remarks.map(({full}) => full).join(' '), short: first.short} : null
}

/** The panel in one sentence. */
export function gaussianLabel(heads: readonly HeadGaussians[]): string {
  if (heads.length === 0) return 'No Gaussians yet.'
  const spreads = heads.map(({head, spread}) => `head ${head + 1} ${fixed(meanOf(spread), 2)}`)
  return `Learned Gaussians; mean spread of ${spreads.join(', ')}.`
}
