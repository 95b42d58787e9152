import {rowNameOf} from '@/lib/models/rowNames'
import type {ModelSummary} from './explanation'

type Family = ModelSummary['family']

const others: Partial<Record<Family, string>> = {
  'stacked-latent': 'regions with their questions',
  'deformable-audio': 'spectrograms'
}

/** What a family reads, as one asks for it: "drop spectrograms". */
export const neededInputs = (family: Family): string => others[family] ?? 'input features'

/** What a family's parameters are when there is nothing to run them on, in the plural; null where they are Gaussians. */
export const rowsWithoutGaussians = (family: Family): string | null => (others[family] ? `${rowNameOf(family)}s` : null)
