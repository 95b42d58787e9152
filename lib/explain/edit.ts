import type {Edits, HeadEdit} from '@/lib/models/family'
import {product} from '@/lib/models/headParameters'
import type {Explanation, HeadGaussians} from './explanation'

/** Gaussians of one head, moved and widened; what is said twice of the same Gaussians adds up. */
export interface GaussianEdit {
  readonly kind: 'gaussians'
  readonly head: number
  /** Features or components by index; null for all of the head. */
  readonly only: readonly number[] | null
  /** Added to each offset, in deviations of its own feature: how far its peak moves in z. */
  readonly shift: number
  /** What each stored spread is multiplied by. */
  readonly scale: number
}

/** A layer, a head's layers or a feature that reaches nothing behind the heads. */
export interface MaskEdit {
  readonly kind: 'mask'
  readonly of: 'layer' | 'head' | 'feature'
  readonly index: number
}

export type Edit = GaussianEdit | MaskEdit

/** What the engine is asked with: whole heads with other numbers, and masked rows and columns of the map. */
export function editsOf(explanation: Explanation, edits: readonly Edit[]): Edits {
  return {heads: headEdits(explanation, edits), masked: maskedBy(explanation, edits)}
}

/** The heads with edits in their place, for as long as the engine has not answered. */
export function editedHeads({heads}: Explanation, edits: readonly Edit[]): readonly HeadGaussians[] {
  return heads.map((head) => {
    const own = ofHead(head, edits)
    return own.length === 0 ? head : editedHead(head, own)
  })
}

/** Rows and columns of the map that edits keep from what follows, ascending. */
export function maskedBy({axes, heads}: Explanation, edits: readonly Edit[]): Edits['masked'] {
  const rows = new Set<number>()
  const cols = new Set<number>()
  for (const edit of edits) {
    if (edit.kind !== 'mask') continue
    if (edit.of === 'layer') rows.add(edit.index)
    else if (edit.of === 'feature') cols.add(edit.index)
    else {
      const [start, stop] = heads.find(({head}) => head === edit.index)?.rows ?? [0, 0]
      for (let row = start; row < stop; row++) rows.add(row)
    }
  }
  const within = (held: Set<number>, length = 0) => [...held].filter((at) => at < length).sort((a, b) => a - b)
  return {rows: within(rows, axes?.rows), cols: within(cols, axes?.cols)}
}

/**
 * What one z is in raw units for each Gaussian: offset / offset in z. An offset of zero does not say; there it is the
 * mean of the head's others, and 1 where none does.
 */
export function deviationsOf({offset, offsetZ}: HeadGaussians): Float64Array {
  const own = Float64Array.from(offset, (delta, i) => delta / (offsetZ?.[i] ?? Number.NaN))
  const known = own.filter((value) => Number.isFinite(value) && value > 0)
  const mean = known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : 1
  return own.map((value) => (Number.isFinite(value) && value > 0 ? value : mean))
}

const ofHead = ({head}: HeadGaussians, edits: readonly Edit[]): GaussianEdit[] =>
  edits.filter((edit): edit is GaussianEdit => edit.kind === 'gaussians' && edit.head === head)

function headEdits({heads, model}: Explanation, edits: readonly Edit[]): HeadEdit[] {
  return heads.flatMap((head) => {
    const own = ofHead(head, edits)
    if (own.length === 0) return []
    const {offset, spread} = numbersOf(head, own)
    return [{head: head.head, blockLayer: model.settings.blockLayer ?? 0, offset, spread}]
  })
}

function numbersOf(head: HeadGaussians, edits: readonly GaussianEdit[]): Pick<HeadGaussians, 'offset' | 'spread'> {
  const unit = deviationsOf(head)
  const shift = new Float64Array(head.offset.length)
  const scale = new Float64Array(head.spread.length).fill(1)
  for (const edit of edits)
    for (const i of edit.only ?? shift.keys()) {
      shift[i]! += edit.shift
      scale[i]! *= edit.scale
    }
  return {
    offset: head.offset.map((delta, i) => delta + shift[i]! * unit[i]!),
    spread: head.spread.map((c, i) => c * scale[i]!)
  }
}

function editedHead(head: HeadGaussians, edits: readonly GaussianEdit[]): HeadGaussians {
  const {offset, spread} = numbersOf(head, edits)
  const unit = deviationsOf(head)
  // A feature's variance is its spread; a component's is the square.
  const power = head.kind === 'feature' ? 1 : 2
  const whole = head.effective && product(offset, spread)
  return {
    ...head,
    offset,
    spread,
    variance: head.variance.map((variance, i) => variance * (spread[i]! / head.spread[i]!) ** power),
    offsetZ: head.offsetZ && offset.map((delta, i) => delta / unit[i]!),
    effective: whole && {
      offset: whole.offset,
      variance: 1 / whole.tightness,
      offsetZ: head.offsetZ && whole.offset / (unit[0] ?? 1)
    }
  }
}
