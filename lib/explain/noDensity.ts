import {count as numeral} from '@/lib/core/number'
import type {Explanation} from './explanation'
import {list} from './words'

/** Why a mechanism draws no density, as its detection says. */
export const noDensityReason = (missing: readonly string[]): string | null =>
  missing.find((sentence) => sentence.startsWith('no density attention')) ?? null

/**
 * Parameters of what is in the file beside those of density attention over the same layers; null when nothing is
 * compared.
 */
export function comparison(parts: NonNullable<Explanation['model']['parts']>): string | null {
  const said = (kind: 'own' | 'compared') =>
    parts.filter((part) => part.kind === kind).map(({part, parameters}) => `${numeral(parameters)} in ${part}`)
  const [own, compared] = [said('own'), said('compared')]
  return compared.length > 0
    ? `Parameters: ${list(own)}. Density attention over the same layers: ${list(compared)}.`
    : null
}
