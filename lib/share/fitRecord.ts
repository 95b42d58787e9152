import {FormatError} from '@/lib/core/errors'
import type {Explanation} from '@/lib/explain/explanation'
import type {Precision} from './numbers'
import type {Part} from './partNames'
import {type Beside, encodeRecord, leftOut, type Plan, wholePlan} from './record'

export interface Shareable extends Partial<Beside> {
  readonly explanation: Explanation
  /** Parts that shall not go along, whatever room there is. */
  readonly without?: readonly Part[]
}

export interface Fitted {
  readonly bytes: Uint8Array
  /** What had to be left out for want of room, beside what was not wanted. */
  readonly dropped: readonly Part[]
  readonly plan: Plan
}

const rounded = (precision: Precision): Plan => ({
  gaussians: precision,
  density: precision,
  nullDensity: precision,
  densityVariance: precision,
  classDensity: precision,
  signal: precision,
  samples: precision,
  pictures: 'u8',
  lists: 'f32'
})

/*
 * From everything to the least that is still an explanation, each a little shorter than the one before: the ranking and
 * the view always go, the Gaussians go before any map, and digits are given up before parts are.
 */
const plans: readonly Plan[] = [
  wholePlan,
  rounded('u16'),
  rounded('u8'),
  without(rounded('u8'), ['densityVariance', 'classDensity']),
  without(rounded('u8'), ['densityVariance', 'classDensity', 'pictures']),
  without(rounded('u8'), ['densityVariance', 'classDensity', 'pictures', 'samples']),
  without(rounded('u8'), ['densityVariance', 'classDensity', 'pictures', 'samples', 'signal', 'lists']),
  {gaussians: 'u8', density: 'u8'},
  {gaussians: 'u16'},
  {gaussians: 'u8'},
  {}
]

/**
 * The fullest record of at most `most` bytes. Throws FormatError when not even the ranking and the view fit.
 */
export async function fitRecord(shareable: Shareable, most: number): Promise<Fitted> {
  const {explanation, without: unwanted = [], ...beside} = shareable
  let shortest = Number.POSITIVE_INFINITY
  for (const full of plans) {
    const plan = without(full, unwanted)
    if (leastBytes(explanation, plan) > most) continue
    const bytes = await encodeRecord({explanation, plan, ...beside})
    shortest = Math.min(shortest, bytes.length)
    const dropped = leftOut(explanation, plan, beside.pictures).filter((part) => !unwanted.includes(part))
    if (bytes.length <= most) return {bytes, plan, dropped}
  }
  throw new FormatError(
    `share: the ranking${beside.notes?.length ? ' and the notes take' : ' alone takes'} ${shortest} bytes; needed at most ${most}: store it instead`,
    {
      title: 'Too large for a link'
    }
  )
}

function without(plan: Plan, parts: readonly Part[]): Plan {
  return Object.fromEntries(Object.entries(plan).filter(([part]) => !parts.includes(part as Part)))
}

const width: Record<Precision, number> = {f32: 4, u16: 2, u8: 1}
/** Maps that hold something rarely pack better than this. */
const likelyPacking = 20

/** What the maps of a plan take at the very least: spares packing megabytes to learn that they fit in no link. */
function leastBytes({density}: Explanation, plan: Plan): number {
  const cells = density?.values.length ?? 0
  const maps = [plan.density, plan.nullDensity].map((precision) => (precision ? cells * width[precision] : 0))
  return maps.reduce((total, bytes) => total + bytes, 0) / likelyPacking
}
