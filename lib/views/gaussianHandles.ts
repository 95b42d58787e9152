import {fixed, signed} from '@/lib/core/number'
import type {GaussianEdit} from '@/lib/explain/edit'
import type {Explanation, HeadGaussians} from '@/lib/explain/explanation'
import type {CellWindow} from '@/lib/views/cellWindow'
import {placeText} from '@/lib/views/editWords'
import type {FigureMarks} from '@/lib/views/figure'
import {placeOf} from '@/lib/views/layout'

/** What a handle takes hold of: the peak of a curve moves its offset, a flank its spread. */
export interface GaussianHandle {
  readonly key: string
  readonly kind: 'offset' | 'spread'
  readonly moved: Pick<GaussianEdit, 'head' | 'only'>
  /** In the figure's coordinates, px. */
  readonly x: number
  readonly y: number
  /** One pixel in z. */
  readonly zPerPixel: number
  /** Where the curve peaks, and one standard deviation of it, in z. */
  readonly peak: number
  readonly deviation: number
  /** How a stored spread goes with the deviation: as its square for a feature, as itself for a component. */
  readonly power: 1 | 2
  /** For those who do not see it. */
  readonly label: string
  readonly value: number
  readonly valueText: string
}

/** Which Gaussians the handles take, as far as the reader says. */
export interface HandleChoice {
  readonly pinned: number | null
  readonly pinnedFeature: number | null
  /** Features that were brushed, first inclusive, last exclusive; null for none. */
  readonly brushed?: readonly [start: number, stop: number] | null
  /** The features that the zoomed map shows, as a set; null while it shows all. */
  readonly window: CellWindow | null
  /** Of a block. */
  readonly component: number | null
}

/** Blocks lower than this have no room for a handle, px. */
const least = 26
/** How far from its blocks' edges a handle stands, px. */
const inset = 5

/**
 * The handles of panel d: on the mean of brushed features, on the pinned feature's curve, on the mean of the features
 * that a zoomed map shows, else on each head as a whole; of a pinned layer's head alone. None while the panel shows
 * differences.
 */
export function gaussianHandles(marks: FigureMarks, explanation: Explanation, choice: HandleChoice): GaussianHandle[] {
  const {gaussians, layout} = marks
  const place = placeOf(layout, 'd')
  if (!gaussians || !place || gaussians.difference) return []
  const {panel, section} = place
  return gaussians.blocks
    .filter(({layers, height}) => (choice.pinned === null ? height >= least : layers.includes(choice.pinned)))
    .filter(({key}) => choice.pinned !== null || key.startsWith('h'))
    .flatMap((block) => {
      const head = explanation.heads.find((candidate) => candidate.head === block.head)
      const at = gaussians.placeIn(block.key)
      if (!head || !at) return []
      const only = onlyOf(head, choice)
      const curve = curveOf(head, only)
      if (!curve) return []
      const {peak, deviation} = curve
      const name = placeText(explanation, {head: head.head, only})
      const within = (z: number) => Math.max(inset, Math.min(gaussians.width - inset, at.x(z)))
      const zPerPixel = (2 * at.limit) / gaussians.width
      const low = Math.max(block.y + inset, Math.min(block.y + block.height - inset, at.y(Math.exp(-0.5))))
      const common = {moved: {head: head.head, only}, zPerPixel, peak, deviation, power: powerOf(head)} as const
      return [
        {
          ...common,
          key: `${block.key} offset`,
          kind: 'offset',
          x: panel.x + within(peak),
          y: section.top + Math.max(block.y + inset, at.y(1)),
          label: `Offset of ${lower(name)}`,
          value: peak,
          valueText: `${signed(peak, 2)} z`
        },
        {
          ...common,
          key: `${block.key} spread`,
          kind: 'spread',
          // On the flank that has more room.
          x: panel.x + within(peak + (peak > 0 ? -deviation : deviation)),
          y: section.top + low,
          label: `Spread of ${lower(name)}`,
          value: deviation,
          valueText: spreadText(head, only, deviation)
        }
      ] satisfies GaussianHandle[]
    })
}

/** What a drag by `pixels` along x, or steps of keys in z, makes of a handle's change. */
export function movedBy(
  {kind, deviation, peak, power}: Pick<GaussianHandle, 'kind' | 'deviation' | 'peak' | 'power'>,
  z: number,
  from: Pick<GaussianEdit, 'shift' | 'scale'>
): Partial<Pick<GaussianEdit, 'shift' | 'scale'>> {
  if (kind === 'offset') return {shift: from.shift + z}
  const outward = peak > 0 ? -z : z
  const now = Math.max(leastDeviation, deviation + outward)
  return {scale: from.scale * (now / deviation) ** power}
}

/** A curve as thin as this can still be taken hold of, in z. */
const leastDeviation = 0.05

function onlyOf(
  head: HeadGaussians,
  {pinned, pinnedFeature, brushed, window, component}: HandleChoice
): readonly number[] | null {
  const {length} = head.offset
  if (head.kind !== 'feature') return component === null || component >= length ? null : [component]
  if (brushed) return between(brushed, length)
  if (pinned !== null && pinnedFeature !== null && pinnedFeature < length) return [pinnedFeature]
  return window && between(window, length)
}

function between([start, stop]: CellWindow, length: number): readonly number[] {
  const first = Math.max(0, Math.floor(start))
  const last = Math.min(length, Math.ceil(stop))
  return Array.from({length: Math.max(0, last - first)}, (_, i) => first + i)
}

// Of many curves their mean; of a block as a whole the one Gaussian that its components make.
function curveOf(head: HeadGaussians, only: readonly number[] | null): {peak: number; deviation: number} | null {
  const {effective, offsetZ, variance} = head
  const whole = only === null && effective
  const chosen = [...(only ?? variance.keys())].filter((i) => variance[i]! > 0 && Number.isFinite(variance[i]!))
  const mean = (of: (i: number) => number) => chosen.reduce((sum, i) => sum + of(i), 0) / chosen.length
  const peak = whole ? (whole.offsetZ ?? 0) : mean((i) => offsetZ?.[i] ?? 0)
  const deviation = Math.sqrt(whole ? whole.variance : mean((i) => variance[i]!))
  return Number.isFinite(peak) && Number.isFinite(deviation) && deviation > 0 ? {peak, deviation} : null
}

const powerOf = ({kind}: HeadGaussians): 1 | 2 => (kind === 'feature' ? 2 : 1)

function spreadText({spread}: HeadGaussians, only: readonly number[] | null, deviation: number): string {
  const stored = only?.length === 1 ? `, c ${fixed(spread[only[0]!]!, 2)}` : ''
  return `standard deviation ${fixed(deviation, 2)} z${stored}`
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
